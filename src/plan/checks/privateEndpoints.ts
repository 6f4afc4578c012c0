import type { Diagnostic } from '../../diagnostics.ts'
import type { PrivateEndpoint } from '../../estate/estate.ts'
import { compareText, idKey, nameOf } from '../../resources/id.ts'
import type { Desired } from '../../rules/derive.ts'
import { pointAt } from '../../rules/world.ts'
import type { Change } from '../plan.ts'

/** Checks the scope's private endpoints: static addresses, connections that aren't approved, or no approved connection at all. */
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
  // Azure returns connections in any order.
  const closed = estate.privateEndpoints
    .filter((endpoint) => !endpoint.approved)
    .toSorted((a, b) => compareText(idKey(a.id ?? a.connection), idKey(b.id ?? b.connection)))
  if (closed.length < estate.privateEndpoints.length) {
    return [...fixed, ...notApproved(closed, id).map((one) => ({ ...one, ...place }))]
  }
  return [...fixed, { ...noApprovedConnection(id, closed), ...place }]
}

/** Linking a resource changes the addresses of every private endpoint, which fails for static addresses (facts, section 3, row 4). */
function withFixedAddresses(endpoint: PrivateEndpoint, changesLinks: boolean): Diagnostic {
  return {
    severity: changesLinks ? 'error' : 'warning',
    code: 'static-ip-private-endpoint',
    message: `Private endpoint "${nameOfEndpoint(endpoint)}" of the scope has static IP addresses. Adding or removing a link changes the members that it needs, and Azure then fails with PrivateEndpointIpConfigurationMissingMemberNamesRequiredByFps.`,
    remedy:
      'Recreate it with dynamic addresses, or accept the risk for a limited time with a waiver for static-ip-private-endpoint.',
    resource: endpoint.id ?? endpoint.connection,
  }
}

function noApprovedConnection(
  scope: { readonly name: string; readonly text: string },
  closed: readonly PrivateEndpoint[],
): Diagnostic {
  const named = closed.slice(0, mostNamed).map((one) => `${nameOfEndpoint(one)} (${stateOf(one)})`)
  const more = closed.length > mostNamed ? ` and ${closed.length - mostNamed} more` : ''
  const existing = closed.length === 0 ? '' : ` Existing connections: ${named.join(', ')}${more}.`
  // A disconnected connection can't be approved any more.
  const first = closed.find((one) => stateOf(one) !== 'disconnected') ?? closed[0]
  return {
    severity: 'warning',
    code: 'no-private-endpoint',
    message: `Private link scope "${scope.name}" has no approved private endpoint connection, so no network reaches anything through it yet.${existing}`,
    remedy:
      first === undefined
        ? 'Connect it to a virtual network with a private endpoint (group azuremonitor).'
        : remedyFor(stateOf(first), closed.length === 1),
    resource: scope.text,
  }
}

const mostNamed = 5

/** One warning per state, for all connections in it. */
function notApproved(
  closed: readonly PrivateEndpoint[],
  scope: { readonly name: string; readonly text: string },
): readonly Diagnostic[] {
  const byState = new Map<string, PrivateEndpoint[]>()
  for (const one of closed) byState.set(stateOf(one), [...(byState.get(stateOf(one)) ?? []), one])
  return [...byState].map(([state, those]) => {
    const [first] = those
    const names = those.slice(0, mostNamed).map((one) => `"${nameOfEndpoint(one)}"`)
    const more = those.length > mostNamed ? ` and ${those.length - mostNamed} more` : ''
    const isOne = those.length === 1 && first !== undefined
    const [what, are] = isOne
      ? ['connection of private endpoint', 'is']
      : ['connections of private endpoints', 'are']
    const effect = isOne ? 'its network reaches' : 'their networks reach'
    return {
      severity: 'warning',
      code: 'private-endpoint-not-approved',
      message: `The ${what} ${names.join(', ')}${more} to private link scope "${scope.name}" ${are} ${state}: ${effect} nothing through ${isOne ? 'it' : 'them'}.`,
      remedy: remedyFor(state, isOne),
      resource: isOne ? (first.id ?? first.connection) : scope.text,
    }
  })
}

/** A connection stays behind as Disconnected after its private endpoint was deleted; only a new private endpoint can replace it. */
function remedyFor(state: string, isOne: boolean): string {
  if (state === 'disconnected')
    return isOne
      ? 'Its private endpoint was deleted. Remove the connection under "Private Endpoint connections" of the scope, and create a new private endpoint if it is still needed.'
      : 'Their private endpoints were deleted. Remove the connections under "Private Endpoint connections" of the scope, and create new private endpoints if they are still needed.'
  return isOne
    ? 'Approve it under "Private Endpoint connections" of the scope (az network private-endpoint-connection approve), or delete the private endpoint if its network should have no access.'
    : 'Approve them under "Private Endpoint connections" of the scope (az network private-endpoint-connection approve), or delete the private endpoints whose networks should have no access.'
}

function nameOfEndpoint({ id, connection }: PrivateEndpoint): string {
  return nameOf(id ?? connection)
}

function stateOf({ status }: PrivateEndpoint): string {
  return status === undefined || status === '' ? 'in an unknown state' : status.toLowerCase()
}
