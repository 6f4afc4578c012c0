import { idKey } from '../resources/id.ts'
import type { ConfigurationAssociation, Estate, Rule } from './estate.ts'
import type { ResolvedTarget } from './resolved.ts'

/** A rule that the association `configurationAccessEndpoint` holds instead of an endpoint. */
export interface HeldRule {
  readonly id: string
  readonly key: string
  /** Absent when it doesn't exist or may not be read. */
  readonly rule?: Rule
}

/**
 * The rule that a target has by its configuration association and by no other: replacing the association
 * takes it from the target (seen in two public templates; estates, B 14a).
 */
export function heldRuleOf(
  { key, rules }: Pick<ResolvedTarget, 'key' | 'rules'>,
  estate: Estate,
): HeldRule | undefined {
  const id = estate.associations.get(key)?.ruleId
  if (id === undefined || rules.some((rule) => idKey(rule.id) === idKey(id))) return undefined
  return makeHeldRule(id, key, estate)
}

/** The same of whatever carries a configuration association, also what the file doesn't name. */
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
