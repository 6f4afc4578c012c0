import type { Diagnostic } from '../diagnostics.ts'
import { nameOf, parseResourceId } from '../resources/id.ts'
import type { Topology, Workspace } from '../topology/topology.ts'
import { type Question, questionKey } from './question.ts'
import type { Endpoint, Estate, LogWorkspace, MonitorWorkspace } from './estate.ts'
import { explainReading, lookUp } from './reading.ts'

/** An existing Azure Monitor workspace of the file, with its automatic endpoint. */
export interface ResolvedMonitorWorkspace {
  readonly alias: string
  readonly entry: Workspace
  readonly workspace: MonitorWorkspace
  /** Absent if it can't be read; a diagnostic then says why. */
  readonly endpoint?: Endpoint
}

/** An existing Log Analytics workspace of the file. */
export interface ResolvedLogWorkspace {
  readonly alias: string
  readonly entry: Workspace
  readonly workspace: LogWorkspace
}

export interface ResolvedWorkspaces {
  /** In file order, which decides which workspace's endpoint serves a region. */
  readonly monitor: readonly ResolvedMonitorWorkspace[]
  readonly logs: readonly ResolvedLogWorkspace[]
  readonly diagnostics: readonly Diagnostic[]
  readonly questions: readonly Question[]
}

/** Resolves the workspaces of a file, and the automatic endpoints of its Azure Monitor workspaces. */
export function resolveWorkspaces(topology: Topology, estate: Estate): ResolvedWorkspaces {
  const diagnostics: Diagnostic[] = []
  const questions: Question[] = []
  const monitor: ResolvedMonitorWorkspace[] = []
  const logs: ResolvedLogWorkspace[] = []
  const { file } = topology
  for (const entry of topology.azureMonitorWorkspaces) {
    const reading = lookUp(estate, 'monitorWorkspace', entry.id.text)
    if (reading.state === 'unseen') questions.push(reading.question)
    else if (reading.state === 'found') {
      const workspace = reading.value
      const endpoint = findEndpoint(topology, estate, entry, workspace, diagnostics, questions)
      const resolved = { alias: entry.alias, entry, workspace }
      monitor.push(endpoint === undefined ? resolved : { ...resolved, endpoint })
    } else {
      const what = `Azure Monitor workspace "${entry.alias}"`
      diagnostics.push(explainReading(reading, { what, id: entry.id.text, file, at: entry.at }))
    }
  }
  for (const entry of topology.logAnalyticsWorkspaces) {
    const reading = lookUp(estate, 'logWorkspace', entry.id.text)
    if (reading.state === 'unseen') questions.push(reading.question)
    else if (reading.state === 'found')
      logs.push({ alias: entry.alias, entry, workspace: reading.value })
    else {
      const what = `Log Analytics workspace "${entry.alias}"`
      diagnostics.push(explainReading(reading, { what, id: entry.id.text, file, at: entry.at }))
    }
  }
  return { monitor, logs, diagnostics, questions }
}

/** Old accounts have no `defaultIngestionSettings` (recordings, quirk 24): an error by contract section 7. */
function findEndpoint(
  topology: Topology,
  estate: Estate,
  entry: Workspace,
  workspace: MonitorWorkspace,
  diagnostics: Diagnostic[],
  questions: Question[],
): Endpoint | undefined {
  const { file } = topology
  if (workspace.endpointId === undefined) {
    // Resource Graph may omit what the resource provider returns.
    const question = { what: 'monitorWorkspace', id: entry.id.text } as const
    if (!estate.confirmed.has(questionKey(question))) questions.push(question)
    diagnostics.push({
      severity: 'error',
      code: 'unknown-resource',
      message: `Azure Monitor workspace "${entry.alias}" (${workspace.name}) has no automatic data collection endpoint: Azure returns no defaultIngestionSettings for it.`,
      remedy:
        'Use a workspace created after 2022, which has an automatic endpoint, or remove it from the topology file.',
      resource: workspace.id,
      file,
      line: entry.at.line,
      column: entry.at.column,
    })
    return undefined
  }
  const reading = lookUp(estate, 'endpoint', workspace.endpointId)
  if (reading.state === 'found') return reading.value
  if (reading.state === 'unseen') questions.push(reading.question)
  else if (reading.state === 'missing') diagnostics.push(explainGone(file, entry, workspace))
  else {
    diagnostics.push(
      explainReading(reading, {
        what: `the automatic endpoint of Azure Monitor workspace "${entry.alias}"`,
        id: workspace.endpointId,
        file,
        at: entry.at,
      }),
    )
  }
  return undefined
}

/**
 * The diagnostic for an automatic endpoint that was deleted. The file names the workspace and is
 * correct. Azure creates the endpoint together with the workspace, in a managed resource group, and
 * never recreates it.
 */
function explainGone(file: string, entry: Workspace, workspace: MonitorWorkspace): Diagnostic {
  const id = workspace.endpointId ?? ''
  const group = parseResourceId(id)?.resourceGroup ?? ''
  return {
    severity: 'error',
    code: 'unknown-resource',
    message: `Azure Monitor workspace "${entry.alias}" (${workspace.name}) points to its automatic endpoint ${nameOf(id)}, which no longer exists: its managed resource group ${group} was deleted or emptied. The topology file is correct.`,
    remedy: `Azure doesn't recreate that endpoint. Create a new Azure Monitor workspace (or ask Azure support to restore this one), point the rules and remote writers that send to ${workspace.name} to the new one, and name it in the file.`,
    resource: id,
    file,
    line: entry.at.line,
    column: entry.at.column,
  }
}
