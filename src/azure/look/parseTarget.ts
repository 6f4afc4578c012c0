import type { LogAddon, Target } from '../../estate/estate.ts'
import { idKey, nameOf, normalLocation, parseResourceId } from '../../resources/id.ts'
import { field, idText, list, text, texts } from '../azureJson.ts'

const agentTypes = ['azuremonitorlinuxagent', 'azuremonitorwindowsagent']

/** A machine or cluster. Arc machines always have an identity (facts, section 1.9). */
export function parseTarget(raw: unknown, agents?: ReadonlySet<string>): Target {
  const id = idText(raw, 'id') ?? ''
  const type = parseResourceId(id)?.type ?? (text(raw, 'type') ?? '').toLowerCase()
  const isCompute = type.startsWith('microsoft.compute/')
  const hasAgent = findAgent(raw, type, id, agents)
  const orchestrationMode = text(raw, 'properties', 'orchestrationMode')
  const prometheus = field(raw, 'properties', 'azureMonitorProfile', 'metrics', 'enabled')
  return {
    id,
    name: text(raw, 'name') ?? nameOf(id),
    type,
    location: normalLocation(text(raw, 'location') ?? ''),
    tags: texts(raw, 'tags'),
    ...(isCompute ? { hasIdentity: hasIdentity(raw) } : {}),
    ...(hasAgent === undefined ? {} : { hasAgent }),
    ...(orchestrationMode === undefined ? {} : { orchestrationMode }),
    ...(typeof prometheus === 'boolean' ? { prometheusEnabled: prometheus } : {}),
    ...(type === managedCluster ? { addons: findAddons(raw) } : {}),
    ...parseWhereabouts(raw, type),
  }
}

const managedCluster = 'microsoft.containerservice/managedclusters'

/**
 * Terraform's `oms_agent` enables the add-on without creating a rule; without Entra sign-in it
 * needs none.
 */
function findAddons(raw: unknown): readonly LogAddon[] {
  const omsagent = field(raw, 'properties', 'addonProfiles', 'omsagent')
  const profile = field(raw, 'properties', 'azureMonitorProfile', 'containerInsights')
  const workspaceId = idText(omsagent, 'config', 'logAnalyticsWorkspaceResourceID')
  const signsIn = field(omsagent, 'config', 'useAADAuth')
  return [
    ...makeAddon('omsagent', omsagent, {
      workspaceId,
      // A string in Azure's answers: "true", "True" or "false". Absent in the oldest, which have a
      // workspace.
      usesKey:
        signsIn === undefined || signsIn === null
          ? workspaceId !== undefined
          : !/^true$/i.test(typeof signsIn === 'string' ? signsIn : JSON.stringify(signsIn)),
    }),
    ...makeAddon('containerInsights', profile, {
      workspaceId: idText(profile, 'logAnalyticsWorkspaceResourceId'),
      usesKey: false,
    }),
  ]
}

function makeAddon(
  name: LogAddon['name'],
  profile: unknown,
  { workspaceId, usesKey }: { readonly workspaceId: string | undefined; readonly usesKey: boolean },
): readonly LogAddon[] {
  if (field(profile, 'enabled') !== true) return []
  return [{ name, ...(workspaceId === undefined ? {} : { workspaceId }), usesKey }]
}

/**
 * The networks in a scale set's or cluster's own properties; for a machine, its interfaces have
 * them.
 */
function parseWhereabouts(
  raw: unknown,
  type: string,
): Pick<Target, 'subnets' | 'nodeResourceGroup'> {
  if (type === 'microsoft.compute/virtualmachinescalesets') return { subnets: scaleSetSubnets(raw) }
  if (type !== 'microsoft.containerservice/managedclusters') return {}
  const nodeResourceGroup = text(raw, 'properties', 'nodeResourceGroup')
  const pools = list(raw, 'properties', 'agentPoolProfiles')
  return {
    subnets: [...new Set(pools.flatMap((pool) => idText(pool, 'vnetSubnetID') ?? []))],
    ...(nodeResourceGroup === undefined ? {} : { nodeResourceGroup }),
  }
}

function scaleSetSubnets(raw: unknown): readonly string[] {
  const profile = field(raw, 'properties', 'virtualMachineProfile', 'networkProfile')
  const subnets = list(profile, 'networkInterfaceConfigurations').flatMap((config) =>
    list(config, 'properties', 'ipConfigurations').flatMap(
      (one) => idText(one, 'properties', 'subnet', 'id') ?? [],
    ),
  )
  return [...new Set(subnets)]
}

function hasIdentity(raw: unknown): boolean {
  const type = text(raw, 'identity', 'type')
  return type !== undefined && type.toLowerCase() !== 'none'
}

/**
 * Scale sets contain their extensions; machines have them as separate resources. An Arc machine's
 * answer may have an empty `resources` (recorded: GET of one, 2023-10-03-preview), so an empty list
 * proves nothing. `undefined` if unknown.
 */
function findAgent(
  raw: unknown,
  type: string,
  id: string,
  agents: ReadonlySet<string> | undefined,
): boolean | undefined {
  if (type === 'microsoft.compute/virtualmachinescalesets') {
    const extensions = list(
      raw,
      'properties',
      'virtualMachineProfile',
      'extensionProfile',
      'extensions',
    )
    return extensions.some(isAgent)
  }
  if (!type.endsWith('/virtualmachines') && !type.endsWith('/machines')) return undefined
  const embedded = field(raw, 'resources')
  if (Array.isArray(embedded) && embedded.length > 0) return embedded.some(isAgent)
  return agents?.has(idKey(id))
}

/** True for the Azure Monitor agent's extension. */
export function isAgent(extension: unknown): boolean {
  const type = text(extension, 'properties', 'type') ?? ''
  return agentTypes.includes(type.toLowerCase())
}
