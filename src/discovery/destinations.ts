import type { Estate, LogWorkspace, MonitorWorkspace } from '../estate/estate.ts'
import { questionKey } from '../estate/question.ts'
import { lookUp } from '../estate/reading.ts'
import { compareText, idKey, parseResourceId } from '../resources/id.ts'
import { isWritable } from '../topology/print/reference.ts'
import { noteAddons } from './addons.ts'
import type { FoundTarget } from './findTargets.ts'
import type { Linked } from './links.ts'
import { foundIn, type Notebook } from './notebook.ts'

/** The workspaces that the file will name, by key, in order. */
export interface FoundWorkspaces {
  readonly monitor: ReadonlyMap<string, MonitorWorkspace>
  readonly logs: ReadonlyMap<string, LogWorkspace>
}

/**
 * Finds the workspaces of the file: those that the scope links (an Azure Monitor workspace through
 * its automatic endpoint) and those that a target of the file sends to.
 */
export function findWorkspaces(
  estate: Estate,
  linked: Linked,
  targets: readonly FoundTarget[],
  notebook: Notebook,
): FoundWorkspaces {
  const senders = countSenders(targets)
  const logKeys = new Set([...linked.logKeys, ...senders.logs.keys()])
  const logs = new Map<string, LogWorkspace>()
  for (const key of [...logKeys].toSorted(compareText)) {
    const workspace = foundIn(lookUp(estate, 'logWorkspace', key), notebook)
    if (workspace === undefined) noteLost('logWorkspace', key, estate, senders.logs, notebook)
    else if (isNameable(workspace.id, 'logAnalyticsWorkspaces', notebook)) logs.set(key, workspace)
  }
  noteAddons(targets, logKeys, notebook)
  const automatic = [...linked.automatic]
    .filter(([endpoint]) => linked.endpointKeys.has(endpoint))
    .map(([, workspace]) => idKey(workspace.id))
  const monitorKeys = new Set([...automatic, ...senders.metrics.keys()])
  const monitor = new Map<string, MonitorWorkspace>()
  for (const key of [...monitorKeys].toSorted(compareText)) {
    const workspace = foundIn(lookUp(estate, 'monitorWorkspace', key), notebook)
    if (workspace === undefined)
      noteLost('monitorWorkspace', key, estate, senders.metrics, notebook)
    else if (workspace.endpointId === undefined) noteWithoutEndpoint(workspace, estate, notebook)
    else if (isNameable(workspace.id, 'azureMonitorWorkspaces', notebook)) {
      monitor.set(key, workspace)
    }
  }
  return { monitor, logs }
}

type Counts = ReadonlyMap<string, number>

/** How many targets send to each workspace, by key. */
function countSenders(targets: readonly FoundTarget[]): {
  readonly logs: Counts
  readonly metrics: Counts
} {
  const count = (idsOf: (target: FoundTarget) => readonly string[]) => {
    const counts = new Map<string, number>()
    for (const target of targets) {
      for (const key of new Set(idsOf(target).map(idKey))) {
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
    }
    return counts
  }
  return {
    logs: count(({ rules }) => rules.flatMap((rule) => rule.logDestinations)),
    metrics: count(({ rules }) => rules.flatMap((rule) => rule.metricsDestinations)),
  }
}

function noteLost(
  what: 'logWorkspace' | 'monitorWorkspace',
  key: string,
  estate: Estate,
  senders: Counts,
  { remarks, leftOut, shortId }: Notebook,
): void {
  const reading = lookUp(estate, what, key)
  if (reading.state === 'unseen' || leftOut.has(key)) return
  const count = senders.get(key) ?? 0
  const who = count === 1 ? 'A rule of 1 target sends' : `Rules of ${count} targets send`
  const why =
    reading.state === 'missing' ? 'which does not exist' : 'which this identity cannot read'
  const place = what === 'logWorkspace' ? 'logAnalyticsWorkspaces' : 'azureMonitorWorkspaces'
  remarks[place].push(`${who} to ${shortId(key)}, ${why}.`)
}

/** Old accounts have no automatic endpoint (recordings, quirk 24), so a plan cannot use them. */
function noteWithoutEndpoint(
  workspace: MonitorWorkspace,
  estate: Estate,
  notebook: Notebook,
): void {
  const question = { what: 'monitorWorkspace', id: workspace.id } as const
  // Resource Graph may omit an endpoint that the provider returns.
  if (!estate.confirmed.has(questionKey(question))) notebook.questions.push(question)
  notebook.remarks.azureMonitorWorkspaces.push(
    `${notebook.shortId(workspace.id)} has no automatic data collection endpoint, so it can't be in this file.`,
  )
}

function isNameable(
  id: string,
  section: 'logAnalyticsWorkspaces' | 'azureMonitorWorkspaces',
  { remarks, shortId }: Notebook,
): boolean {
  const parsed = parseResourceId(id)
  if (parsed !== undefined && isWritable(parsed, section)) return true
  remarks[section].push(`${shortId(id)} has an id that this file can't express.`)
  return false
}
