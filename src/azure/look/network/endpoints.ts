import type { PrivateEndpoint, Reading } from '../../../estate/estate.ts'
import type { OtherEndpoint, ScopeEndpoint, Subnet, Unseen } from '../../../network/network.ts'
import { idKey, nameOf } from '../../../resources/id.ts'
import type { Arm } from '../../arm.ts'
import { notReadable, readingOf } from './seen.ts'
import { parseSubnet } from './parseNetwork.ts'
import { networkApiVersion, readZoneGroups } from './zones.ts'

export async function readEndpointNetwork(
  arm: Arm,
  endpoint: PrivateEndpoint,
): Promise<ScopeEndpoint> {
  const { id, hidden, subnet, ownAddresses = [] } = endpoint
  if (id === undefined || hidden !== undefined) {
    const why = hidden ?? 'The connection names no private endpoint.'
    return { ...endpoint, zoneGroups: { state: 'unreadable', why }, addresses: [] }
  }
  const [zoneGroups, subnetReading] = await Promise.all([
    readZoneGroups(arm, id),
    subnet === undefined ? undefined : readSubnet(arm, subnet),
  ])
  return {
    ...endpoint,
    zoneGroups,
    addresses: ownAddresses,
    ...(subnetReading === undefined ? {} : { subnetReading }),
  }
}

export async function readSubnet(arm: Arm, id: string): Promise<Reading<Subnet>> {
  const answer = await arm.send({
    method: 'GET',
    path: id,
    apiVersion: networkApiVersion,
    accept: notReadable,
    what: `read the subnet ${nameOf(id)}`,
  })
  return readingOf(answer, (raw) => parseSubnet(raw, id))
}

/** The most private endpoints of other scopes whose zones are read; a tenant may have many. */
export const maxOthers = 10

export async function readOthers(
  arm: Arm,
  others: readonly Omit<OtherEndpoint, 'zones'>[],
  unseen: Unseen[],
): Promise<readonly OtherEndpoint[]> {
  const [first] = others.slice(maxOthers)
  if (first !== undefined) {
    const what = `The zones of ${others.length - maxOthers} private endpoints of other scopes`
    unseen.push({ resource: first.id, what, why: 'there are more of them than this action reads.' })
  }
  return await Promise.all(
    others.slice(0, maxOthers).map(async (other) => {
      const groups = await readZoneGroups(arm, other.id)
      const zones = groups.state === 'found' ? groups.value.flatMap((group) => group.zones) : []
      return { ...other, zones: [...new Set(zones.map(({ zoneId }) => idKey(zoneId)))] }
    }),
  )
}
