import type { Estate } from '../estate/estate.ts'
import type { Question } from '../estate/question.ts'
import { compareText, idKey, type ResourceId, parseResourceId } from '../resources/id.ts'
import type { WrittenTopology, WrittenWorkspace } from '../topology/print/written.ts'
import { aliasesFor } from './aliases.ts'
import { claimedIngestion } from './claims.ts'
import { findWorkspaces } from './destinations.ts'
import { chooseExisting } from './existing.ts'
import { findTargets, type FoundTarget } from './findTargets.ts'
import { type Linked, readLinks } from './links.ts'
import { chooseName } from './nameOfTopology.ts'
import { listed, type Notebook, openNotebook, type Place, places, remarksAt } from './notebook.ts'
import { type Proposal, proposeSelects, withProposals } from './proposals.ts'
import { chooseSettings } from './settings.ts'
import { sendersOf, writeTargets } from './writeTargets.ts'

/** What a live scope comes to as a file. */
export interface Discovery {
  readonly topology: WrittenTopology
  /** Selects that could stand for many machines each. */
  readonly proposals: readonly Proposal[]
  /** What the file can't say or nobody can know, in the order of the file: lines of a summary. */
  readonly remarks: readonly string[]
  /** What has to be read before this is to be relied on. */
  readonly questions: readonly Question[]
}

/**
 * From a live estate to the topology file that says what is there (contract section 11). Pure: what it
 * needs to know beyond the estate it asks, and it is run again with the answers.
 */
export function discover(
  estate: Estate,
  { scope, name: given }: { readonly scope: ResourceId; readonly name?: string },
): Discovery {
  const { subscription } = scope
  const notebook = openNotebook(subscription)
  const name = chooseName(estate, scope, given, notebook)
  const linked = readLinks(estate, notebook)
  const targets = findTargets(estate, notebook)
  const workspaces = findWorkspaces(estate, linked, targets, notebook)
  const aliases = aliasesFor(workspaces)
  const used = usedEndpoints(estate, targets)
  const claims = claimedIngestion(estate, { name, scope }, targets, workspaces, used)
  const written = writeTargets(targets, aliases, claims, notebook)
  const machines = written.filter(({ kind }) => kind === 'machine')
  const senders = sendersOf(machines, workspaces, aliases)
  const { relied, ...settings } = chooseSettings(estate, { name, scope }, senders, notebook)
  if (workspaces.monitor.size > 0) notebook.remarks.remoteWrite.push(remoteWriters)
  const proposals = proposeSelects(estate, machines)
  const existing = chooseExisting(estate, linked, targets, notebook)
  const chosen = existing.map(({ value }) => value.id.key)
  sayUnused(linked, new Set([...used, ...relied, ...chosen]), notebook)
  const at = (place: Place) => remarksAt(notebook, place)
  const modes = estate.scope.state === 'found' ? estate.scope.value.modes : undefined
  return {
    topology: {
      remarks: [introduction],
      name: { value: name, remarks: at('name') },
      subscription,
      privateLinkScope: { value: scopeId(estate, scope), remarks: at('privateLinkScope') },
      ...(modes === undefined ? {} : { accessModes: modes }),
      azureMonitorWorkspaces: section(
        writeWorkspaces(workspaces.monitor, aliases),
        at('azureMonitorWorkspaces'),
      ),
      logAnalyticsWorkspaces: section(
        writeWorkspaces(workspaces.logs, aliases),
        at('logAnalyticsWorkspaces'),
      ),
      clusters: section(
        written.filter(({ kind }) => kind === 'cluster'),
        at('clusters'),
      ),
      machines: { entries: withProposals(machines, proposals), remarks: at('machines') },
      remoteWrite: at('remoteWrite'),
      endpoints: { ...settings, existing, remarks: at('dataCollectionEndpoints') },
    },
    proposals,
    remarks: places.flatMap(at),
    questions: notebook.questions,
  }
}

const introduction =
  'Imported from the private link scope as it is. What a plan of this file would change is wrong in Azure today.'

const remoteWriters =
  'Clusters outside Azure that push Prometheus metrics by remote write can not be seen in Azure: name them under remoteWrite, each with a name and the alias of its workspace as metrics.'

/** As Azure writes it, in the case of the one that was asked for. */
function scopeId(estate: Estate, scope: ResourceId): ResourceId {
  const id = estate.scope.state === 'found' ? parseResourceId(estate.scope.value.id) : undefined
  return id?.key === scope.key ? id : scope
}

function section<T>(values: readonly T[], remarks: readonly string[]) {
  return { entries: values.map((value) => ({ value, remarks: [] })), remarks }
}

function writeWorkspaces(
  workspaces: ReadonlyMap<string, { readonly id: string }>,
  aliases: ReadonlyMap<string, string>,
): readonly WrittenWorkspace[] {
  return [...workspaces]
    .flatMap(([key, workspace]) => {
      const id = parseResourceId(workspace.id)
      const alias = aliases.get(key)
      return id === undefined || alias === undefined ? [] : [{ alias, id }]
    })
    .toSorted((a, b) => compareText(a.alias, b.alias))
}

/** Keys of endpoints that somebody is associated with, or that a rule of a target sends through. */
function usedEndpoints(estate: Estate, targets: readonly FoundTarget[]): ReadonlySet<string> {
  const used = new Set<string>()
  for (const { endpointId } of estate.associations.values()) {
    if (endpointId !== undefined) used.add(idKey(endpointId))
  }
  for (const { rules } of targets) {
    for (const { endpointId } of rules) if (endpointId !== undefined) used.add(idKey(endpointId))
  }
  return used
}

function sayUnused(linked: Linked, used: ReadonlySet<string>, { remarks, say }: Notebook): void {
  const unused = [...linked.endpoints]
    .filter(([key]) => !used.has(key) && !linked.automatic.has(key))
    .map(([, { id }]) => say(id))
  if (unused.length === 0) return
  const they =
    unused.length === 1 ? 'is linked, but no target uses it' : 'are linked, but no target uses them'
  remarks.dataCollectionEndpoints.push(
    `${listed(unused)} ${they}: not in this file, and left as it is.`,
  )
}
