import type { Diagnostic } from '../../diagnostics.ts'
import type { PrivateEndpoint } from '../../estate/estate.ts'
import { nameOf } from '../../resources/id.ts'
import type { Desired } from '../../rules/derive.ts'
import { pointAt } from '../../rules/world.ts'
import type { Change } from '../plan.ts'

/** The ways into the scope: a private endpoint with fixed addresses, one whose connection isn't approved, none at all. */
export function inspectPrivateEndpoints(
  { world: { topology, estate } }: Desired,
  changes: readonly Change[],
): readonly Diagnostic[] {
  const { id, at } = topology.privateLinkScope
  if (estate.scope.state !== 'found') return []
  const place = pointAt(topology, at)
  const changesLinks = changes.some(
    (c) => c.kind === 'scopedResource' && (c.action === 'create' || c.action === 'delete'),
  )
  const fixed = estate.privateEndpoints
    .filter((endpoint) => endpoint.staticAddresses)
    .map((endpoint) => ({ ...withFixedAddresses(endpoint, changesLinks), ...place }))
  const closed = estate.privateEndpoints.filter((endpoint) => !endpoint.approved)
  if (closed.length < estate.privateEndpoints.length) {
    return [
      ...fixed,
      ...closed.map((endpoint) => ({ ...notApproved(endpoint, id.name), ...place })),
    ]
  }
  return [...fixed, { ...noWayIn(id, closed), ...place }]
}

/** Linking changes the addresses of every private endpoint; one with fixed addresses then breaks (facts, section 3, row 4). */
function withFixedAddresses(endpoint: PrivateEndpoint, changesLinks: boolean): Diagnostic {
  return {
    severity: changesLinks ? 'error' : 'warning',
    code: 'static-ip-private-endpoint',
    message: `Private endpoint "${nameOfEndpoint(endpoint)}" of the scope has addresses fixed by hand; adding or removing a link changes which members it needs, and Azure then fails with PrivateEndpointIpConfigurationMissingMemberNamesRequiredByFps.`,
    remedy:
      'Recreate it with dynamic addresses, or accept the risk until a date with a waiver for static-ip-private-endpoint on it.',
    resource: endpoint.id ?? endpoint.connection,
  }
}

function noWayIn(
  scope: { readonly name: string; readonly text: string },
  closed: readonly PrivateEndpoint[],
): Diagnostic {
  const named = closed.slice(0, mostNamed).map((one) => `${nameOfEndpoint(one)} (${stateOf(one)})`)
  const more = closed.length > mostNamed ? ` and ${closed.length - mostNamed} more` : ''
  const those = closed.length === 0 ? '' : ` There is ${named.join(', ')}${more}.`
  const [first] = closed
  return {
    severity: 'warning',
    code: 'no-private-endpoint',
    message: `Private link scope "${scope.name}" has no approved private endpoint connection, so no network reaches anything through it yet.${those}`,
    remedy:
      first === undefined
        ? 'Connect it to a virtual network with a private endpoint (group azuremonitor).'
        : remedyFor(first),
    resource: scope.text,
  }
}

const mostNamed = 5

function notApproved(endpoint: PrivateEndpoint, scope: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'private-endpoint-not-approved',
    message: `The connection of private endpoint "${nameOfEndpoint(endpoint)}" to private link scope "${scope}" is ${stateOf(endpoint)}: its network reaches nothing through it.`,
    remedy: remedyFor(endpoint),
    resource: endpoint.id ?? endpoint.connection,
  }
}

/** A connection whose private endpoint was deleted stays behind as Disconnected, and comes back only with a new one. */
function remedyFor(endpoint: PrivateEndpoint): string {
  return stateOf(endpoint) === 'disconnected'
    ? 'Its private endpoint was deleted: remove the connection under "Private Endpoint connections" of the scope, and connect the network anew if it is still needed.'
    : 'Approve it under "Private Endpoint connections" of the scope (az network private-endpoint-connection approve), or remove the private endpoint if its network is not meant to come in.'
}

function nameOfEndpoint({ id, connection }: PrivateEndpoint): string {
  return nameOf(id ?? connection)
}

function stateOf({ status }: PrivateEndpoint): string {
  return status === undefined || status === '' ? 'in no known state' : status.toLowerCase()
}
