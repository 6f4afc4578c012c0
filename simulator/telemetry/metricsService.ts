import type { Principal, TokenKey } from '../entra/tokens.ts'
import { parseSeedId } from '../azure/path.ts'
import { textAt } from '../azure/json.ts'
import type { AzureState } from '../azure/state.ts'
import type { StoredResource } from '../azure/store.ts'
import { ConnectionReset } from '../github/github.ts'
import type { Answer, SimulatedRequest } from '../http.ts'
import { NotSimulated } from '../resourceGraph/refusal.ts'
import type { Stretch, TelemetryHistory } from './history.ts'
import { BadPromql, runPromql, type Sample, type Series } from './promql.ts'
import { queryPath } from './queryPath.ts'
import { principalOf } from './signedIn.ts'

/** The audience of tokens for metrics, in every cloud by URL (contract section 9). */
const audience = 'https://prometheus.monitor.azure.com'

export interface MetricsService {
  readonly azure: AzureState
  readonly history: TelemetryHistory
  readonly key: TokenKey
}

/** Answers `POST {query endpoint}/api/v1/query` (V9 to V11). */
export async function answerMetrics(
  { azure, history, key }: MetricsService,
  request: SimulatedRequest,
): Promise<Answer> {
  const now = Date.now() + azure.knobs.clockOffsetMs
  const principal = principalOf(request, { key, tenant: azure.tenant, audience })
  if ('status' in principal) return principal
  const workspace = [...azure.store.resources.values()].find(
    (one) =>
      one.path.type === 'microsoft.monitor/accounts' &&
      request.path === `${queryPath(one)}/api/v1/query`,
  )
  if (workspace === undefined || request.method !== 'POST') return { status: 404, body: '' }
  const refused = refusalOf(azure, workspace, principal)
  if (refused !== undefined) return refused
  const query = new URLSearchParams(request.body).get('query') ?? ''
  try {
    const series = seriesOf(azure, workspace, history.stretches(), now)
    const samples = await runPromql(query, series, now)
    return {
      status: 200,
      headers: { date: new Date(now).toUTCString() },
      body: vector(samples, now),
    }
  } catch (error) {
    if (error instanceof BadPromql) return failed(400, 'bad_data', error.message)
    if (!(error instanceof NotSimulated)) throw error
    return failed(501, 'not_simulated', error.message)
  }
}

function refusalOf(
  azure: AzureState,
  { path, properties }: StoredResource,
  principal: Principal,
): Answer | undefined {
  const { knobs } = azure
  const isClosed = textAt(properties, 'publicNetworkAccess') === 'Disabled'
  // Azure's answer is unknown, so both are simulated (facts-2 A.6).
  if (isClosed && knobs.caller === 'internet') {
    if (knobs.closedMetrics === 'reset') throw new ConnectionReset()
    return forbidden('Public network access is disabled')
  }
  if (!azure.access.allows(principal, 'Microsoft.Monitor/accounts/data/metrics/read', path.key)) {
    return forbidden('User does not have access to read metrics for this resource')
  }
  const asked = knobs.queryAnswers[path.name] ?? knobs.queryAnswers['*'] ?? 'rows'
  if (asked === 'throttled')
    return { ...failed(429, 'throttled', 'too many'), headers: { 'retry-after': '3600' } }
  if (asked === 'timeout') return failed(503, 'timeout', 'query timed out')
  if (asked === 'no-content') return { status: 204 }
  return asked === 'empty' ? { status: 200, body: '' } : undefined
}

function forbidden(message: string): Answer {
  const innererror = { code: 'AuthorizationFailedError', message }
  return { status: 403, body: { error: { code: 'InsufficientAccessError', message, innererror } } }
}

function failed(status: number, errorType: string, error: string): Answer {
  return { status, body: { status: 'error', errorType, error } }
}

/** One sample per minute of each metric that a target sends (V10). */
function seriesOf(
  { knobs }: AzureState,
  { path }: StoredResource,
  stretches: readonly Stretch[],
  now: number,
): readonly Series[] {
  return stretches
    .filter(({ destination }) => destination === path.key)
    .flatMap((stretch) =>
      stretch.brings.map((metric): Series => {
        const { name, type } = parseSeedId(stretch.target)
        return {
          labels: {
            __name__: metric,
            ...(type.endsWith('clusters') ? { cluster: name } : {}),
            ...(knobs.seriesIds ? { 'Microsoft.resourceid': stretch.target.toLowerCase() } : {}),
          },
          samples: minutesOf(stretch, now).map((at) => ({ at, value: metric === 'up' ? 1 : 4711 })),
        }
      }),
    )
}

function minutesOf({ from, to }: Stretch, now: number): readonly number[] {
  const minute = 60_000
  const newest = Math.min(to ?? now, now)
  const first = newest - (newest % minute)
  const count = Math.max(0, Math.min(1441, Math.floor((first - from) / minute) + 1))
  return Array.from({ length: count }, (_, index) => first - index * minute)
}

function vector(samples: readonly Sample[], now: number): unknown {
  return {
    status: 'success',
    data: {
      resultType: 'vector',
      result: samples.map(({ labels, value }) => ({
        metric: labels,
        value: [now / 1000, String(value)],
      })),
    },
  }
}
