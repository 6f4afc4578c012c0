import { idKey } from '../resources/id.ts'
import type { ConfigurationAssociation, Estate, Rule } from './estate.ts'
import type { ResolvedTarget } from './resolved.ts'

/** A rule that the association `configurationAccessEndpoint` refers to instead of an endpoint. */
export interface HeldRule {
  readonly id: string
  readonly key: string
  /** Absent if it doesn't exist or can't be read. */
  readonly rule?: Rule
}

/**
 * The rule that a target has only through its configuration association: replacing that association
 * removes the rule from the target (two public templates do this; estates, B 14a).
 */
export function heldRuleOf(
  { key, rules }: Pick<ResolvedTarget, 'key' | 'rules'>,
  estate: Estate,
): HeldRule | undefined {
  const id = estate.associations.get(key)?.ruleId
  if (id === undefined || rules.some((rule) => idKey(rule.id) === idKey(id))) return undefined
  return makeHeldRule(id, key, estate)
}

/** The same for any resource with a configuration association, even one outside the file. */
export function heldRuleIn(
  { target, ruleId }: Pick<ConfigurationAssociation, 'target' | 'ruleId'>,
  estate: Estate,
): HeldRule | undefined {
  return ruleId === undefined ? undefined : makeHeldRule(ruleId, idKey(target), estate)
}

function makeHeldRule(id: string, target: string, estate: Estate): HeldRule | undefined {
  const ruleKey = idKey(id)
  if (estate.ruleAssociations.get(target)?.includes(ruleKey) === true) return undefined
  const reading = estate.rules.get(ruleKey)
  return { id, key: ruleKey, ...(reading?.state === 'found' ? { rule: reading.value } : {}) }
}
