import type { Diagnostic } from '../diagnostics.ts'
import { networkOf } from '../network/judge.ts'
import { nameOf } from '../resources/id.ts'
import { broken, type Finding, ok, together, unknown } from './chain.ts'
import { scopeOutOfSight } from './configurationLinks.ts'
import type { Subject } from './facts.ts'

/** A private endpoint leads to the scope, and its connection is approved. */
export function privateEndpointLink(subject: Subject): Finding {
  const { estate, topology } = subject
  const scope = topology.privateLinkScope.id.name
  if (scopeOutOfSight(subject) !== undefined) {
    return unknown(`The private endpoints of ${scope} can not be seen, since the scope can not.`)
  }
  const names = (approved: boolean) =>
    estate.privateEndpoints
      .filter((one) => one.approved === approved)
      .map(({ id, connection }) => nameOf(id ?? connection))
  const approved = names(true)
  if (approved.length > 0) return ok(`${approved.join(', ')} of ${scope} is approved.`)
  const waiting = names(false)
  return waiting.length > 0
    ? broken(
        `The connection of ${waiting.join(', ')} to ${scope} is not approved, so no network reaches anything through it.`,
        'Approve it: in the portal under "Private Endpoint connections" of the scope, or with az network private-endpoint-connection approve.',
      )
    : broken(
        `${scope} has no private endpoint, so no network reaches anything through it.`,
        'Connect it to a virtual network with a private endpoint (az network private-endpoint create, group azuremonitor).',
      )
}

/** Names of Azure Monitor lead to that private endpoint from where the target is (contract section 8). */
export function networkLink(subject: Subject): Finding {
  const { network, estate, key, gone } = subject
  if (gone !== undefined) return unknown('In which network it is, is not known: it was not read.')
  if (!estate.privateEndpoints.some(({ approved }) => approved)) {
    return unknown(
      'Without an approved private endpoint there is nothing that names could lead to.',
    )
  }
  if (network === undefined) {
    return unknown(
      'The network was not looked at (check-network is false).',
      'Run it with check-network: true.',
    )
  }
  const findings = networkOf(network.findings, key)
  const faults = findings
    .filter(isFault)
    .map(({ message, remedy, command }) => broken(message, remedy, command))
  if (faults.length > 0) return together(faults)
  const unseen = findings
    .filter(({ code }) => code === 'network-not-visible')
    .map(({ message, remedy }) => unknown(message, remedy))
  const places = network.report.virtualNetworks.filter(({ targets }) => targets.includes(key))
  const isPrivate = places.length > 0 && places.every(({ resolves }) => resolves === 'private')
  const where = places.map(({ id }) => nameOf(id)).join(', ')
  if (isPrivate && unseen.length === 0) {
    return ok(`Virtual network ${where} is linked to every private DNS zone of the scope.`)
  }
  if (unseen.length > 0) return together(unseen)
  return unknown(
    places.length === 0
      ? 'Its virtual network cannot be seen.'
      : `How names resolve in ${where} is known only in part.`,
    'Check from a machine in that network (check-network) that the names resolve to the private endpoint.',
  )
}

/** What keeps names from leading there. That zones may run out of room, or others share them, does not by itself. */
function isFault({ code, resource }: Diagnostic): boolean {
  if (code === 'dns-zone-missing' || code === 'dns-zone-not-linked') return true
  // Of a zone that nobody's network is known to ask, the private endpoint is told: a risk, and no fault.
  return code === 'dns-zone-of-another-scope' && /\/virtualnetworks\//i.test(resource ?? '')
}
