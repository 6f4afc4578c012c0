import type { Estate, Rule } from '../estate/estate.ts'
import type { Question } from '../estate/question.ts'
import { lookUp } from '../estate/reading.ts'
import type { ResolvedTarget } from '../estate/resolved.ts'
import { resolveTargets } from '../estate/resolveTargets.ts'
import { readRules } from '../estate/targetRules.ts'
import { compareText, idKey } from '../resources/id.ts'
import type { TargetKind, Topology } from '../topology/topology.ts'
import { isMetricsStream, presenceTables, witnessTables } from './streams.ts'
import type { DestinationKind } from './telemetry.ts'

/** What one target should send to one destination. */
export interface Expectation {
  readonly target: { readonly id: string; readonly key: string; readonly kind: TargetKind }
  /** Resource id and key of the workspace. */
  readonly destination: Destination
  /**
   * `no`: no rule of the target sends there. `unknown`: we cannot read the target or one of its
   * rules.
   */
  readonly expected: 'yes' | 'no' | 'unknown'
  /** The rules that send there. */
  readonly rules: readonly Rule[]
  /** Logs only: the tables in which to look for the target. */
  readonly tables: readonly string[]
  /**
   * The tables that the rules fill. If none of them can be queried, a missing record proves
   * nothing.
   */
  readonly promised: readonly string[]
  /** Set if Azure has no such target, or this identity cannot read it. */
  readonly absent?: 'missing' | 'unreadable'
}

export interface Destination {
  readonly id: string
  readonly key: string
  readonly kind: DestinationKind
}

export interface Expected {
  /** In order of destination, then target. */
  readonly expectations: readonly Expectation[]
  /** What must be read before this is complete. */
  readonly questions: readonly Question[]
}

/**
 * What should arrive where: for each target, every workspace that its live rules send to and every
 * workspace that the file names for it. Called again with each round of answers until it has no
 * questions left.
 */
export function expectTelemetry(topology: Topology, estate: Estate): Expected {
  const resolved = resolveTargets(topology, estate)
  const questions: Question[] = [...resolved.questions]
  const expectations = resolved.targets.flatMap((one) =>
    expectOf(withHeldRule(one, topology, estate, questions), topology),
  )
  const absent = absentTargets(topology, estate)
  for (const { destination } of [...expectations, ...absent]) {
    const what = destination.kind === 'logs' ? 'logWorkspace' : 'monitorWorkspace'
    const reading = lookUp(estate, what, destination.id)
    if (reading.state === 'unseen') questions.push(reading.question)
  }
  return {
    expectations: [...expectations, ...absent].toSorted(byPlace),
    questions: unique(questions),
  }
}

/**
 * A rule that a configuration association wrongly holds stays in force until the association is
 * replaced.
 */
function withHeldRule(
  one: ResolvedTarget,
  topology: Topology,
  estate: Estate,
  questions: Question[],
): ResolvedTarget {
  const held = estate.associations.get(one.key)?.ruleId
  if (held === undefined || one.rules.some((rule) => idKey(rule.id) === idKey(held))) return one
  const { rules, hasHiddenRule } = readRules([idKey(held)], one, {
    topology,
    estate,
    questions,
    diagnostics: [],
  })
  return {
    ...one,
    rules: [...one.rules, ...rules],
    hasHiddenRule: one.hasHiddenRule || hasHiddenRule,
  }
}

function expectOf(one: ResolvedTarget, topology: Topology): readonly Expectation[] {
  const senders = new Map<string, { readonly destination: Destination; readonly rules: Rule[] }>()
  const add = (kind: DestinationKind, id: string, rule?: Rule): void => {
    const key = idKey(id)
    const known = senders.get(`${kind} ${key}`) ?? { destination: { id, key, kind }, rules: [] }
    if (rule !== undefined) known.rules.push(rule)
    senders.set(`${kind} ${key}`, known)
  }
  for (const { kind, id } of namedDestinations(one, topology)) add(kind, id)
  for (const rule of one.rules) {
    if (rule.streams.some((s) => !isMetricsStream(s)))
      for (const id of rule.logDestinations) add('logs', id, rule)
    if (rule.streams.length > 0) for (const id of rule.metricsDestinations) add('metrics', id, rule)
  }
  return [...senders.values()].map(({ destination, rules }) => {
    const expected = rules.length > 0 ? 'yes' : one.hasHiddenRule ? 'unknown' : 'no'
    const isQueried = destination.kind === 'logs' && expected !== 'no'
    return {
      target: { id: one.target.id, key: one.key, kind: one.kind },
      destination,
      expected,
      rules,
      ...(isQueried ? tablesFor(one.kind, rules) : { tables: [], promised: [] }),
    }
  })
}

/**
 * The tables in which to look for a target: those that its rules fill, and those that show a
 * target's presence.
 */
function tablesFor(
  kind: TargetKind,
  rules: readonly Rule[],
): Pick<Expectation, 'tables' | 'promised'> {
  const presence: readonly string[] = presenceTables[kind]
  // Without a readable rule, we cannot know which tables to expect.
  const promised =
    rules.length === 0
      ? presence
      : witnessTables(
          kind,
          rules.flatMap((rule) => rule.streams),
        )
  return { tables: [...new Set([...promised, ...presence])].toSorted(compareText), promised }
}

/** The workspaces that the file names for a target. */
function namedDestinations(
  { metrics, logs }: { readonly metrics?: string; readonly logs: readonly string[] },
  topology: Topology,
): readonly { readonly kind: DestinationKind; readonly id: string }[] {
  return [
    ...topology.logAnalyticsWorkspaces
      .filter(({ alias }) => logs.includes(alias))
      .map(({ id }) => ({ kind: 'logs' as const, id: id.text })),
    ...topology.azureMonitorWorkspaces
      .filter(({ alias }) => alias === metrics)
      .map(({ id }) => ({ kind: 'metrics' as const, id: id.text })),
  ]
}

/**
 * Targets in the file that Azure does not have, or that this identity cannot read: what they send
 * is unknown.
 */
function absentTargets(topology: Topology, estate: Estate): readonly Expectation[] {
  return topology.targets.flatMap((entry) => {
    const reading = estate.targets.get(entry.id.key)
    if (reading === undefined || reading.state === 'found') return []
    return namedDestinations(entry, topology).map(({ kind, id }): Expectation => ({
      target: { id: entry.id.text, key: entry.id.key, kind: entry.kind },
      destination: { id, key: idKey(id), kind },
      expected: 'unknown',
      rules: [],
      tables: [],
      promised: [],
      absent: reading.state,
    }))
  })
}

function byPlace(a: Expectation, b: Expectation): number {
  return (
    compareText(a.destination.kind, b.destination.kind) ||
    compareText(a.destination.key, b.destination.key) ||
    compareText(a.target.key, b.target.key)
  )
}

function unique(questions: readonly Question[]): readonly Question[] {
  return [
    ...new Map(
      questions.map((question) => [`${question.what}:${idKey(question.id)}`, question]),
    ).values(),
  ]
}
