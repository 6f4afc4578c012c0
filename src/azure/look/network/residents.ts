import type { Endpoint, Rule } from '../../../estate/estate.ts'
import type { Place, Resident, Unseen } from '../../../network/network.ts'
import { compareText, idKey, nameOf, normalLocation } from '../../../resources/id.ts'
import type { Topology } from '../../../topology/topology.ts'
import type { Arm } from '../../arm.ts'
import { queryAgents } from '../look.ts'
import { emptyEstate, type OpenEstate, storeResource, storeAssociation } from '../openEstate.ts'
import { agentsQuery, associationsQuery, subscriptionsOf } from '../queries.ts'
import { queryAssociations, queryEach } from '../resourceGraph.ts'
import { associationFromRow, resourceFromRow } from '../rows.ts'
import { usedByNeighboursQuery } from './networkQueries.ts'
import { addonsOf, type FoundPlaces, residentTarget } from './places.ts'
import { readOptional } from './seen.ts'

/** Which resources count as neighbours: those in one of these networks that are not targets. */
export interface ResidentsWanted {
  readonly seen: FoundPlaces
  readonly places: ReadonlyMap<string, Place>
  /** Keys of networks that a zone of the scope is linked to. */
  readonly networks: ReadonlySet<string>
  /** Keys of targets, which are not neighbours. */
  readonly targets: ReadonlySet<string>
}

/**
 * Reads what shows whether the neighbours are served: agents, associations, rules. Uses what the
 * plan has read already, and queries Resource Graph for the rest, by subscription and for all
 * neighbours at once.
 */
export async function readResidents(
  arm: Arm,
  topology: Topology,
  estate: OpenEstate,
  wanted: ResidentsWanted,
  unseen: Unseen[],
): Promise<readonly Resident[]> {
  const near = [...wanted.seen.residents]
    .filter(([key]) => !wanted.targets.has(key) && isInside(wanted, key))
    .toSorted(([a], [b]) => compareText(a, b))
  const machines = near.filter(([, { row }]) => row === undefined).map(([key]) => key)
  const scope = topology.privateLinkScope.id.text
  const agents = await readOptional(
    unseen,
    { resource: scope, what: 'Agents of other machines' },
    () => findAgents(arm, estate, machines),
    new Set<string>(),
  )
  const monitored = near.filter(([key, { row }]) => isMonitored(key, row, agents))
  const aside = emptyEstate(topology)
  await readOptional(
    unseen,
    { resource: scope, what: 'Associations of other machines' },
    () =>
      findUsed(
        arm,
        topology,
        estate,
        aside,
        monitored.map(([key]) => key),
      ),
    undefined,
  )
  noteHiddenRules(estate, aside, monitored, unseen)
  return monitored.map(([key, { id, row, location }]): Resident => {
    const association = estate.associations.get(key) ?? aside.associations.get(key)
    const configured = association?.endpointId
    const endpoint = configured === undefined ? undefined : endpointOf(estate, aside, configured)
    return {
      id,
      location: normalLocation(location),
      isMonitored: true,
      sendsTo: row === undefined ? [] : (addonsOf(row) ?? []),
      ...(association === undefined ? {} : { association }),
      ...(endpoint === undefined ? {} : { endpoint }),
      rules: rulesOf(estate, aside, key).flatMap((rule) => ruleOf(estate, aside, rule) ?? []),
    }
  })
}

/**
 * Notes neighbours with rules that Resource Graph does not show: what these neighbours lack is not
 * fully known.
 */
function noteHiddenRules(
  estate: OpenEstate,
  aside: OpenEstate,
  monitored: readonly (readonly [string, { readonly id: string }])[],
  unseen: Unseen[],
): void {
  const hidden = monitored.filter(([key]) =>
    rulesOf(estate, aside, key).some((rule) => ruleOf(estate, aside, rule) === undefined),
  )
  const [first] = hidden
  if (first === undefined) return
  const who = hidden
    .slice(0, 5)
    .map(([, { id }]) => nameOf(id))
    .join(', ')
  unseen.push({
    resource: first[1].id,
    what: `What ${hidden.length === 1 ? '1 other machine' : `${hidden.length} other machines`} (${who}${hidden.length > 5 ? ' …' : ''}) send${hidden.length === 1 ? 's' : ''}`,
    why: 'Resource Graph does not show their rules to this identity.',
  })
}

function rulesOf(estate: OpenEstate, aside: OpenEstate, key: string): readonly string[] {
  return estate.ruleAssociations.get(key) ?? aside.ruleAssociations.get(key) ?? []
}

function isInside({ places, networks }: ResidentsWanted, key: string): boolean {
  return places.get(key)?.virtualNetworks.some((network) => networks.has(network)) ?? false
}

function isMonitored(key: string, row: unknown, agents: ReadonlySet<string>): boolean {
  if (row === undefined) return agents.has(key)
  return addonsOf(row) !== undefined || residentTarget(row).hasAgent === true
}

async function findAgents(
  arm: Arm,
  { agents }: OpenEstate,
  machines: readonly string[],
): Promise<ReadonlySet<string>> {
  const rest = subscriptionsOfKeys(machines).filter((one) => !agents.subscriptions.has(one))
  if (rest.length === 0) return agents.keys
  return new Set([...agents.keys, ...(await queryAgents(arm, agentsQuery(rest)))])
}

/**
 * Finds associations in subscriptions outside the file, and the rules and endpoints that they refer
 * to.
 */
async function findUsed(
  arm: Arm,
  topology: Topology,
  estate: OpenEstate,
  aside: OpenEstate,
  keys: readonly string[],
): Promise<void> {
  const known = new Set(subscriptionsOf(topology))
  const rest = subscriptionsOfKeys(keys).filter((one) => !known.has(one))
  if (rest.length > 0) {
    await queryAssociations(
      arm,
      (table) => associationsQuery(rest, table),
      { what: 'find associations of other machines with Resource Graph' },
      (row) => storeAssociation(aside, associationFromRow(row)),
    )
  }
  const used = keys.flatMap((key) => [
    (estate.associations.get(key) ?? aside.associations.get(key))?.endpointId,
    ...rulesOf(estate, aside, key),
  ])
  const unknown = new Set(
    used.flatMap((id) => {
      if (id === undefined) return []
      const key = idKey(id)
      return estate.endpoints.has(key) || estate.rules.has(key) ? [] : [key]
    }),
  )
  if (unknown.size === 0) return
  await queryEach(
    arm,
    usedByNeighboursQuery([...unknown]),
    { what: 'find rules and endpoints of other machines with Resource Graph' },
    (row) => storeResource(aside, resourceFromRow(row)),
  )
}

function subscriptionsOfKeys(keys: readonly string[]): readonly string[] {
  return [...new Set(keys.map((key) => key.split('/')[2] ?? ''))].toSorted(compareText)
}

function endpointOf(estate: OpenEstate, aside: OpenEstate, id: string): Endpoint | undefined {
  const reading = estate.endpoints.get(idKey(id)) ?? aside.endpoints.get(idKey(id))
  return reading?.state === 'found' ? reading.value : undefined
}

function ruleOf(estate: OpenEstate, aside: OpenEstate, id: string): Rule | undefined {
  const reading = estate.rules.get(idKey(id)) ?? aside.rules.get(idKey(id))
  return reading?.state === 'found' ? reading.value : undefined
}
