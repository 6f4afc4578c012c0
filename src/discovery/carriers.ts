import type { Estate, Rule } from '../estate/estate.ts'
import { compareText, idKey } from '../resources/id.ts'

/** Who uses a scope, as ids in order: read from what is known of it, however much that is. */
export interface Carriers {
  /** Associated with an endpoint that the scope links, or sending through one that is no workspace's own. */
  readonly targets: readonly string[]
  /** Those who only send to a workspace that the scope links. */
  readonly onlySend: readonly string[]
}

/** Finds who uses the scope (contract section 11), whether or not the file can name it. */
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

/** Keys of the automatic endpoints of all Azure Monitor workspaces that are known. */
function automaticEndpoints(estate: Estate): ReadonlySet<string> {
  return new Set(
    [...estate.monitorWorkspaces.values()].flatMap((reading) =>
      reading.state === 'found' && reading.value.endpointId !== undefined
        ? [idKey(reading.value.endpointId)]
        : [],
    ),
  )
}

/** Through a linked endpoint, to a linked workspace only, or past the scope. */
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

/** Keys of all rules of a resource, also of one that its configuration association wrongly holds. */
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
