import { AzureError } from '../../errors.ts'
import type { LogWorkspace } from '../../estate/estate.ts'
import type { Answer, LogRow } from '../../telemetry/answers.ts'
import { logColumns, logQuery } from '../../telemetry/logQuery.ts'
import type { Arm } from '../arm.ts'
import { field, list, text } from '../azureJson.ts'
import type { QueryAnswer } from './queryServices.ts'
import {
  bodyOf,
  codesOf,
  innermostMessage,
  refused,
  refusedByError,
  refusedByStatus,
} from './refusals.ts'

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Queries a Log Analytics workspace for records of these resources in these tables. An error answer
 * is returned as a refusal, not thrown.
 */
export async function queryLogAnalytics(
  arm: Arm,
  workspace: LogWorkspace,
  tables: readonly string[],
  keys: readonly string[],
): Promise<Answer<LogRow>> {
  const { name, customerId } = workspace
  const { logs } = arm.cloud.queries
  if (logs === undefined) return refused('error', noService(arm.cloud.name))
  if (customerId === undefined || !guid.test(customerId)) {
    return refused(
      'error',
      `Azure returns no workspace id (customerId) for ${name}. Check the workspace in the portal.`,
    )
  }
  const asked = { arm, name, url: `${logs.address}/v1/workspaces/${customerId}/query` }
  let left = tables
  let withCap = true
  for (;;) {
    const { answer, body } = await ask({ ...asked, query: logQuery(left, keys, { withCap }) })
    if ('state' in answer) return answer
    // `isfuzzy` skips missing tables; one that it does not skip is named in the error and removed
    // here.
    const missing = missingName(answer, body)
    if (missing === undefined) return read(answer, body, name)
    if (left.includes(missing)) left = left.filter((table) => table !== missing)
    else if (withCap) withCap = false
    else return read(answer, body, name)
    if (left.length === 0) {
      return { state: 'answered', rows: [], partial: false, at: timeOf(answer) }
    }
  }
}

function noService(cloud: string): string {
  return `The metadata of ${cloud} name no log query service on its own host (logAnalyticsResourceId). Tokens are sent to no other host, so no workspace was queried.`
}

async function ask({
  arm,
  name,
  url,
  query,
}: {
  readonly arm: Arm
  readonly name: string
  readonly url: string
  readonly query: string
}): Promise<{ readonly answer: QueryAnswer | ReturnType<typeof refused>; readonly body: unknown }> {
  try {
    const answer = await arm.ask({
      service: 'logs',
      url,
      contentType: 'application/json',
      body: JSON.stringify({ query }),
      headers: { prefer: 'wait=60' },
      what: `query workspace ${name} for its newest records`,
    })
    return { answer, body: bodyOf(answer) }
  } catch (error) {
    if (!(error instanceof AzureError)) throw error
    return { answer: refusedByError(error, name), body: undefined }
  }
}

/** The table or column that a semantic error reports as missing (facts-2 A.2: SEM0100). */
function missingName({ status }: QueryAnswer, body: unknown): string | undefined {
  if (status !== 400 || !codesOf(body).includes('SEM0100')) return undefined
  return /named '([^']+)'/.exec(innermostMessage(body))?.[1]
}

function read(answer: QueryAnswer, body: unknown, name: string): Answer<LogRow> {
  const { status } = answer
  if (status === 403) return explainForbidden(body, name)
  if (status !== 200 && status !== 204) return refusedByStatus(answer, body, name)
  const table = list(body, 'tables')[0]
  const columns = list(table, 'columns').map((column) => text(column, 'name'))
  if (!Object.values(logColumns).every((column) => columns.includes(column))) {
    return refused('error', describeEmpty(status, name))
  }
  return {
    state: 'answered',
    rows: list(table, 'rows').flatMap((row) => (Array.isArray(row) ? readRow(row, columns) : [])),
    partial: field(body, 'error') !== undefined,
    at: timeOf(answer),
  }
}

/**
 * Recorded: a workspace that never had data answers 204; a gateway that drops the content type, an
 * empty 200.
 */
function describeEmpty(status: number, name: string): string {
  return `Workspace ${name} answered ${status} without a result, which proves nothing; a workspace that never had data answers like this.`
}

function explainForbidden(body: unknown, name: string): Answer<LogRow> {
  return codesOf(body).includes('NspValidationFailedError')
    ? refused(
        'network-restricted',
        `Workspace ${name} refuses queries from this runner's network: its public access for queries is off, or a network security perimeter blocks them. Run verify on a runner inside the private network.`,
      )
    : refused(
        'forbidden',
        `This identity may not query workspace ${name}. Give it the role Log Analytics Reader (or Reader) on the workspace; a new assignment can take up to an hour.`,
      )
}

function readRow(
  row: readonly unknown[],
  columns: readonly (string | undefined)[],
): readonly LogRow[] {
  const cell = (name: keyof typeof logColumns): unknown => row[columns.indexOf(logColumns[name])]
  const [resource, table, address] = [cell('resource'), cell('table'), cell('address')]
  const time = Date.parse(String(cell('lastSeen')))
  const records = Number(cell('records'))
  if (typeof resource !== 'string' || typeof table !== 'string' || Number.isNaN(time)) return []
  return [
    {
      resource,
      table,
      lastSeen: new Date(time).toISOString(),
      address: typeof address === 'string' ? address : '',
      records: Number.isFinite(records) ? records : 0,
    },
  ]
}

/** By the service's clock: a runner's may be an hour off. */
function timeOf({ date }: QueryAnswer): string {
  return new Date(date ?? Date.now()).toISOString()
}
