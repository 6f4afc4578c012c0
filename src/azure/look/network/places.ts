import type { Reading } from '../../../estate/estate.ts'
import { networkOfSubnet, type Place, type VirtualNetwork } from '../../../network/network.ts'
import { compareText, idKey, parseResourceId } from '../../../resources/id.ts'
import { field, idText, list, text } from '../../azureJson.ts'
import { parseTarget } from '../parseTarget.ts'
import { hasOwnDns, parseVirtualNetwork } from './parseNetwork.ts'

/** The result of `placesQuery`. */
export interface FoundPlaces {
  readonly virtualNetworks: Map<string, Reading<VirtualNetwork>>
  readonly places: Map<string, Place>
  /** Addresses by the key of the interface. */
  readonly interfaces: Map<string, readonly string[]>
  /** Machines as ids, scale sets and clusters as rows. */
  readonly residents: Map<
    string,
    { readonly id: string; readonly row?: unknown; readonly location: string }
  >
}

/** Adds a row of an interface, network, scale set or cluster. */
export function addPlaceRow(seen: FoundPlaces, row: unknown): void {
  const id = idText(row, 'id') ?? ''
  switch (parseResourceId(id)?.type) {
    case 'microsoft.network/virtualnetworks':
      seen.virtualNetworks.set(idKey(id), { state: 'found', value: parseVirtualNetwork(row) })
      break
    case 'microsoft.network/networkinterfaces':
      addInterface(seen, id, row)
      break
    case 'microsoft.compute/virtualmachinescalesets':
    case 'microsoft.containerservice/managedclusters':
      seen.residents.set(idKey(id), { id, row, location: text(row, 'location') ?? '' })
      break
    case undefined:
    default:
      break
  }
}

function addInterface(seen: FoundPlaces, id: string, row: unknown): void {
  const configs = list(row, 'ipConfigurations')
  const machine = idText(row, 'virtualMachine', 'id')
  if (machine === undefined) {
    const addresses = configs.flatMap((one) => text(one, 'properties', 'privateIPAddress') ?? [])
    seen.interfaces.set(idKey(id), addresses)
    return
  }
  const subnets = configs.flatMap((one) => idText(one, 'properties', 'subnet', 'id') ?? [])
  const ownDns = hasOwnDns(list(row, 'dnsSettings', 'dnsServers'))
  addPlace(seen.places, idKey(machine), networksOf(subnets), ownDns)
  const known = seen.residents.get(idKey(machine))
  if (known === undefined) {
    seen.residents.set(idKey(machine), { id: machine, location: text(row, 'location') ?? '' })
  }
}

/** Adds the networks of a resource. One with several interfaces is in all of their networks. */
export function addPlace(
  places: Map<string, Place>,
  key: string,
  networks: readonly string[],
  ownDns = false,
): void {
  const known = places.get(key)
  const all = [...new Set([...(known?.virtualNetworks ?? []), ...networks])].toSorted(compareText)
  places.set(key, { virtualNetworks: all, ownDns: ownDns || (known?.ownDns ?? false) })
}

/** Keys of the networks of these subnets. */
export function networksOf(subnets: readonly string[]): readonly string[] {
  return subnets.flatMap((subnet) => {
    const network = networkOfSubnet(subnet)
    return network === undefined ? [] : [idKey(network)]
  })
}

/**
 * The networks of a scale set or cluster: those of its subnets, or the one that Azure created in
 * its node resource group.
 */
export function placeOf(
  target: Pick<ReturnType<typeof parseTarget>, 'id' | 'subnets' | 'nodeResourceGroup'>,
  virtualNetworks: ReadonlyMap<string, Reading<VirtualNetwork>>,
): readonly string[] {
  const own = networksOf(target.subnets ?? [])
  if (own.length > 0 || target.nodeResourceGroup === undefined) return own
  const subscription = parseResourceId(target.id)?.subscription ?? ''
  const group = `/subscriptions/${subscription}/resourcegroups/${target.nodeResourceGroup}/`
  return [...virtualNetworks.keys()].filter((key) => key.startsWith(group.toLowerCase()))
}

/** Parses a row of a scale set or cluster like a target. */
export function residentTarget(row: unknown): ReturnType<typeof parseTarget> {
  return parseTarget({
    id: field(row, 'id'),
    location: field(row, 'location'),
    properties: row,
  })
}

/**
 * The workspaces that a cluster's monitoring add-ons send to; `undefined` if it has no add-on
 * (contract section 8: omsagent, managed Prometheus, Container insights).
 */
export function addonsOf(row: unknown): readonly string[] | undefined {
  const omsagent = field(row, 'addonProfiles', 'omsagent')
  const insights = field(row, 'azureMonitorProfile', 'containerInsights')
  const isOn = [
    field(omsagent, 'enabled'),
    field(row, 'azureMonitorProfile', 'metrics', 'enabled'),
    field(insights, 'enabled'),
  ].includes(true)
  if (!isOn) return undefined
  return [
    ...(field(omsagent, 'enabled') === true
      ? [idText(omsagent, 'config', 'logAnalyticsWorkspaceResourceID')]
      : []),
    ...(field(insights, 'enabled') === true
      ? [idText(insights, 'logAnalyticsWorkspaceResourceId')]
      : []),
  ].filter((id) => id !== undefined)
}
