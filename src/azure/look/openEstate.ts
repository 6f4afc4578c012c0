import type { ConfigurationAssociation, Estate, Reading } from '../../estate/estate.ts'
import { parseResourceId, idKey, compareText } from '../../resources/id.ts'
import type { Topology } from '../../topology/topology.ts'
import { idText, text } from '../azureJson.ts'
import {
  parseEndpoint,
  parseRule,
  parseMonitorWorkspace,
  parseLogWorkspace,
  parseAssociation,
  isConfigurationAssociation,
} from './parseResource.ts'

export type MutableMap<M> = M extends ReadonlyMap<infer K, infer V> ? Map<K, V> : never

/** The estate while it is being filled, with mutable maps. */
export interface OpenEstate extends Estate {
  scope: Estate['scope']
  links: Estate['links']
  privateEndpoints: Estate['privateEndpoints']
  selected: Estate['selected']
  nearby?: NonNullable<Estate['nearby']>
  hiddenSubscriptions: Estate['hiddenSubscriptions']
  readonly targets: MutableMap<Estate['targets']>
  readonly monitorWorkspaces: MutableMap<Estate['monitorWorkspaces']>
  readonly logWorkspaces: MutableMap<Estate['logWorkspaces']>
  readonly endpoints: MutableMap<Estate['endpoints']>
  readonly rules: MutableMap<Estate['rules']>
  readonly associations: MutableMap<Estate['associations']>
  readonly ruleAssociations: MutableMap<Estate['ruleAssociations']>
  readonly uses: MutableMap<Estate['uses']>
  readonly confirmed: Set<string>
  /** Keys of machines with an agent, and the subscriptions that were searched. */
  agents: { readonly keys: ReadonlySet<string>; readonly subscriptions: ReadonlySet<string> }
}

export interface LookOptions {
  /** Maximum wait for a scope or link that is Provisioning, in milliseconds. */
  readonly waitMs: number
  /** Aborts those waits. */
  readonly signal: AbortSignal
  readonly log: (line: string) => void
}

export function emptyEstate(topology: Pick<Topology, 'selects'>): OpenEstate {
  return {
    scope: { state: 'missing' },
    links: [],
    privateEndpoints: [],
    selected: topology.selects.map(() => []),
    hiddenSubscriptions: new Map(),
    targets: new Map(),
    monitorWorkspaces: new Map(),
    logWorkspaces: new Map(),
    endpoints: new Map(),
    rules: new Map(),
    associations: new Map(),
    ruleAssociations: new Map(),
    uses: new Map(),
    confirmed: new Set(),
    agents: { keys: new Set(), subscriptions: new Set() },
  }
}

/**
 * Stores one workspace, endpoint or rule in the estate. A row without a region is ignored; the
 * resource is then read from its provider.
 */
export function storeResource(estate: OpenEstate, raw: unknown): void {
  const id = idText(raw, 'id') ?? ''
  if (text(raw, 'location') === undefined) return
  const found = <T>(value: T): Reading<T> => ({ state: 'found', value })
  switch (parseResourceId(id)?.type ?? '') {
    case 'microsoft.insights/datacollectionendpoints':
      estate.endpoints.set(idKey(id), found(parseEndpoint(raw)))
      break
    case 'microsoft.insights/datacollectionrules':
      estate.rules.set(idKey(id), found(parseRule(raw)))
      break
    case 'microsoft.monitor/accounts':
      estate.monitorWorkspaces.set(idKey(id), found(parseMonitorWorkspace(raw)))
      break
    case 'microsoft.operationalinsights/workspaces':
      estate.logWorkspaces.set(idKey(id), found(parseLogWorkspace(raw)))
      break
    default:
      break
  }
}

/** Stores one association: the one for configuration access, or another with a rule. */
export function storeAssociation(
  estate: OpenEstate,
  raw: unknown,
): ConfigurationAssociation | undefined {
  const association = parseAssociation(raw)
  if (association === undefined) return undefined
  const key = idKey(association.target)
  // An association with the reserved name that holds a rule will be replaced, so its rule does not
  // count for the target.
  if (isConfigurationAssociation(association)) estate.associations.set(key, association)
  else if (association.ruleId !== undefined) {
    const rules = new Set(estate.ruleAssociations.get(key) ?? [])
    estate.ruleAssociations.set(
      key,
      [...rules.add(idKey(association.ruleId))].toSorted(compareText),
    )
  }
  return association
}

/** A reading of the raw answer as one of what is parsed from it. */
export function mapReading<T>(reading: Reading<unknown>, parse: (raw: unknown) => T): Reading<T> {
  return reading.state === 'found' ? { state: 'found', value: parse(reading.value) } : reading
}
