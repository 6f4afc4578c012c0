import type { Endpoint, Estate, MonitorWorkspace } from '../estate/estate.ts'
import type { Question } from '../estate/question.ts'
import { compareText, idKey, type ResourceId, parseResourceId } from '../resources/id.ts'
import { machineEndpointName } from '../resources/names.ts'
import { sendsPrometheus } from '../rules/clusterIngestion.ts'
import { defaultNames } from '../topology/templates.ts'
import type { WrittenTarget, WrittenTopology, WrittenWorkspace } from '../topology/print/written.ts'
import { aliasesFor } from './aliases.ts'
import { type FoundWorkspaces, findWorkspaces } from './destinations.ts'
import { chooseExisting } from './existing.ts'
import { findTargets, type FoundTarget } from './findTargets.ts'
import { type Linked, readLinks } from './links.ts'
import { ownedEndpoints } from './marks.ts'
import { chooseName } from './nameOfTopology.ts'
import { listed, type Notebook, openNotebook, type Place, places } from './notebook.ts'
import { type Proposal, proposeSelects, withProposals } from './proposals.ts'
import { chooseSettings, type Sender } from './settings.ts'

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
  const written = targets.map((target) => writeTarget(target, aliases, claims))
  const machines = written.filter(({ kind }) => kind === 'machine')
  const settings = chooseSettings(
    estate,
    { name, scope },
    sendersOf(machines, workspaces, aliases),
    notebook,
  )
  sayUnused(linked, used, claims, notebook)
  if (workspaces.monitor.size > 0) notebook.remarks.remoteWrite.push(remoteWriters)
  const proposals = proposeSelects(estate, machines)
  const existing = chooseExisting(estate, linked, targets, notebook)
  const { remarks, questions } = notebook
  const modes = estate.scope.state === 'found' ? estate.scope.value.modes : undefined
  return {
    topology: {
      remarks: [introduction],
      name: { value: name, remarks: remarks.name },
      subscription,
      privateLinkScope: { value: scopeId(estate, scope), remarks: remarks.privateLinkScope },
      ...(modes === undefined ? {} : { accessModes: modes }),
      azureMonitorWorkspaces: section(
        writeWorkspaces(workspaces.monitor, aliases),
        remarks.azureMonitorWorkspaces,
      ),
      logAnalyticsWorkspaces: section(
        writeWorkspaces(workspaces.logs, aliases),
        remarks.logAnalyticsWorkspaces,
      ),
      clusters: section(
        written.filter(({ kind }) => kind === 'cluster'),
        remarks.clusters,
      ),
      machines: { entries: withProposals(machines, proposals), remarks: remarks.machines },
      remoteWrite: remarks.remoteWrite,
      endpoints: { ...settings, existing, remarks: remarks.dataCollectionEndpoints },
    },
    proposals,
    remarks: places.flatMap((place: Place) => remarks[place]),
    questions,
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

/** A machine's key to the workspace that it is taken to send metrics to, by an endpoint that was made for it. */
type Claims = ReadonlyMap<string, { readonly workspace: string; readonly endpoint: string }>

function writeTarget(
  { key, id, kind, rules }: FoundTarget,
  aliases: ReadonlyMap<string, string>,
  claims: Claims,
): WrittenTarget {
  // Under a cluster only managed Prometheus goes by `metrics`.
  const metering = kind === 'cluster' ? rules.filter(sendsPrometheus) : rules
  const claimed = claims.get(key)?.workspace
  const metrics = [
    ...namesOf(
      metering.flatMap((rule) => rule.metricsDestinations),
      aliases,
    ),
    ...(claimed === undefined ? [] : namesOf([claimed], aliases)),
  ][0]
  const logs = namesOf(
    rules.flatMap((rule) => rule.logDestinations),
    aliases,
  )
  return { kind, id, ...(metrics === undefined ? {} : { metrics }), logs }
}

/** The aliases of these workspaces, in order; of those that are not in the file none. */
function namesOf(ids: readonly string[], aliases: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set(ids.flatMap((id) => aliases.get(idKey(id)) ?? []))].toSorted(compareText)
}

function sendersOf(
  machines: readonly WrittenTarget[],
  workspaces: FoundWorkspaces,
  aliases: ReadonlyMap<string, string>,
): readonly Sender[] {
  const byAlias = new Map(
    [...workspaces.monitor].map(([key, workspace]) => [aliases.get(key) ?? '', workspace]),
  )
  return machines.flatMap(({ id, metrics }) => {
    const workspace = metrics === undefined ? undefined : byAlias.get(metrics)
    return workspace === undefined ? [] : [{ id, workspace }]
  })
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

/**
 * Endpoints of ours that were made for one machine's metrics and that no rule sends through yet: the file
 * that made them named that machine with `metrics`, and without it would delete them.
 */
function claimedIngestion(
  estate: Estate,
  topology: { readonly name: string; readonly scope: ResourceId },
  targets: readonly FoundTarget[],
  workspaces: FoundWorkspaces,
  used: ReadonlySet<string>,
): Claims {
  const waiting = ownedEndpoints(estate, topology.name, topology.scope).filter(
    ({ id }) => !used.has(idKey(id)),
  )
  const claims = new Map<string, { workspace: string; endpoint: string }>()
  if (waiting.length === 0) return claims
  const byName = new Map(waiting.map((endpoint) => [endpoint.name.toLowerCase(), endpoint]))
  for (const { key, kind, id } of targets) {
    if (kind !== 'machine') continue
    for (const region of new Set(waiting.map(({ location }) => location))) {
      const name = machineEndpointName(defaultNames.machineName, {
        topology: topology.name,
        region,
        machineId: id.key,
      })
      const endpoint = byName.get(name?.toLowerCase() ?? '')
      const workspace = endpoint === undefined ? undefined : workspaceIn(endpoint, workspaces)
      if (endpoint === undefined || workspace === undefined) continue
      claims.set(key, { workspace: workspace.id, endpoint: idKey(endpoint.id) })
    }
  }
  return claims
}

function workspaceIn(
  { location }: Endpoint,
  { monitor }: FoundWorkspaces,
): MonitorWorkspace | undefined {
  return [...monitor.values()].find((workspace) => workspace.location === location)
}

function sayUnused(
  linked: Linked,
  used: ReadonlySet<string>,
  claims: Claims,
  { remarks, say }: Notebook,
): void {
  const claimed = new Set([...claims.values()].map(({ endpoint }) => endpoint))
  const unused = [...linked.endpoints]
    .filter(([key]) => !used.has(key) && !claimed.has(key) && !linked.automatic.has(key))
    .map(([, { id }]) => say(id))
  if (unused.length === 0) return
  const they =
    unused.length === 1 ? 'is linked, but no target uses it' : 'are linked, but no target uses them'
  remarks.dataCollectionEndpoints.push(
    `${listed(unused)} ${they}: not in this file, and left as it is.`,
  )
}
