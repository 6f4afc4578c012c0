import { describe, expect, it } from '@jest/globals'
import type { Arm } from '../../src/azure/arm.ts'
import { queryLogAnalytics } from '../../src/azure/query/queryLogAnalytics.ts'
import { queryMetrics } from '../../src/azure/query/queryMetrics.ts'
import { publicCloud } from '../azure/connection/support.ts'

/** Every line of facts-2 A.2, and the errors of A.6: none is ever mistaken for silence. */

const customerId = '9b0ff60a-a394-4f1a-a8d7-cdecf84eb945'
const queries = {
  logs: { address: 'https://api.loganalytics.io', scope: '' },
  metrics: { host: 'prometheus.monitor.azure.com', scope: '' },
}

function armThat(status: number, body: unknown): Arm {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const arm: Pick<Arm, 'ask' | 'cloud'> = {
    cloud: { ...publicCloud, queries },
    ask: () => Promise.resolve({ status, text }),
  }
  return arm as Arm
}

/** An error with nested errors: the codes, outermost first. */
function nested(...codes: readonly string[]): unknown {
  const [code, ...inner] = codes
  if (code === undefined) return undefined
  const innererror = nested(...inner)
  return { code, message: `says ${code}`, ...(innererror === undefined ? {} : { innererror }) }
}
const error = (...codes: readonly string[]) => ({ error: nested(...codes) })

type Line = readonly [string, number, unknown, string]

const logLines: readonly Line[] = [
  [
    'public access for queries is off',
    403,
    error('InsufficientAccessError', 'NspValidationFailedError'),
    'network-restricted',
  ],
  ['no role', 403, error('InsufficientAccessError', 'AuthorizationFailedError'), 'forbidden'],
  [
    'no role, in other words',
    403,
    error('InsufficientAccessError', 'UnauthorizedClient'),
    'forbidden',
  ],
  ['no role, and nothing inside', 403, error('InsufficientAccessError'), 'forbidden'],
  ['a token that is not taken', 403, error('InvalidAuthenticationToken'), 'forbidden'],
  ['no token', 401, error('AuthenticationFailed'), 'error'],
  ['a path that is not there', 404, error('PathNotFoundError'), 'error'],
  ['a resource that is not there', 404, error('ResourceNotFoundError'), 'error'],
  ['a workspace that is not there', 404, error('WorkspaceNotFoundError'), 'error'],
  ['a query that is wrong', 400, error('BadArgumentError', 'SyntaxError', 'SYN0002'), 'error'],
  ['too many queries', 429, error('ThrottledError'), 'throttled'],
  ['a query that took too long', 504, error('GatewayTimeout', 'GatewayTimeout'), 'error'],
  ['no content', 204, '', 'error'],
  ['an empty success', 200, '', 'error'],
  ['a page of a gateway', 200, '<html>sign in</html>', 'error'],
  ['a success without a table', 200, {}, 'error'],
]

describe('a Log Analytics workspace that answers', () => {
  it.each(logLines)('%s (%i) is refused', async (_, status, body, reach) => {
    const workspace = { id: 'law', name: 'law', location: 'westeurope', customerId }
    const answer = await queryLogAnalytics(armThat(status, body), workspace, ['Heartbeat'], ['/x'])
    expect(answer).toMatchObject({ state: 'refused', reach })
  })

  it('a partial result is marked as partial', async () => {
    const names = ['R', 'T', 'TimeGenerated', 'ComputerIP', 'Records']
    const columns = names.map((name) => ({ name, type: 'string' }))
    const body = { tables: [{ columns, rows: [] }], ...error('PartialError') }
    const workspace = { id: 'law', name: 'law', location: 'westeurope', customerId }
    const answer = await queryLogAnalytics(armThat(200, body), workspace, ['Heartbeat'], ['/x'])
    expect(answer).toMatchObject({ state: 'answered', partial: true, rows: [] })
  })
})

const metricLines: readonly Line[] = [
  ['no role', 403, error('InsufficientAccessError', 'AuthorizationFailedError'), 'forbidden'],
  ['no token', 401, error('AuthenticationFailed'), 'error'],
  ['a query that is wrong', 422, { status: 'error', errorType: 'QueryValidationError' }, 'error'],
  ['a query that took too long', 503, { status: 'error', errorType: 'timeout' }, 'error'],
  ['an error as a success', 200, { status: 'error', errorType: 'execution' }, 'error'],
  ['too many queries', 429, '', 'throttled'],
  ['no content', 204, '', 'error'],
  ['a success without a result', 200, { status: 'success', data: {} }, 'error'],
]

describe('an Azure Monitor workspace that answers', () => {
  const workspace = {
    id: 'amw',
    name: 'amw',
    location: 'westeurope',
    publicNetworkAccess: 'Enabled',
    hasQueryPrivateEndpoint: true,
    queryEndpoint: 'https://amw-abcd.westeurope.prometheus.monitor.azure.com',
  }

  it.each(metricLines)('%s (%i) is refused', async (_, status, body, reach) => {
    const answer = await queryMetrics(armThat(status, body), workspace, 15)
    expect(answer).toMatchObject({ state: 'refused', reach })
  })

  it('403 while its public access is off is refused to this network', async () => {
    const closed = { ...workspace, publicNetworkAccess: 'Disabled' }
    const answer = await queryMetrics(armThat(403, ''), closed, 15)
    expect(answer).toMatchObject({ state: 'refused', reach: 'network-restricted' })
  })

  it('an empty result is an answer', async () => {
    const body = { status: 'success', data: { resultType: 'vector', result: [] } }
    const answer = await queryMetrics(armThat(200, body), workspace, 15)
    expect(answer).toMatchObject({ state: 'answered', rows: [] })
  })
})
