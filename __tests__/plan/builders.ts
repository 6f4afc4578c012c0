import type { Change } from '../../src/plan/plan.ts'
import type { Proposal } from '../../src/plan/propose.ts'
import type {
  Absent,
  ConfigurationAssociation,
  Endpoint,
  Link,
  LogWorkspace,
  MonitorWorkspace,
  Reading,
  Rule,
  Target,
} from '../../src/estate/estate.ts'
import { parseResourceId, type ResourceId } from '../../src/resources/id.ts'
import { linkName } from '../../src/resources/names.ts'
import type { TargetEntry, Topology } from '../../src/topology/topology.ts'
import { noLimits, proposeFor } from '../oracle/disagree.ts'
import { found, low, observe, type World } from '../oracle/world.ts'

/** Small files and estates for tests of the pure core: everything has a plain default. */

export const sub = '11111111-1111-1111-1111-111111111111'
export const place = { line: 1, column: 1 }
const insights = 'Microsoft.Insights'

export function idOf(text: string): ResourceId {
  const id = parseResourceId(text)
  if (!id) throw new Error(`no id: ${text}`)
  return id
}

const at = (group: string, type: string, name: string) =>
  `/subscriptions/${sub}/resourceGroups/${group}/providers/${type}/${name}`

export const vmId = (name: string) => at('rg-app', 'Microsoft.Compute/virtualMachines', name)
export const aksId = (name: string) =>
  at('rg-aks', 'Microsoft.ContainerService/managedClusters', name)
export const dceId = (name: string, group = 'rg-monitor') =>
  at(group, `${insights}/dataCollectionEndpoints`, name)
export const dcrId = (name: string) => at('rg-rules', `${insights}/dataCollectionRules`, name)
export const lawId = (name: string) =>
  at('rg-monitor', 'Microsoft.OperationalInsights/workspaces', name)
export const amwId = (name: string) => at('rg-monitor', 'Microsoft.Monitor/accounts', name)
export const scopeId = at('rg-monitor', `${insights}/privateLinkScopes`, 'ampls')

export const ours = { 'azure-monitor-private-link': 'prod/7ccb9b9f' }
export const mark = 'Managed by azure-monitor-private-link (prod/7ccb9b9f)'

export function machine(name: string, more: Partial<TargetEntry> = {}): TargetEntry {
  return { kind: 'machine', id: idOf(vmId(name)), at: place, logs: [], ...more }
}

export function cluster(name: string, more: Partial<TargetEntry> = {}): TargetEntry {
  return { kind: 'cluster', id: idOf(aksId(name)), at: place, logs: [], ...more }
}

export function topology(
  more: Partial<Omit<Topology, 'endpoints'>> & { endpoints?: Partial<Topology['endpoints']> } = {},
): Topology {
  const { endpoints, ...rest } = more
  return {
    file: 'topology.yml',
    name: 'prod',
    formerNames: [],
    subscription: sub,
    privateLinkScope: { id: idOf(scopeId), at: place },
    accessModes: { at: place },
    azureMonitorWorkspaces: [],
    logAnalyticsWorkspaces: [],
    targets: [],
    selects: [],
    remoteWrite: [],
    existingAssociations: 'adopt',
    waivers: [],
    ...rest,
    endpoints: {
      resourceGroup: { subscription: sub, name: 'rg-monitor' },
      regionalName: 'dce-{topology}-{region}',
      machineName: 'dce-{machine}-{hash}',
      machineIngestion: 'perMachine',
      publicNetworkAccess: 'Disabled',
      tags: {},
      existing: [],
      at: place,
      ...endpoints,
    },
  }
}

export const metricsFrom = (name: string) => ({ alias: name, id: idOf(amwId(name)), at: place })
export const logsFrom = (name: string) => ({ alias: name, id: idOf(lawId(name)), at: place })

type Listed<T> = T | { readonly id: string; readonly state: 'missing' | 'unreadable' }

/** The resources in Azure; each is found unless stated otherwise. */
export interface There {
  readonly scope?: World['scope']
  readonly links?: readonly Link[]
  readonly privateEndpoints?: World['privateEndpoints']
  readonly selected?: World['selected']
  readonly hiddenSubscriptions?: Iterable<readonly [string, Absent]>
  readonly targets?: readonly Listed<Target>[]
  readonly monitorWorkspaces?: readonly Listed<MonitorWorkspace>[]
  readonly logWorkspaces?: readonly Listed<LogWorkspace>[]
  readonly endpoints?: readonly Listed<Endpoint>[]
  readonly rules?: readonly Listed<Rule>[]
  readonly associations?: readonly ConfigurationAssociation[]
  /** Ids of rules by id of the target. */
  readonly ruleAssociations?: Readonly<Record<string, readonly string[]>>
}

export function world(there: There = {}): World {
  return {
    scope: there.scope ?? scope(),
    links: there.links ?? [],
    privateEndpoints: there.privateEndpoints ?? [
      { connection: 'pe', approved: true, staticAddresses: false },
    ],
    targets: shelf(there.targets),
    selected: there.selected ?? [],
    hiddenSubscriptions: new Map(there.hiddenSubscriptions ?? []),
    monitorWorkspaces: shelf(there.monitorWorkspaces),
    logWorkspaces: shelf(there.logWorkspaces),
    endpoints: shelf(there.endpoints),
    rules: shelf(there.rules),
    associations: new Map((there.associations ?? []).map((one) => [low(one.target), one])),
    ruleAssociations: new Map(
      Object.entries(there.ruleAssociations ?? {}).map(([id, rules]) => [low(id), rules.map(low)]),
    ),
  }
}

function shelf<T extends { readonly id: string }>(
  list: readonly Listed<T>[] = [],
): Map<string, Reading<T>> {
  return new Map(
    list.map((one): [string, Reading<T>] => {
      const key = low(one.id)
      if (!('state' in one)) return [key, found(one)]
      return [
        key,
        one.state === 'missing' ? { state: 'missing' } : { state: 'unreadable', why: 'Forbidden' },
      ]
    }),
  )
}

export function scope(
  ingestion: 'Open' | 'PrivateOnly' = 'Open',
  query: 'Open' | 'PrivateOnly' = 'Open',
): World['scope'] {
  return found({ id: scopeId, provisioningState: 'Succeeded', modes: { ingestion, query } })
}

export function target(id: string, location: string, more: Partial<Target> = {}): Target {
  const { name, type } = idOf(id)
  return { id, name, type, location, tags: {}, ...more }
}

export function endpoint(id: string, location: string, more: Partial<Endpoint> = {}): Endpoint {
  const { name } = idOf(id)
  return { id, name, location, tags: {}, publicNetworkAccess: 'Disabled', links: [], ...more }
}

export function workspace(name: string, location: string, endpointId?: string): MonitorWorkspace {
  return {
    id: amwId(name),
    name,
    location,
    hasQueryPrivateEndpoint: true,
    ...(endpointId !== undefined && { endpointId }),
  }
}

export function logWorkspace(name: string): LogWorkspace {
  return { id: lawId(name), name, location: 'westeurope' }
}

export function rule(name: string, more: Partial<Rule> = {}): Rule {
  return {
    id: dcrId(name),
    name,
    location: 'westeurope',
    streams: [],
    logDestinations: [],
    metricsDestinations: [],
    ...more,
  }
}

export function link(
  linkedResourceId: string,
  name?: string,
  provisioningState = 'Succeeded',
): Link {
  const called = name ?? linkName('prod', linkedResourceId)
  return {
    id: `${scopeId}/scopedResources/${called}`,
    name: called,
    linkedResourceId,
    provisioningState,
  }
}

export function association(
  targetId: string,
  endpointId: string,
  description?: string,
): ConfigurationAssociation {
  return {
    id: `${targetId}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`,
    target: targetId,
    endpointId,
    ...(description !== undefined && { description }),
  }
}

/** The plan for a file, after all its questions are answered. */
export function proposalOf(file: Topology, azure: World, limits = noLimits): Proposal {
  return proposeFor(file, azure, observe(azure), limits)
}

/** A change in short form, such as `create association vm-01`. */
export function say(change: Pick<Change, 'action' | 'kind' | 'id' | 'after' | 'before'>): string {
  const object = change.after ?? change.before
  const name = (id: string) => id.split('/').at(-1) ?? ''
  switch (object?.kind) {
    case 'association':
      return `${change.action} association ${name(object.target)} → ${name(object.endpointId ?? object.ruleId ?? '')}`
    case 'scopedResource':
      return `${change.action} link ${name(object.linkedResourceId)}`
    case 'accessModes':
      return `${change.action} modes ${object.ingestion}/${object.query}`
    case 'dataCollectionEndpoint':
    case undefined:
      return `${change.action} endpoint ${name(change.id)}`
  }
}

/** The changes of a plan and its errors and warnings, except those about the environment, in short form. */
export function summarize(file: Topology, azure: World): { changes: string[]; problems: string[] } {
  const { plan } = proposalOf(file, azure)
  const name = (id: string | undefined) => id?.split('/').at(-1) ?? ''
  return {
    changes: plan.changes.map(say),
    problems: plan.diagnostics.map((one) =>
      `${one.severity} ${one.code} ${name(one.resource)}`.trim(),
    ),
  }
}
