import type { Change } from '../../src/plan/plan.ts'
import { propose, type Proposal } from '../../src/plan/propose.ts'
import type { Topology } from '../../src/topology/topology.ts'
import { expectPlan, type Expectation, type Expected } from './oracle.ts'
import { answer, low, observe, type World } from './world.ts'

export const noLimits = { maxDeletes: 1000, maxReplacements: 1000 }

/** Proposes until there are no more questions, answering them from the whole world. */
export function proposeFor(
  topology: Topology,
  world: World,
  known = observe(world),
  limits = noLimits,
): Proposal {
  let estate = known
  for (let round = 0; round < 10; round++) {
    const proposal = propose(topology, estate, { limits, confirmAll: true })
    if (proposal.questions.length === 0) return proposal
    estate = answer(estate, proposal.questions, world)
  }
  throw new Error('It never stops asking.')
}

/** One line for every disagreement between oracle and product. */
export function disagreements(topology: Topology, world: World): string[] {
  const { plan } = proposeFor(topology, world)
  const expected = expectPlan(topology, observe(world))
  const lines = [
    ...compareDiagnostics(
      'error',
      expected.errors,
      plan.diagnostics.filter((one) => one.severity === 'error' || one.waived),
    ),
    ...compareDiagnostics(
      'warning',
      expected.warnings,
      plan.diagnostics.filter((one) => one.severity === 'warning' && !one.waived),
    ),
  ]
  if (!expected.comparable) return lines
  return [
    ...lines,
    ...compareChanges(expected, plan.changes),
    ...compareCount(expected, plan.unchanged),
  ]
}

/** Codes that the oracle predicts, present or absent; it doesn't judge other warnings. */
const predicted = {
  error: () => true,
  warning: (code: string) =>
    [
      'no-private-endpoint',
      'prometheus-not-enabled',
      'agent-missing',
      'identity-missing',
      'ingestion-endpoint-unused',
      'destination-not-linked',
      'no-query-private-endpoint',
      'unknown-resource',
      'static-ip-private-endpoint',
      'link-kept',
      'flexible-scale-set',
    ].includes(code),
}

function compareDiagnostics(
  severity: 'error' | 'warning',
  expected: ReadonlySet<string>,
  found: readonly { code: string; resource?: string; message: string }[],
): string[] {
  const lines: string[] = []
  const codes = new Set([...expected].map((one) => one.split(' ')[0] ?? ''))
  for (const one of expected) {
    if (one.startsWith('?')) continue
    const [code, resource] = one.split(' ')
    const met = found.some(
      (diagnostic) =>
        diagnostic.code === code &&
        (resource === undefined || low(diagnostic.resource ?? '') === resource),
    )
    if (!met) lines.push(`${severity} missing: ${one}`)
  }
  for (const { code, resource, message } of found) {
    if (!predicted[severity](code) || codes.has(`?${code}`)) continue
    const precise = expected.has(`${code} ${low(resource ?? '')}`)
    if (!precise && !expected.has(code))
      lines.push(`${severity} unexpected: ${code} ${resource ?? ''} ${message}`)
  }
  return lines
}

function compareChanges(expected: Expectation, changes: readonly Change[]): string[] {
  const lines: string[] = []
  const seen = new Set<string>()
  let modes = 0
  for (const change of changes) {
    if (change.kind === 'accessModes') modes++
    const key =
      change.kind === 'accessModes'
        ? `accessModes ${modes} ${low(change.id)}`
        : `${change.kind} ${low(change.id)}`
    seen.add(key)
    if (expected.either.has(key)) continue
    const want = expected.changes.get(key)
    if (!want)
      lines.push(`change unexpected: ${change.action} ${key} (${change.rule}: ${change.reason})`)
    else lines.push(...compareChange(key, want, change))
  }
  for (const key of expected.changes.keys()) {
    if (!seen.has(key) && !expected.either.has(key)) {
      lines.push(`change missing: ${expected.changes.get(key)?.action ?? ''} ${key}`)
    }
  }
  return lines
}

function compareChange(key: string, want: Expected, change: Change): string[] {
  const lines: string[] = []
  if (want.action !== change.action) lines.push(`${key}: ${change.action}, not ${want.action}`)
  if (want.rule !== undefined && want.rule !== change.rule)
    lines.push(`${key}: by ${change.rule}, not ${want.rule}`)
  if (want.wanted !== undefined) {
    const [a, b] = [canonical(want.wanted), canonical(withoutId(change.after))]
    if (a !== b) lines.push(`${key}: ${b}, not ${a}`)
  }
  if (want.had !== undefined && want.had !== referenceOf(change)) {
    lines.push(`${key}: had ${String(referenceOf(change))}, not ${want.had}`)
  }
  if (change.reason === '' || !/^[0-9a-f]{64}$/.test(change.digest))
    lines.push(`${key}: no reason or digest`)
  return lines
}

function withoutId(value: Change['after']): unknown {
  return value && Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'id'))
}

function referenceOf({ before }: Change): string | undefined {
  if (before?.kind === 'association') return low(before.endpointId ?? before.ruleId ?? '')
  if (before?.kind === 'scopedResource') return low(before.linkedResourceId)
  return undefined
}

/** JSON with sorted keys, tag names and ids in lower case. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (key === 'tags') return inner
    if (typeof inner === 'string' && inner.startsWith('/')) return low(inner)
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

function compareCount(expected: Expectation, unchanged: number): string[] {
  if (expected.either.size > 0 || expected.unchanged === unchanged) return []
  return [`unchanged: ${unchanged}, not ${expected.unchanged}`]
}
