import { groupBy } from '../resources/group.ts'
import { idKey, nameOf } from '../resources/id.ts'
import type { Answer, MetricRow } from './answers.ts'
import type { Expectation } from './expected.ts'
import { hiddenRule, partialAnswer, unknownVerdict, type Verdict } from './judgement.ts'
import { metricOf } from './metricsQuery.ts'

/** What else is needed to judge an answer. */
export interface MetricsAsked {
  /**
   * Keys of all clusters whose rules send there, in the file or not, because a series may belong to
   * any of them. The file's remote writers are included as `remoteWrite/<name>`.
   */
  readonly senders: ReadonlySet<string>
  readonly windowMinutes: number
}

/** Judges the targets that should send to an Azure Monitor workspace by its answer. */
export function judgeMetrics(
  expectations: readonly Expectation[],
  answer: Answer<MetricRow>,
  { senders, windowMinutes }: MetricsAsked,
): readonly Verdict[] {
  if (answer.state === 'refused') {
    return expectations.map((one) => unknownVerdict(one, answer.reach, [answer.detail]))
  }
  const stamped = answer.rows.filter((row) => row.resource !== '')
  const byResource = groupBy(stamped, (row) => keyOfSeries(row.resource))
  const bare = answer.rows.filter((row) => row.resource === '')
  const byName = groupBy(bare, (row) => row.cluster.toLowerCase())
  const names = groupBy([...senders], (key) => nameOf(key).toLowerCase())
  const since = Date.parse(answer.at) - windowMinutes * 60_000
  // An instant query looks back five minutes, which may be longer than the window.
  const isFresh = ({ lastSeen }: MetricRow) =>
    lastSeen === undefined || Date.parse(lastSeen) > since
  const judge = (one: Expectation, rows: readonly MetricRow[]) =>
    rows.some(isFresh) ? received(one, rows) : absent(one, answer, rows)
  return expectations.map((one) => {
    const { key, kind } = one.target
    const own = byResource.get(key)
    if (own !== undefined) return judge(one, own)
    const named = kind === 'cluster' ? byName.get(nameOf(key)) : byName.get('')
    if (named === undefined) return absent(one, answer, [])
    if (kind === 'machine') return unknownVerdict(one, 'ambiguous-name', [withoutIds])
    const others = (names.get(nameOf(key)) ?? []).filter((other) => other !== key)
    return others.length === 0
      ? judge(one, named)
      : unknownVerdict(one, 'ambiguous-name', [sharedNameNote(nameOf(key), others)])
  })
}

/** True if some cluster can only be identified by name, because its series carry no resource id. */
export function needsNames(
  expectations: readonly Expectation[],
  answer: Answer<MetricRow>,
): boolean {
  if (answer.state === 'refused') return false
  const names = new Set(
    answer.rows.filter((r) => r.resource === '').map((r) => r.cluster.toLowerCase()),
  )
  return expectations.some(
    ({ target }) => target.kind === 'cluster' && names.has(nameOf(target.key)),
  )
}

/** Prefix of a remote writer's key. */
const writers = 'remoteWrite/'

/** An instance of a scale set counts for its set. */
function keyOfSeries(resource: string): string {
  const key = idKey(resource)
  return key.includes('/virtualmachinescalesets/')
    ? (key.split('/virtualmachines/')[0] ?? key)
    : key
}

function received(one: Expectation, rows: readonly MetricRow[]): Verdict {
  return { expectation: one, state: 'receiving', ...seenIn(one, rows), path: 'unknown', notes: [] }
}

/** The time of the last sample, if known, and the series as a witness. */
function seenIn(
  { target }: Expectation,
  rows: readonly MetricRow[],
): Pick<Verdict, 'lastSeen' | 'witnesses'> {
  if (rows.length === 0) return { witnesses: [] }
  const times = rows.flatMap((row) => row.lastSeen ?? [])
  const lastSeen = times.toSorted((a, b) => Date.parse(b) - Date.parse(a))[0]
  const seen = lastSeen === undefined ? {} : { lastSeen }
  return { ...seen, witnesses: [{ name: metricOf[target.kind], ...seen, records: rows.length }] }
}

function absent(
  one: Expectation,
  { partial }: Extract<Answer<MetricRow>, { state: 'answered' }>,
  rows: readonly MetricRow[],
): Verdict {
  const seen = seenIn(one, rows)
  if (partial) return { ...unknownVerdict(one, 'partial-answer', [partialAnswer]), ...seen }
  if (one.expected === 'unknown')
    return { ...unknownVerdict(one, 'forbidden', [hiddenRule]), ...seen }
  return { expectation: one, state: 'silent', ...seen, path: 'unknown', notes: [] }
}

const withoutIds =
  "The series of machines in this workspace carry no resource ids, so they can't be attributed."

function sharedNameNote(name: string, others: readonly string[]): string {
  const [other = ''] = others
  const first = other.startsWith(writers) ? 'a remote writer of the file' : other
  const more = others.length > 1 ? ` and ${others.length - 1} more` : ''
  return `The series of cluster "${name}" carry no resource id, and ${first}${more} with the same name sends to this workspace too. Give one of them a different cluster_alias.`
}
