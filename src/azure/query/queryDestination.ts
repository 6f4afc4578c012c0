import { AzureError } from '../../errors.ts'
import type { Estate, LogWorkspace } from '../../estate/estate.ts'
import { lookUp } from '../../estate/reading.ts'
import { compareText, nameOf } from '../../resources/id.ts'
import type { Answer, LogRow } from '../../telemetry/answers.ts'
import type { Destination, Expectation } from '../../telemetry/expected.ts'
import { judgeLogs } from '../../telemetry/judgeLogs.ts'
import { judgeMetrics, needsNames } from '../../telemetry/judgeMetrics.ts'
import { unknownVerdict, type Verdict } from '../../telemetry/judgement.ts'
import { isSafeInQuery, targetsPerQuery } from '../../telemetry/logQuery.ts'
import { presenceTables } from '../../telemetry/streams.ts'
import type { DestinationKind, DestinationReach } from '../../telemetry/telemetry.ts'
import type { Arm } from '../arm.ts'
import { queryLogAnalytics } from './queryLogAnalytics.ts'
import { queryMetrics } from './queryMetrics.ts'
import { clustersSendingTo } from './clustersOf.ts'
import { refused, type Refused, refusedByError } from './refusals.ts'
import { analyticsTables } from './tablePlans.ts'

/** The result of querying one destination. */
export interface DestinationResult {
  readonly reach: DestinationReach
  readonly verdicts: readonly Verdict[]
  /** ISO 8601, by the service's clock; absent if it did not answer. */
  readonly at?: string
}

/** What to query in one workspace. */
export interface DestinationQuery {
  readonly arm: Arm
  readonly estate: Estate
  readonly destination: Destination
  readonly expectations: readonly Expectation[]
  readonly windowMinutes: number
  /**
   * Names of the file's remote writers to this workspace: their series may carry a cluster's name.
   */
  readonly writers: readonly string[]
}

/** Queries one workspace for the expected telemetry: one query, or for logs one per 500 targets. */
export async function queryDestination(query: DestinationQuery): Promise<DestinationResult> {
  const { destination, expectations } = query
  try {
    return resultOf(destination, await ask[destination.kind](query))
  } catch (error) {
    // A failed request to the Resource Manager costs only this workspace's answer.
    if (!(error instanceof AzureError)) throw error
    const answer = refusedByError(error, nameOf(destination.id))
    const verdicts = expectations.map((one) => unknownVerdict(one, answer.reach, [answer.detail]))
    return resultOf(destination, [{ answer, verdicts }])
  }
}

/** An answer, and the verdicts from it. */
interface Part {
  readonly answer: Answer<unknown>
  readonly verdicts: readonly Verdict[]
}

const ask: Readonly<
  Record<DestinationKind, (query: DestinationQuery) => Promise<readonly Part[]>>
> = {
  async logs(query) {
    const { arm, estate, destination, windowMinutes } = query
    const reading = lookUp(estate, 'logWorkspace', destination.id)
    const expectations =
      reading.state === 'found' ? await withFreeTables(query) : query.expectations
    return await Promise.all(
      chunks(expectations, targetsPerQuery).map(async (some) => {
        const answer =
          reading.state === 'found'
            ? await queryLogs(arm, reading.value, some)
            : gone(reading.state, destination)
        return { answer, verdicts: judgeLogs(some, answer, windowMinutes) }
      }),
    )
  },
  async metrics({ arm, estate, destination, expectations, windowMinutes, writers }) {
    const reading = lookUp(estate, 'monitorWorkspace', destination.id)
    const answer =
      reading.state === 'found'
        ? await queryMetrics(arm, reading.value, windowMinutes)
        : gone(reading.state, destination)
    const clusters = needsNames(expectations, answer)
      ? await clustersSendingTo(arm, destination.id)
      : new Set<string>()
    const senders = new Set([...clusters, ...writers.map((name) => `remoteWrite/${name}`)])
    return [{ answer, verdicts: judgeMetrics(expectations, answer, { senders, windowMinutes }) }]
  },
}

async function queryLogs(
  arm: Arm,
  workspace: LogWorkspace,
  expectations: readonly Expectation[],
): Promise<Answer<LogRow>> {
  const tables = [...new Set(expectations.flatMap((one) => one.tables))].toSorted(compareText)
  const keys = expectations.map((one) => one.target.key).filter(isSafeInQuery)
  if (keys.length === 0) {
    return { state: 'answered', rows: [], partial: false, at: new Date().toISOString() }
  }
  return await queryLogAnalytics(arm, workspace, tables, keys)
}

/**
 * Removes tables whose queries are billed. Presence tables need no check: they always have the
 * Analytics plan.
 */
async function withFreeTables({
  arm,
  destination,
  expectations,
}: DestinationQuery): Promise<readonly Expectation[]> {
  const presence: readonly string[] = Object.values(presenceTables).flat()
  const all = [...new Set(expectations.flatMap((one) => one.tables))].toSorted(compareText)
  const witnesses = all.filter((table) => !presence.includes(table))
  const free = new Set([...presence, ...(await analyticsTables(arm, destination.id, witnesses))])
  return expectations.map((one) => ({ ...one, tables: one.tables.filter((t) => free.has(t)) }))
}

/**
 * The refusal for a workspace that a rule or the file names, but that the Resource Manager does not
 * return.
 */
function gone(state: 'missing' | 'unreadable' | 'unseen', { id }: Destination): Refused {
  return state === 'unreadable'
    ? refused(
        'forbidden',
        `This identity cannot read workspace ${nameOf(id)}. Give it the Reader role on the workspace.`,
      )
    : refused(
        'error',
        `Workspace ${nameOf(id)} does not exist: data sent there are lost. Correct the rules and the topology file that name it.`,
      )
}

function resultOf({ id, kind }: Destination, parts: readonly Part[]): DestinationResult {
  const verdicts = parts.flatMap((part) => part.verdicts)
  const answers = parts.map((part) => part.answer)
  const refusal = answers.find((answer) => answer.state === 'refused')
  if (refusal !== undefined) {
    return { reach: { id, kind, reachable: refusal.reach, detail: refusal.detail }, verdicts }
  }
  const answered = answers.flatMap((answer) => (answer.state === 'answered' ? [answer] : []))
  const isPartial = answered.some((answer) => answer.partial)
  const at = answered
    .map((answer) => answer.at)
    .toSorted(compareText)
    .at(-1)
  const detail = isPartial
    ? 'The answer is partial: targets without a record in it are unknown.'
    : ''
  return {
    reach: { id, kind, reachable: 'yes', detail },
    verdicts,
    ...(at === undefined ? {} : { at }),
  }
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
