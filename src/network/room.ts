import { idKey, nameOf } from '../resources/id.ts'
import { count, diagnose, type Finding, type Judging } from './judging.ts'

/** Checks for room for the plan's new links: in the subnets of the private endpoints, and in the scope. */
export function findRoom(judging: Judging): readonly Finding[] {
  return [...findFullSubnets(judging), ...findFullScope(judging)]
}

/** Number of addresses that Azure reserves in every subnet. */
const reserved = 5

/** Number of free addresses in a subnet; `undefined` if its size is unknown. */
export function freeAddresses(subnet: {
  readonly size?: number
  readonly taken: number
}): number | undefined {
  return subnet.size === undefined ? undefined : subnet.size - reserved - subnet.taken
}

/** `subnet-nearly-full`: every private endpoint needs its own addresses for each linked resource. */
function findFullSubnets(judging: Judging): readonly Finding[] {
  const { network, newLinks } = judging
  const need = addressesNeeded(judging)
  if (need === 0) return []
  const subnets = new Map(
    network.endpoints.flatMap(({ subnetReading }) =>
      subnetReading?.state === 'found'
        ? [[idKey(subnetReading.value.id), subnetReading.value] as const]
        : [],
    ),
  )
  return [...subnets].flatMap(([key, subnet]): readonly Finding[] => {
    const free = freeAddresses(subnet)
    // Private endpoints of the scope in the same subnet each need that many.
    const sharing = network.endpoints.filter(
      ({ subnetReading }) =>
        subnetReading?.state === 'found' && idKey(subnetReading.value.id) === key,
    )
    if (free === undefined || free >= need * sharing.length) return []
    const names = sharing.map(({ id, connection }) => nameOf(id ?? connection)).join(', ')
    return [
      {
        targets: 'all',
        diagnostic: diagnose(judging, {
          code: 'subnet-nearly-full',
          severity: free <= 0 ? 'error' : 'warning',
          message: `Subnet ${nameOf(subnet.id)} of virtual network ${networkName(subnet.id)} has ${free <= 0 ? 'no free address' : count(free, 'free address').replace('addresss', 'addresses')}, and private endpoint ${names} may need ${need * sharing.length} for the ${count(newLinks.length, 'new link')} of this plan.`,
          remedy:
            'Add an address prefix to the subnet (az network vnet subnet update --address-prefixes), or move the private endpoint to a larger subnet. Microsoft recommends at least a /27.',
          resource: subnet.id,
        }),
      },
    ]
  })
}

function networkName(subnet: string): string {
  return nameOf(subnet.replace(/\/subnets\/[^/]+$/i, ''))
}

/** Number of addresses that one private endpoint may need: 2 per endpoint, 1 per workspace, and at most 1 more per new region. */
export function addressesNeeded({ newLinks, estate, linked }: Judging): number {
  const isNew = new Set(newLinks.map(({ key }) => key))
  const known = new Set(
    [...linked].flatMap((key) => {
      if (isNew.has(key)) return []
      const reading = estate.endpoints.get(key) ?? estate.logWorkspaces.get(key)
      return reading?.state === 'found' ? [reading.value.location] : []
    }),
  )
  const regions = new Set(
    newLinks.flatMap(({ region }) => (region === undefined || known.has(region) ? [] : [region])),
  )
  const each = newLinks.reduce((sum, { isEndpoint }) => sum + (isEndpoint ? 2 : 1), 0)
  return each + regions.size
}

/** Azure's limits for one scope (facts, section 2.1); for endpoints, Microsoft publishes none. */
const limits = { workspaces: 3000, components: 10_000, privateEndpoints: 10 }

/** `scope-nearly-full`: compares links and private endpoints after the plan with Azure's limits. */
function findFullScope(judging: Judging): readonly Finding[] {
  const { estate, linked, topology } = judging
  if (estate.scope.state !== 'found') return []
  const linksOf = (type: string) => [...linked].filter((key) => key.includes(type)).length
  const { id } = topology.privateLinkScope
  const held = [
    {
      what: 'Log Analytics workspaces',
      has: linksOf('/microsoft.operationalinsights/workspaces/'),
      most: limits.workspaces,
    },
    {
      what: 'Application Insights components',
      has: linksOf('/microsoft.insights/components/'),
      most: limits.components,
    },
    {
      what: 'private endpoint connections',
      has: estate.privateEndpoints.length,
      most: limits.privateEndpoints,
    },
  ]
  return held
    .filter(({ has, most }) => has >= most * 0.9)
    .map(({ what, has, most }) => ({
      targets: 'all',
      diagnostic: diagnose(judging, {
        code: 'scope-nearly-full',
        severity: has > most ? 'error' : 'warning',
        message: `Private link scope ${id.name} has ${has} ${what}${has > most ? ', more than' : ' of'} the ${most} that Azure allows.`,
        remedy:
          'Move part of the estate to a second scope (each network uses one scope), or unlink resources that are no longer needed.',
        resource: id.text,
      }),
    }))
}
