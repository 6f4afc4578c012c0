import type { NetworkCheck } from '../../egress/inside/networkCheck.ts'
import type { CheckedName } from '../../egress/inside/checkedName.ts'
import { isForeignIssuer } from '../../egress/inside/issuer.ts'

/** The check as JSON: contract, section 10, format version 1. Unknown values are `null`. */
export function networkJson(check: NetworkCheck): object {
  return {
    formatVersion: 1,
    topology: check.topology,
    checkedAt: check.checkedAt,
    inside: check.inside,
    result: check.result,
    dnsServer: check.askedBy.server ?? null,
    pending: check.pending,
    names: check.names.map(nameJson),
  }
}

function nameJson(name: CheckedName): object {
  const { observed, cause } = name
  const { connection } = observed
  return {
    name: name.name,
    for: name.for,
    of: name.of ?? null,
    mustBePrivate: name.isPublic === 'never',
    addresses: observed.addresses,
    addressesByServers: observed.byServers ?? null,
    state: name.state,
    connected: connection?.connected ?? null,
    failure: connection?.failure ?? connection?.tls?.failure ?? null,
    tls: connection?.tls?.state ?? null,
    issuer: connection?.tls?.issuer ?? null,
    ping: connection?.ping ?? null,
    cause: cause === undefined ? null : `${cause.kind}: ${cause.text}`,
    remedy: cause?.remedy ?? null,
    note: isForeignIssuer(connection?.tls?.issuer)
      ? 'The certificate was not issued by Microsoft: a device on the path may read the traffic.'
      : null,
  }
}
