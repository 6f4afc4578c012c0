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

/** A live scope as a topology file. */
export interface Discovery {
  readonly topology: WrittenTopology
  /** Selects that could each replace many machines. */
  readonly proposals: readonly Proposal[]
  /**
   * What the file can't express and what could not be determined, in the order of the file: lines
   * of the summary.
   */
  readonly remarks: readonly string[]
  /** What must be read before this result is reliable. */
  readonly questions: readonly Question[]
}

/**
 * Derives the topology file that describes a live estate (contract section 11). Returns questions
 * about what the estate does not hold, and is called again with the answers.
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
  noteUnused(linked, new Set([...used, ...relied, ...chosen]), notebook)
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
  'Imported from the private link scope as it is now. If a plan of this file shows a change, that is something wrong in Azure today.'

const remoteWriters =
  'Clusters outside Azure that push Prometheus metrics by remote write are not visible in Azure: add them under remoteWrite, each with a name and the alias of its workspace as metrics.'

/** The id as Azure spells it, if it is the requested scope. */
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

/** Keys of endpoints that a resource is associated with, or that a target's rule sends through. */
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

function noteUnused(
  linked: Linked,
  used: ReadonlySet<string>,
  { remarks, shortId }: Notebook,
): void {
  const unused = [...linked.endpoints]
    .filter(([key]) => !used.has(key) && !linked.automatic.has(key))
    .map(([, { id }]) => shortId(id))
  if (unused.length === 0) return
  const they =
    unused.length === 1 ? 'is linked, but no target uses it' : 'are linked, but no target uses them'
  remarks.dataCollectionEndpoints.push(
    `${listed(unused)} ${they}: left out of this file and unchanged.`,
  )
}
