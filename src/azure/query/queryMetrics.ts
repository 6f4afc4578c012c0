import { AzureError } from '../../errors.ts'
import type { MonitorWorkspace } from '../../estate/estate.ts'
import type { Answer, MetricRow } from '../../telemetry/answers.ts'
import { clusterLabel, metricsQuery, resourceLabel, timeOf } from '../../telemetry/metricsQuery.ts'
import type { Arm } from '../arm.ts'
import { field, list, text } from '../azureJson.ts'
import type { QueryAnswer } from './queryServices.ts'
import { bodyOf, refused, refusedByError, refusedByStatus } from './refusals.ts'

/**
 * Queries an Azure Monitor workspace for the series within the window. An error answer is returned
 * as a refusal, not thrown.
 */
export async function queryMetrics(
  arm: Arm,
  workspace: MonitorWorkspace,
  windowMinutes: number,
): Promise<Answer<MetricRow>> {
  const { name, queryEndpoint } = workspace
  if (queryEndpoint === undefined || !URL.canParse(queryEndpoint)) {
    return refused(
      'error',
      `Azure returns no query endpoint for workspace ${name}. Check the workspace in the portal.`,
    )
  }
  const isClosed = workspace.publicNetworkAccess?.toLowerCase() === 'disabled'
  try {
    const answer = await arm.ask({
      service: 'metrics',
      url: `${queryEndpoint.replace(/\/+$/, '')}/api/v1/query`,
      contentType: 'application/x-www-form-urlencoded',
      body: new URLSearchParams({ query: metricsQuery(windowMinutes) }).toString(),
      what: `query workspace ${name} for its newest series`,
    })
    return read(answer, { name, isClosed })
  } catch (error) {
    if (!(error instanceof AzureError)) throw error
    const refusal = refusedByError(error, name)
    // From outside, a closed workspace looks unreachable. A host that we refused to query says
    // nothing.
    return isClosed && error.status === undefined && isLostConnection(error)
      ? refused('network-restricted', describeClosed(name))
      : refusal
  }
}

/** False if nothing was sent or the sign-in failed: that says nothing about the network. */
function isLostConnection({ code, reason }: AzureError): boolean {
  return code !== 'ForeignOrigin' && code !== 'WriteRefused' && reason === 'azure-error'
}

function read(
  answer: QueryAnswer,
  { name, isClosed }: { readonly name: string; readonly isClosed: boolean },
): Answer<MetricRow> {
  const { status, date } = answer
  const body = bodyOf(answer)
  if (status === 403) {
    return isClosed
      ? refused('network-restricted', describeClosed(name))
      : refused('forbidden', describeForbidden(name))
  }
  const isWhole = status === 200 && text(body, 'status') === 'success'
  if (!isWhole && status !== 200 && status !== 204) return refusedByStatus(answer, body, name)
  if (!isWhole || !Array.isArray(field(body, 'data', 'result'))) {
    return refused(
      'error',
      `Workspace ${name} answered ${status} without a result, which proves nothing. Run again.`,
    )
  }
  return {
    state: 'answered',
    rows: list(body, 'data', 'result').flatMap(readSeries),
    partial: list(body, 'warnings').length > 0 || field(body, 'error') !== undefined,
    at: new Date(date ?? Date.now()).toISOString(),
  }
}

function readSeries(series: unknown): readonly MetricRow[] {
  const value = list(series, 'value')[1]
  if (typeof value !== 'string' && typeof value !== 'number') return []
  const lastSeen = timeOf(Number(value))
  return [
    {
      resource: labelOf(series, resourceLabel) || labelOf(series, 'microsoft_resourceid'),
      cluster: labelOf(series, clusterLabel),
      ...(lastSeen === undefined ? {} : { lastSeen }),
    },
  ]
}

function labelOf(series: unknown, name: string): string {
  return text(field(series, 'metric'), name) ?? ''
}

function describeClosed(name: string): string {
  return `Workspace ${name} refuses queries from this runner's network: its public access is off. Run verify on a runner in a network with a private endpoint of the workspace (prometheusMetrics).`
}

function describeForbidden(name: string): string {
  return `This identity may not query workspace ${name}. Give it the role Monitoring Data Reader on the workspace; a new assignment can take up to an hour.`
}
