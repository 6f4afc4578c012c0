import type { Estate, Rule } from '../estate/estate.ts'
import { compareText, idKey } from '../resources/id.ts'

/** The resources that use a scope, as sorted ids, as far as the estate knows them. */
export interface Carriers {
  /**
   * Associated with an endpoint that the scope links, or sending through a linked endpoint that is
   * not a workspace's automatic one.
   */
  readonly targets: readonly string[]
  /** Resources that only send to a workspace that the scope links. */
  readonly onlySend: readonly string[]
}

/**
 * Finds the resources that use the scope (contract section 11), whether or not the file can name
 * them.
 */
export function carriersOf(estate: Estate): Carriers {
  const linked = new Set(estate.links.map((link) => idKey(link.linkedResourceId)))
  const automatic = automaticEndpoints(estate)
  const targets = new Set<string>()
  const onlySend = new Set<string>()
  for (const key of new Set([...estate.ruleAssociations.keys(), ...estate.associations.keys()])) {
    const { endpointId } = estate.associations.get(key) ?? {}
    const ways = rulesOf(estate, key).map((rule) => wayOf(rule, linked, automatic))
    const isAssociated = endpointId !== undefined && linked.has(idKey(endpointId))
    if (isAssociated || ways.includes('endpoint')) targets.add(key)
    else if (ways.includes('workspace')) onlySend.add(key)
  }
  const inOrder = (keys: ReadonlySet<string>) =>
    [...keys].toSorted(compareText).map((key) => estate.associations.get(key)?.target ?? key)
  return { targets: inOrder(targets), onlySend: inOrder(onlySend) }
}

/** Keys of the automatic endpoints of all known Azure Monitor workspaces. */
function automaticEndpoints(estate: Estate): ReadonlySet<string> {
  return new Set(
    [...estate.monitorWorkspaces.values()].flatMap((reading) =>
      reading.state === 'found' && reading.value.endpointId !== undefined
        ? [idKey(reading.value.endpointId)]
        : [],
    ),
  )
}

/** How a rule sends: through a linked endpoint, only to a linked workspace, or past the scope. */
function wayOf(
  rule: Rule,
  linked: ReadonlySet<string>,
  automatic: ReadonlySet<string>,
): 'endpoint' | 'workspace' | 'elsewhere' {
  const through = rule.endpointId === undefined ? undefined : idKey(rule.endpointId)
  const isThroughLinked = through !== undefined && linked.has(through)
  if (isThroughLinked && !automatic.has(through)) return 'endpoint'
  const isToLinked = rule.logDestinations.some((id) => linked.has(idKey(id)))
  return isThroughLinked || isToLinked ? 'workspace' : 'elsewhere'
}

/**
 * Keys of all rules of a resource, including one that its configuration association wrongly holds.
 */
export function ruleKeysOf(estate: Estate, key: string): readonly string[] {
  const held = estate.associations.get(key)?.ruleId
  const keys = estate.ruleAssociations.get(key) ?? []
  return held === undefined ? keys : [...new Set([...keys, idKey(held)])].toSorted(compareText)
}

function rulesOf(estate: Estate, key: string): readonly Rule[] {
  return ruleKeysOf(estate, key).flatMap((rule) => {
    const reading = estate.rules.get(rule)
    return reading?.state === 'found' ? [reading.value] : []
  })
}
