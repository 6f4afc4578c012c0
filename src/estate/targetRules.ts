import type { Diagnostic } from '../diagnostics.ts'
import { compareText, idKey, nameOf } from '../resources/id.ts'
import type { Topology } from '../topology/topology.ts'
import type { Question } from './question.ts'
import type { Estate, Rule } from './estate.ts'
import { explainReading, lookUp } from './reading.ts'
import type { ResolvedTarget, ResolvedTargets } from './resolved.ts'

/** Inputs for resolving a target, and collectors for its questions and diagnostics. */
export interface Resolving {
  readonly topology: Topology
  readonly estate: Estate
  readonly questions: Question[]
  readonly diagnostics: Diagnostic[]
}

/** The readable rules with these keys, sorted by id. Asks for the rules not read yet, and reports the unreadable ones. */
export function readRules(
  ruleKeys: readonly string[],
  { target, at }: Pick<ResolvedTarget, 'target' | 'at'>,
  { topology, estate, questions, diagnostics }: Resolving,
): Pick<ResolvedTarget, 'rules' | 'hasHiddenRule'> {
  const rules: Rule[] = []
  let hasHiddenRule = false
  for (const ruleKey of ruleKeys) {
    const rule = lookUp(estate, 'rule', ruleKey)
    if (rule.state === 'unseen') questions.push(rule.question)
    else if (rule.state === 'found') rules.push(rule.value)
    else if (rule.state === 'unreadable') {
      hasHiddenRule = true
      const what = `data collection rule "${nameOf(ruleKey)}"`
      const neededBy = `it is associated with ${target.name} and may send through an endpoint that must be linked`
      const { file } = topology
      diagnostics.push(explainReading(rule, { what, id: ruleKey, neededBy, file, at }))
    }
  }
  return { rules: rules.sort(byId), hasHiddenRule }
}

function byId(a: Rule, b: Rule): number {
  return compareText(idKey(a.id), idKey(b.id))
}

/**
 * Adds to each target the rule that its configuration association holds by mistake, unless the plan
 * replaces that association. It does so for the targets in `chosen`, which have an endpoint; they
 * then lose the rule.
 */
export function keepHeldRules(
  targets: readonly ResolvedTarget[],
  chosen: ReadonlySet<string>,
  { topology, estate }: Pick<Resolving, 'topology' | 'estate'>,
): Omit<ResolvedTargets, 'named'> {
  const resolving: Resolving = { topology, estate, questions: [], diagnostics: [] }
  const { questions, diagnostics } = resolving
  const kept = targets.map((one) => {
    const ruleId = chosen.has(one.key) ? undefined : estate.associations.get(one.key)?.ruleId
    return ruleId === undefined ? one : addRule(one, idKey(ruleId), resolving)
  })
  return { targets: kept, questions, diagnostics }
}

function addRule(one: ResolvedTarget, ruleKey: string, resolving: Resolving): ResolvedTarget {
  const held = readRules([ruleKey], one, resolving)
  const others = one.rules.filter((rule) => idKey(rule.id) !== ruleKey)
  return {
    ...one,
    rules: [...others, ...held.rules].toSorted(byId),
    hasHiddenRule: one.hasHiddenRule || held.hasHiddenRule,
  }
}
