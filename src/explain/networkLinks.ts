import type { Diagnostic } from '../diagnostics.ts'
import { networkOf } from '../network/judge.ts'
import { nameOf } from '../resources/id.ts'
import { broken, type Finding, ok, mergeFindings, unknown } from './chain.ts'
import { scopeNotReadable } from './configurationLinks.ts'
import type { Subject } from './facts.ts'

/** Checks that the scope has a private endpoint with an approved connection. */
export function privateEndpointLink(subject: Subject): Finding {
  const { estate, topology } = subject
  const scope = topology.privateLinkScope.id.name
  if (scopeNotReadable(subject) !== undefined) {
    return unknown(
      `The private endpoints of ${scope} are unknown, because the scope can't be read.`,
    )
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

/** Checks that names of Azure Monitor resolve to that private endpoint in the target's network (contract section 8). */
export function networkLink(subject: Subject): Finding {
  const { network, estate, key, gone } = subject
  if (gone !== undefined) {
    return unknown('Its network is unknown, because the target was not read.')
  }
  if (!estate.privateEndpoints.some(({ approved }) => approved)) {
    return unknown(
      'Without an approved private endpoint, there is no address to which names could resolve.',
    )
  }
  if (network === undefined) {
    return unknown(
      'The network was not read (check-network is false).',
      'Run it with check-network: true.',
    )
  }
  const findings = networkOf(network.findings, key)
  const faults = findings
    .filter(isFault)
    .map(({ message, remedy, command }) => broken(message, remedy, command))
  if (faults.length > 0) return mergeFindings(faults)
  const unseen = findings
    .filter(({ code }) => code === 'network-not-visible')
    .map(({ message, remedy }) => unknown(message, remedy))
  const places = network.report.virtualNetworks.filter(({ targets }) => targets.includes(key))
  const isPrivate = places.length > 0 && places.every(({ resolves }) => resolves === 'private')
  const where = places.map(({ id }) => nameOf(id)).join(', ')
  if (isPrivate && unseen.length === 0) {
    return ok(`Virtual network ${where} is linked to every private DNS zone of the scope.`)
  }
  if (unseen.length > 0) return mergeFindings(unseen)
  return unknown(
    places.length === 0
      ? 'Its virtual network is not visible.'
      : `It is only partly known how names resolve in ${where}.`,
    'Verify on a machine in that network (check-network) that the names resolve to the private endpoint.',
  )
}

/** True for findings that prevent private resolution; full subnets and unserved neighbours don't. */
function isFault({ code, resource }: Diagnostic): boolean {
  if (code === 'dns-zone-missing' || code === 'dns-zone-not-linked') return true
  // A contested zone that no known network uses is reported for the private endpoint: a risk, not a fault.
  return code === 'dns-zone-of-another-scope' && /\/virtualnetworks\//i.test(resource ?? '')
}
