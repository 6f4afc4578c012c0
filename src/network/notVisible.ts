import { compareText, idKey, nameOf } from '../resources/id.ts'
import { groupBy, pushTo } from '../resources/group.ts'
import { count, diagnose, type Finding, firstFive, type Judging } from './judging.ts'
import type { ResolvedTarget } from '../estate/resolved.ts'
import { findUnserved } from './neighbours.ts'

/** `network-not-visible`: one notice for each part of the network that is not visible and was therefore not judged. */
export function findInvisible(judging: Judging): readonly Finding[] {
  return [
    ...findHiddenEndpoints(judging),
    ...findOwnDns(judging),
    ...findNeighboursWithOwnDns(judging),
    ...findWithoutInterface(judging),
    ...findHiddenZones(judging),
    ...findHiddenNetworks(judging),
    ...judging.network.unseen.map((unseen) =>
      notice(judging, unseen.resource, `${unseen.what} can't be read: ${unseen.why}`, readerRemedy),
    ),
  ]
}

const readerRemedy =
  'Give the identity the Reader role there to have it checked. Until then it counts neither as good nor as bad.'

function notice(
  judging: Judging,
  resource: string | undefined,
  message: string,
  remedy: string,
  targets: Finding['targets'] = 'all',
): Finding {
  return {
    targets,
    diagnostic: diagnose(judging, {
      code: 'network-not-visible',
      severity: 'notice',
      message,
      remedy,
      ...(resource === undefined ? {} : { resource }),
    }),
  }
}

function findHiddenEndpoints(judging: Judging): readonly Finding[] {
  return judging.network.endpoints.flatMap((endpoint): readonly Finding[] => {
    const { id, connection, zoneGroups, subnetReading } = endpoint
    const name = nameOf(id ?? connection)
    if (zoneGroups.state !== 'found') {
      const why = zoneGroups.state === 'missing' ? 'Azure does not find it.' : zoneGroups.why
      return [
        notice(
          judging,
          id ?? connection,
          `Private endpoint ${name} of the scope, its zones and its subnet can't be read: ${why}`,
          readerRemedy,
        ),
      ]
    }
    if (subnetReading === undefined || subnetReading.state === 'found') {
      return subnetReading?.state === 'found' && subnetReading.value.size === undefined
        ? [
            notice(
              judging,
              subnetReading.value.id,
              `The number of free addresses in subnet ${nameOf(subnetReading.value.id)} of private endpoint ${name} is unknown: the subnet has no IPv4 prefix.`,
              'Check the subnet in the portal before you add many links.',
            ),
          ]
        : []
    }
    const why = subnetReading.state === 'missing' ? 'Azure does not find it.' : subnetReading.why
    return [
      notice(
        judging,
        id ?? connection,
        `The subnet of private endpoint ${name} can't be read: ${why}`,
        readerRemedy,
      ),
    ]
  })
}

/** The networks with targets, sorted by key. */
function networksWithTargets({
  network,
  targets,
}: Judging): readonly { readonly key: string; readonly inside: readonly ResolvedTarget[] }[] {
  const byNetwork = new Map<string, ResolvedTarget[]>()
  for (const target of targets) {
    for (const key of network.places.get(target.key)?.virtualNetworks ?? []) {
      pushTo(byNetwork, key, target)
    }
  }
  return [...byNetwork]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([key, inside]) => ({ key, inside }))
}

/** Networks with custom DNS servers, and targets whose interfaces have custom DNS servers. */
function findOwnDns(judging: Judging): readonly Finding[] {
  const { network, targets } = judging
  const unserved = groupBy(
    findUnserved(judging).filter(({ asksOwnDns }) => asksOwnDns === 'network'),
    ({ virtualNetwork }) => idKey(virtualNetwork),
  )
  const networks = networksWithTargets(judging).flatMap(({ key, inside }): readonly Finding[] => {
    const reading = network.virtualNetworks.get(key)
    if (reading?.state !== 'found' || reading.value.dns !== 'own') return []
    const ids = inside.map(({ target }) => target.id)
    const others = (unserved.get(key) ?? []).map(({ id }) => id)
    const alsoUnknown =
      others.length === 0
        ? ''
        : ` Nor is it visible whether PrivateOnly would cut off ${count(others.length, 'machine')} that ${others.length === 1 ? 'is' : 'are'} not in the file (${firstFive(others)}).`
    return [
      notice(
        judging,
        reading.value.id,
        `Virtual network ${nameOf(reading.value.id)} uses custom DNS servers: how names resolve for ${count(ids.length, 'target')} there (${firstFive(ids)}) is not visible from outside.${alsoUnknown}`,
        'Make sure that these servers forward monitor.azure.com, opinsights.azure.com, agentsvc.azure-automation.net and blob.core.windows.net to 168.63.129.16 from a network that is linked to the zones. Verify with check-network from inside.',
        keysOf(inside),
      ),
    ]
  })
  const alone = targets.filter(({ key }) => network.places.get(key)?.ownDns === true)
  if (alone.length === 0) return networks
  const ids = alone.map(({ target }) => target.id)
  return [
    ...networks,
    notice(
      judging,
      ids[0],
      `${count(ids.length, 'target')} (${firstFive(ids)}) ${ids.length === 1 ? 'uses' : 'use'} DNS servers that are set on the network interface: how names resolve there is not visible from outside.`,
      'Make sure that these servers answer like the zones of the scope. Verify with check-network from inside.',
      keysOf(alone),
    ),
  ]
}

/** Possible neighbours with custom DNS servers, whose resolution is not visible. */
function findNeighboursWithOwnDns(judging: Judging): readonly Finding[] {
  const hidden = findUnserved(judging).filter(({ asksOwnDns }) => asksOwnDns !== undefined)
  const groups = groupBy(hidden, ({ asksOwnDns, virtualNetwork }) =>
    asksOwnDns === 'network' ? idKey(virtualNetwork) : '',
  )
  const reported = new Set(networksWithTargets(judging).map(({ key }) => key))
  return [...groups].flatMap(([key, group]): readonly Finding[] => {
    // `findOwnDns` reports the networks with targets.
    if (reported.has(key)) return []
    const [first] = group
    const ids = [...new Set(group.map(({ id }) => id))]
    const who = `${count(ids.length, 'machine')} that ${ids.length === 1 ? 'is' : 'are'} not in the file (${firstFive(ids)})`
    const isNetwork = key !== ''
    return [
      notice(
        judging,
        isNetwork ? first?.virtualNetwork : first?.id,
        isNetwork
          ? `Virtual network ${nameOf(first?.virtualNetwork ?? '')} uses custom DNS servers: whether ${who} resolve${ids.length === 1 ? 's' : ''} through the zones of this scope is not visible from outside.`
          : `${who} ${ids.length === 1 ? 'uses' : 'use'} DNS servers that are set on the network interface: whether they resolve through the zones of this scope is not visible from outside.`,
        'If these servers forward to a network that is linked to the zones, PrivateOnly cuts these machines off. Add them to the file, or verify with check-network from inside.',
        new Set(),
      ),
    ]
  })
}

function findWithoutInterface(judging: Judging): readonly Finding[] {
  const { network, targets } = judging
  if (network.endpoints.length === 0) return []
  const lost = targets.filter(
    ({ key }) => (network.places.get(key)?.virtualNetworks.length ?? 0) === 0,
  )
  const isOutside = ({ target }: ResolvedTarget): boolean =>
    /^microsoft\.(?:hybridcompute|kubernetes)\//.test(target.type)
  return [
    { group: lost.filter(isOutside), where: 'outside Azure, or connected by Azure Arc' },
    {
      group: lost.filter((target) => !isOutside(target)),
      where: 'without a visible network interface',
    },
  ].flatMap(({ group, where }): readonly Finding[] => {
    if (group.length === 0) return []
    const ids = group.map(({ target }) => target.id)
    return [
      notice(
        judging,
        ids[0],
        `${count(ids.length, 'target')} (${firstFive(ids)}) ${ids.length === 1 ? 'is' : 'are'} ${where}: how names resolve there is not visible from here.`,
        'Verify on a machine in that network that the names resolve to the private endpoint.',
        keysOf(group),
      ),
    ]
  })
}

function findHiddenZones(judging: Judging): readonly Finding[] {
  const hidden = [...judging.network.zones].flatMap(([key, reading]) =>
    reading.state === 'unreadable' ? [{ id: key, why: reading.why }] : [],
  )
  return [...groupBy(hidden, ({ id }) => subscriptionOf(id))].map(([subscription, zones]) =>
    notice(
      judging,
      subscription,
      `${count(zones.length, 'private DNS zone')} of the private endpoint (${firstFive(zones.map(({ id }) => id))}) in subscription ${nameOf(subscription)} can't be read, nor which networks are linked: ${zones[0]?.why ?? ''}`,
      readerRemedy,
    ),
  )
}

/** Unreadable networks with targets or with links to the zones, by subscription. */
function findHiddenNetworks(judging: Judging): readonly Finding[] {
  const hidden = [...judging.network.virtualNetworks].flatMap(([key, reading]) =>
    reading.state === 'found' ? [] : [key],
  )
  return [...groupBy(hidden, subscriptionOf)].map(([subscription, keys]) => {
    const inside = judging.targets.filter(({ key }) =>
      judging.network.places.get(key)?.virtualNetworks.some((id) => keys.includes(id)),
    )
    return notice(
      judging,
      subscription,
      `${count(keys.length, 'virtual network')} (${firstFive(keys)}) of subscription ${nameOf(subscription)} can't be read, nor which other machines are there: Resource Graph doesn't show ${keys.length === 1 ? 'it' : 'them'} to this identity.`,
      readerRemedy,
      inside.length === 0 ? new Set() : keysOf(inside),
    )
  })
}

function subscriptionOf(id: string): string {
  return idKey(id).split('/').slice(0, 3).join('/')
}

function keysOf(targets: readonly ResolvedTarget[]): ReadonlySet<string> {
  return new Set(targets.map(({ key }) => key))
}
