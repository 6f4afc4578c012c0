import type {
  AzureSimulator,
  CommittedWrite,
  EstateSeed,
  SeedResource,
} from '../../simulator/simulator.ts'
import { type JudgedTarget, type JudgedTopology, plainRegion } from './topology.ts'

/** One write of a run, with the state of Azure right after it. */
export interface Step {
  readonly write: Pick<CommittedWrite, 'n' | 'method' | 'id' | 'phase' | 'before' | 'after'>
  readonly after: EstateSeed
}

/** One run of an apply, as Azure saw it. */
export interface Watched {
  readonly before: EstateSeed
  readonly steps: readonly Step[]
}

/** Records the state of Azure after every write until it is stopped. */
export function watch(azure: AzureSimulator): { readonly stop: () => Watched } {
  const before = azure.snapshot()
  const steps: Step[] = []
  const end = azure.onCommit(({ n, method, id, phase, before: was, after }) => {
    const write = {
      n,
      method,
      id,
      phase,
      ...(was === undefined ? {} : { before: was }),
      ...(after === undefined ? {} : { after }),
    }
    steps.push({ write, after: azure.snapshot() })
  })
  return {
    stop: () => {
      end()
      return { before, steps }
    },
  }
}

/**
 * Judges a run by contract section 4, "How promise 3 is judged": every capability that holds before and in the
 * desired state holds after every single write; an association never comes before its endpoint's link;
 * ingestion is closed only when everything holds, and opened before anything else; nothing is unlinked or
 * deleted while it is in use. Returns the violations, one sentence each.
 *
 * `desired` is the state of Azure after a complete run.
 */
export function judge(
  topology: JudgedTopology,
  run: Watched,
  desired: EstateSeed,
): readonly string[] {
  const broken: string[] = []
  const before = stateOf(topology, run.before)
  const after = stateOf(topology, desired)
  const lasting = topology.targets.map((target) => {
    const wanted = capabilities(target, after)
    return { target, names: [...capabilities(target, before)].filter((name) => wanted.has(name)) }
  })
  let previous = before
  run.steps.forEach((step, index) => {
    const state = stateOf(topology, step.after)
    const what = `write ${index + 1} (${step.write.phase} ${step.write.method} ${step.write.id})`
    for (const { target, names } of lasting) {
      const held = capabilities(target, state)
      for (const name of names.filter((one) => !held.has(one))) {
        broken.push(`after ${what}, ${target.key} has lost ${name}`)
      }
    }
    broken.push(
      ...judgeAssociation(step, state, what),
      ...judgeModes(topology, step, { index, previous, state, all: run.steps }, what),
      ...judgeRemoval(step, state, what),
    )
    previous = state
  })
  return [...broken, ...judgeLane(topology, run)]
}

/** A state of Azure as the contract lists it. */
interface State {
  /** Region by key of the endpoint. */
  readonly endpoints: ReadonlyMap<string, string>
  /** Keys of the resources with a `Succeeded` link in the scope. */
  readonly links: ReadonlySet<string>
  /** Keys of the resources that any scope links, in any state. */
  readonly linked: ReadonlySet<string>
  /** Key of the endpoint by key of the associated target. */
  readonly associations: ReadonlyMap<string, string>
  /** By key of the target: the endpoints that its rules send through, and the workspaces that they send logs to. */
  readonly sent: ReadonlyMap<
    string,
    {
      readonly endpoints: readonly string[]
      readonly logs: readonly string[]
      /** True when one of its rules needs an endpoint and names none. */
      readonly pathless: boolean
    }
  >
  /** By key of the cluster: the workspaces that its add-ons send to. */
  readonly addons: ReadonlyMap<string, readonly string[]>
  /** Keys of the endpoints that any rule sends through. */
  readonly senders: ReadonlySet<string>
  /** Region by key of the target. */
  readonly regions: ReadonlyMap<string, string>
  readonly modes: Modes
}

interface Modes {
  readonly ingestion: string
  readonly query: string
}

const associationPart = '/providers/microsoft.insights/datacollectionruleassociations/'

function stateOf(topology: JudgedTopology, { resources }: EstateSeed): State {
  const byKey = new Map(resources.map((resource) => [resource.id.toLowerCase(), resource]))
  const ofType = (type: string) => [...byKey].filter(([key]) => typeOf(key) === type)
  const links = ofType('microsoft.insights/privatelinkscopes/scopedresources')
  const associations = [...byKey].filter(([key]) => key.includes(associationPart))
  const rules = new Map(ofType('microsoft.insights/datacollectionrules'))
  const sent = new Map<string, { endpoints: string[]; logs: string[]; pathless: boolean }>()
  for (const [key, association] of associations) {
    const rule = rules.get(reference(association, 'dataCollectionRuleId') ?? '')
    if (rule === undefined) continue
    const [target = ''] = key.split(associationPart)
    const known = sent.get(target) ?? { endpoints: [], logs: [], pathless: false }
    const endpoint = reference(rule, 'dataCollectionEndpointId')
    if (endpoint !== undefined) known.endpoints.push(endpoint)
    known.logs.push(...logDestinations(rule))
    known.pathless ||= isPathless(rule)
    sent.set(target, known)
  }
  const endpoints = ofType('microsoft.insights/datacollectionendpoints')
  const linksTo = (held: readonly (readonly [string, SeedResource])[]) =>
    new Set(held.flatMap(([, link]) => reference(link, 'linkedResourceId') ?? []))
  return {
    endpoints: new Map(endpoints.map(([key, { location }]) => [key, plainRegion(location)])),
    links: linksTo(
      links.filter(
        ([key, { properties }]) =>
          key.startsWith(`${topology.scope}/`) && properties?.['provisioningState'] === undefined,
      ),
    ),
    linked: linksTo(links),
    associations: new Map(
      associations.flatMap(([key, association]) => {
        const endpoint = reference(association, 'dataCollectionEndpointId')
        return endpoint === undefined ? [] : [[key.split(associationPart)[0] ?? '', endpoint]]
      }),
    ),
    sent,
    addons: new Map([...byKey].map(([key, resource]) => [key, addonWorkspaces(resource)])),
    senders: new Set(
      [...rules.values()].flatMap((r) => reference(r, 'dataCollectionEndpointId') ?? []),
    ),
    regions: new Map([...byKey].map(([key, { location }]) => [key, plainRegion(location)])),
    modes: modesOf(byKey.get(topology.scope)),
  }
}

/** `provider/type/type` of a key. */
function typeOf(key: string): string {
  const [provider = '', ...rest] = key.split('/providers/').at(-1)?.split('/') ?? []
  return [provider, ...rest.filter((_, index) => index % 2 === 0)].join('/')
}

function reference(resource: SeedResource, property: string): string | undefined {
  const value = resource.properties?.[property]
  return typeof value === 'string' ? value.toLowerCase() : undefined
}

function logDestinations(rule: SeedResource): readonly string[] {
  const destinations = rule.properties?.['destinations'] as
    { readonly logAnalytics?: readonly { readonly workspaceResourceId: string }[] } | undefined
  return (destinations?.logAnalytics ?? []).map((one) => one.workspaceResourceId.toLowerCase())
}

/** A rule to an Azure Monitor workspace, or with a stream of Microsoft's list, that names no endpoint. */
function isPathless(rule: SeedResource): boolean {
  if (reference(rule, 'dataCollectionEndpointId') !== undefined) return false
  const { destinations, dataFlows } = (rule.properties ?? {}) as {
    readonly destinations?: { readonly monitoringAccounts?: readonly unknown[] }
    readonly dataFlows?: readonly { readonly streams?: readonly string[] }[]
  }
  const needy =
    /^microsoft-(prometheusmetrics|otelperfmetrics|windowsfirewall|containerlogv2-highscale)$/i
  return (
    (destinations?.monitoringAccounts ?? []).length > 0 ||
    (dataFlows ?? []).some(({ streams = [] }) => streams.some((one) => needy.test(one)))
  )
}

function addonWorkspaces({ properties = {} }: SeedResource): readonly string[] {
  const { addonProfiles, azureMonitorProfile } = properties as {
    readonly addonProfiles?: {
      readonly omsagent?: {
        readonly enabled?: boolean
        readonly config?: { readonly logAnalyticsWorkspaceResourceID?: string }
      }
    }
    readonly azureMonitorProfile?: {
      readonly containerInsights?: {
        readonly enabled?: boolean
        readonly logAnalyticsWorkspaceResourceId?: string
      }
    }
  }
  const { omsagent } = addonProfiles ?? {}
  const { containerInsights } = azureMonitorProfile ?? {}
  const of = [
    omsagent?.enabled === true ? omsagent.config?.logAnalyticsWorkspaceResourceID : undefined,
    containerInsights?.enabled === true
      ? containerInsights.logAnalyticsWorkspaceResourceId
      : undefined,
  ]
  return of.flatMap((one) => one?.toLowerCase() ?? [])
}

function modesOf(scope: SeedResource | undefined): Modes {
  const settings = scope?.properties?.['accessModeSettings'] as
    { readonly ingestionAccessMode?: string; readonly queryAccessMode?: string } | undefined
  return {
    ingestion: settings?.ingestionAccessMode ?? 'Open',
    query: settings?.queryAccessMode ?? 'Open',
  }
}

/** The capabilities of a target in a state, by the rows of the contract's table. */
function capabilities(target: JudgedTarget, state: State): ReadonlySet<string> {
  const names = new Set<string>()
  const endpoint = state.associations.get(target.key)
  if (
    endpoint !== undefined &&
    state.endpoints.has(endpoint) &&
    state.endpoints.get(endpoint) === state.regions.get(target.key) &&
    state.links.has(endpoint)
  ) {
    names.add('configuration')
  }
  for (const workspace of logsOf(target, state)) {
    if (state.links.has(workspace)) names.add(`logs to ${workspace}`)
  }
  const sent = state.sent.get(target.key)
  if (
    sent === undefined ||
    (!sent.pathless && sent.endpoints.every((one) => state.links.has(one)))
  ) {
    names.add('metrics')
  }
  return names
}

/** The workspaces that its rules send to, and the add-on of a cluster. */
function logsOf(target: JudgedTarget, state: State): readonly string[] {
  const addons = state.addons.get(target.key) ?? []
  return [...new Set([...addons, ...(state.sent.get(target.key)?.logs ?? [])])]
}

function judgeAssociation({ write }: Step, state: State, what: string): readonly string[] {
  const written = write.after
  if (written === undefined || !write.id.toLowerCase().includes(associationPart)) return []
  const endpoint = reference(written, 'dataCollectionEndpointId')
  if (endpoint === undefined) return []
  if (state.endpoints.has(endpoint) && state.links.has(endpoint)) return []
  return [`${what} associates with ${endpoint}, which is not linked`]
}

function judgeModes(
  topology: JudgedTopology,
  { write }: Step,
  run: {
    readonly index: number
    readonly previous: State
    readonly state: State
    readonly all: readonly Step[]
  },
  what: string,
): readonly string[] {
  const { index, previous, state, all } = run
  const broken: string[] = []
  const moved = (mode: string) =>
    (state.modes.ingestion === mode && previous.modes.ingestion !== mode) ||
    (state.modes.query === mode && previous.modes.query !== mode)
  if (moved('Open') && index > 0) broken.push(`${what} opens a mode, and is not the first write`)
  if (!moved('PrivateOnly')) return broken
  const later = all
    .slice(index + 1)
    .find((step) => step.write.method !== 'DELETE' && step.write.id !== write.id)
  if (later !== undefined) {
    broken.push(`${what} closes a mode, and ${later.write.method} ${later.write.id} comes after it`)
  }
  if (previous.modes.ingestion === 'PrivateOnly' || state.modes.ingestion !== 'PrivateOnly')
    return broken
  for (const target of topology.targets) {
    const held = capabilities(target, state)
    const all = [
      'configuration',
      'metrics',
      ...logsOf(target, state).map((one) => `logs to ${one}`),
    ]
    for (const name of all.filter((one) => !held.has(one))) {
      broken.push(`${what} closes ingestion while ${target.key} has no ${name}`)
    }
  }
  return broken
}

function judgeRemoval({ write }: Step, state: State, what: string): readonly string[] {
  const gone = write.before
  if (gone === undefined || write.method !== 'DELETE') return []
  const type = typeOf(gone.id.toLowerCase())
  const key =
    type === 'microsoft.insights/datacollectionendpoints'
      ? gone.id.toLowerCase()
      : type === 'microsoft.insights/privatelinkscopes/scopedresources'
        ? (reference(gone, 'linkedResourceId') ?? '')
        : undefined
  if (key === undefined) return []
  const users = [...state.associations]
    .filter(([, endpoint]) => endpoint === key)
    .map(([user]) => user)
  const broken = users.map(
    (user) => `${what} takes ${key} from ${user}, which is associated with it`,
  )
  if (type !== 'microsoft.insights/datacollectionendpoints') return broken
  if (state.linked.has(key)) broken.push(`${what} deletes ${key}, which is linked`)
  if (state.senders.has(key)) broken.push(`${what} deletes ${key}, which a rule sends through`)
  return broken
}

/** Writes to the scope are always one at a time. */
function judgeLane(topology: JudgedTopology, run: Watched): readonly string[] {
  const underWay = new Set<string>()
  return run.steps.flatMap(({ write }) => {
    const key = write.id.toLowerCase()
    if (key !== topology.scope && !key.startsWith(`${topology.scope}/`)) return []
    if (write.phase === 'finished') underWay.delete(key)
    else if (underWay.size > 0) {
      return [`${write.method} ${write.id} began while ${[...underWay].join(', ')} was under way`]
    }
    if (write.phase === 'accepted') underWay.add(key)
    return []
  })
}
