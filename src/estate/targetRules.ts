import type { Diagnostic } from '../diagnostics.ts'
import { compareText, idKey, nameOf } from '../resources/id.ts'
import type { Topology } from '../topology/topology.ts'
import type { Ask } from './ask.ts'
import type { Estate } from './estate.ts'
import { explainReading, lookUp } from './reading.ts'
import type { ResolvedTarget, ResolvedTargets } from './targets.ts'

/** What resolving a target works with, and what it comes to beside the target. */
export interface Resolving {
  readonly topology: Topology
  readonly estate: Estate
  readonly asks: Ask[]
  readonly diagnostics: Diagnostic[]
}

/** The target with the rules of these keys beside those it has. */
export function addRules(
  one: ResolvedTarget,
  ruleKeys: readonly string[],
  { topology, estate, asks, diagnostics }: Resolving,
): ResolvedTarget {
  const rules = new Map(one.rules.map((rule) => [idKey(rule.id), rule]))
  let { hasHiddenRule } = one
  for (const ruleKey of ruleKeys) {
    const rule = lookUp(estate, 'rule', ruleKey)
    if (rule.state === 'unseen') asks.push(rule.ask)
    else if (rule.state === 'found') rules.set(ruleKey, rule.value)
    else if (rule.state === 'unreadable') {
      hasHiddenRule = true
      const what = `data collection rule "${nameOf(ruleKey)}"`
      const neededBy = `it is associated with ${one.target.name}, and may send through an endpoint that has to be linked`
      const { file } = topology
      diagnostics.push(explainReading(rule, { what, id: ruleKey, neededBy, file, at: one.at }))
    }
  }
  const sorted = [...rules].toSorted(([a], [b]) => compareText(a, b)).map(([, rule]) => rule)
  return { ...one, rules: sorted, hasHiddenRule }
}

/**
 * The targets with the rules that their configuration associations wrongly hold, where those stay: an
 * association is replaced, and its rule then none of the target's, only where there is an endpoint for it.
 */
export function keepHeldRules(
  targets: readonly ResolvedTarget[],
  chosen: ReadonlySet<string>,
  { topology, estate }: Pick<Resolving, 'topology' | 'estate'>,
): Omit<ResolvedTargets, 'named'> {
  const resolving: Resolving = { topology, estate, asks: [], diagnostics: [] }
  const { asks, diagnostics } = resolving
  const kept = targets.map((one) => {
    const ruleId = chosen.has(one.key) ? undefined : estate.associations.get(one.key)?.ruleId
    return ruleId === undefined ? one : addRules(one, [idKey(ruleId)], resolving)
  })
  return { targets: kept, asks, diagnostics }
}
