import { azureDns } from './azureDns.ts'
import type { Cause } from './cause.ts'
import type { Circumstances } from './checkedName.ts'
import type { CheckedName } from './checkedName.ts'
import type { Connection } from './observed.ts'

/** Facts besides the name itself that determine the cause. */
export interface CauseContext extends Circumstances {
  /** Whether the resource of the name is linked to the scope; `undefined` if unknown, or for shared names. */
  readonly isLinked: boolean | undefined
  /** Zones that answer here with the private endpoint's addresses, for at least one name. */
  readonly answering: ReadonlySet<string>
  readonly inside: boolean | null
}

type UnexplainedName = Omit<CheckedName, 'cause'>

/** The likely cause of a name's state; `undefined` if the name is as expected. */
export function causeOf(name: UnexplainedName, context: CauseContext): Cause | undefined {
  // The regional handler is always public, so it is never a fault (facts-2, B.3).
  if (name.isPublic === 'always') return undefined
  switch (name.state) {
    case 'public':
      return name.isPublic === 'maybe' ? undefined : causeOfPublic(name, context)
    case 'no-address':
      return causeOfNoAddress(name, context)
    case 'other-private':
      return causeOfOther(name, context)
    case 'unreachable':
      return causeOfUnreachable(name.observed.connection)
    case 'private':
      return causeOfUnsure(name)
  }
}

function causeOfPublic(name: UnexplainedName, context: CauseContext): Cause {
  const zone = zoneText(name)
  const known = causeInAzure(name, context)
  if (known !== undefined) return known
  if (name.zone !== undefined && context.answering.has(name.zone)) {
    return context.isLinked === true
      ? recordMissing(name)
      : notScoped(`${zone} answers other names here, but has no record for this one`)
  }
  const server = ownServer(context)
  if (server !== undefined) {
    return {
      kind: 'own DNS server',
      text: `The DNS server ${server} returns the public address: it doesn't forward this name to Azure DNS, or forwards it from a network that isn't linked to ${zone}.`,
      remedy: `Forward the public name of the zone (${publicName(name)}) to ${azureDns} on that server, from a virtual network that is linked to ${zone}.`,
    }
  }
  return {
    kind: 'zone not linked',
    text: `This network isn't linked to ${zone}, or uses a custom DNS server that doesn't forward to Azure DNS.`,
    remedy: linkCommand(name),
  }
}

function causeOfNoAddress(name: UnexplainedName, context: CauseContext): Cause {
  const { resolution } = name.observed
  const who = ownServer(context) ?? 'of this network'
  if (resolution === 'loop') {
    return {
      kind: 'own DNS server',
      text: `The DNS server ${who} follows aliases in a loop and never returns an address.`,
      remedy: `Remove the alias that closes the loop, and forward ${publicName(name)} to ${azureDns}.`,
    }
  }
  if (resolution === 'no-answer') {
    return {
      kind: 'own DNS server',
      text: `The DNS server ${who} doesn't answer for this name, or answers with a failure.`,
      remedy: `Make sure that port 53 of the server is reachable over UDP and TCP, and that it can reach the servers to which it forwards (${azureDns} for Azure).`,
    }
  }
  const known = causeInAzure(name, context)
  if (known !== undefined) return known
  if (context.isLinked === true || name.of === undefined) {
    return {
      kind: 'zone of another scope',
      text: `A zone ${name.zone ?? ''} answers here without a record for this name: it is empty, or belongs to another scope.`,
      remedy: `Link this network to the zone of this scope's private endpoint instead: ${linkCommand(name)}`,
    }
  }
  return notScoped(`${zoneText(name)} answers here, but has no record for this name`)
}

function causeOfOther(name: UnexplainedName, { wayIn }: CauseContext): Cause {
  const addresses = name.observed.addresses.slice(0, 3).join(', ')
  const whose =
    wayIn === undefined
      ? 'not an address of a private endpoint'
      : "not an address of this scope's private endpoint"
  return {
    kind: 'zone of another scope',
    text: `${addresses} is ${whose}: the answer comes from another scope's zone, a manual record or a hosts file.`,
    remedy: `Link this network to the zone of this scope's private endpoint, and to no other zone named ${name.zone ?? ''}. Remove manual records.`,
  }
}

function causeOfUnreachable(connection: Connection | undefined): Cause {
  const failure = connection?.failure ?? connection?.tls?.failure
  const because = failure === undefined ? '' : ` (${failure})`
  if (connection?.tls?.state === 'untrusted') {
    return {
      kind: 'intercepted TLS',
      text: `The certificate isn't trusted here${because}. It was issued by ${connection.tls.issuer ?? 'an unknown issuer'}: a proxy inspects the traffic, or another server answers.`,
      remedy:
        'Exclude these names from TLS inspection, or make sure that the right server answers. Agents reject such a certificate too.',
    }
  }
  const what =
    connection?.connected === true ? 'does not speak TLS' : "can't be reached on port 443"
  return {
    kind: 'route or firewall',
    text: `The address is correct, but ${what}${because}.`,
    remedy:
      'Make sure that routes, network security groups and firewalls allow TCP 443 to the subnet of the private endpoint. The network must be peered with that network, or reach it through a hub.',
  }
}

function causeOfUnsure({ observed, isAssumed, ping }: UnexplainedName): Cause | undefined {
  const { connection } = observed
  if (connection === undefined) {
    return {
      kind: 'not tried',
      text: 'The check ran out of time before connecting to it.',
      remedy: 'Run the check again, or for fewer targets at a time.',
    }
  }
  if (ping && connection.ping !== undefined && connection.ping !== 'Healthy') {
    return {
      kind: 'not healthy',
      text: `It answers /ping with ${connection.ping} instead of Healthy.`,
      remedy:
        'Check whether a proxy or gateway answers instead. If it is Azure, try again in a few minutes.',
    }
  }
  if (!isAssumed) return undefined
  return {
    kind: 'not known whose',
    text: "The address is private, but it is unknown whether it belongs to the scope's private endpoint, which this identity can't read.",
    remedy: 'Give this identity the Reader role on the private endpoint of the scope.',
  }
}

/** A cause that is visible in Azure. */
function causeInAzure(name: UnexplainedName, { wayIn, isLinked }: CauseContext): Cause | undefined {
  if (wayIn === undefined) return undefined
  if (!wayIn.hasEndpoint) {
    return {
      kind: 'no private endpoint',
      text: 'The private link scope has no approved private endpoint.',
      remedy: 'Create a private endpoint for the scope, and approve its connection.',
    }
  }
  if (isLinked === false) return notScoped('The resource of this name is not linked to the scope')
  if (name.zone === undefined || !wayIn.missingZones.has(name.zone)) return undefined
  return {
    kind: 'zone missing',
    text: `No zone group of the scope's private endpoint contains ${name.zone}.`,
    remedy: `Add it: az network private-endpoint dns-zone-group add --resource-group <group> --endpoint-name <private endpoint> --name default --zone-name ${name.zone.replaceAll('.', '-')} --private-dns-zone ${name.zone}`,
  }
}

function notScoped(why: string): Cause {
  return {
    kind: 'not scoped',
    text: `${why.charAt(0).toUpperCase()}${why.slice(1)}.`,
    remedy:
      'Link it to the private link scope: plan and apply the topology file, then wait a few minutes for DNS.',
  }
}

function recordMissing(name: UnexplainedName): Cause {
  return {
    kind: 'record missing',
    text: `It is linked to the scope, but ${zoneText(name)} has no record for it.`,
    remedy:
      'Azure writes the records within about ten minutes after linking. If they stay missing, recreate the zone group of the private endpoint.',
  }
}

/** The DNS servers in use, if none of them is Azure DNS. */
function ownServer({ askedBy }: CauseContext): string | undefined {
  const servers = askedBy.server === undefined ? askedBy.configured : [askedBy.server]
  const isOwn = (server: string) => !server.startsWith(azureDns) && !isStub(server)
  return servers.length > 0 && servers.every(isOwn) ? servers.slice(0, 3).join(', ') : undefined
}

/** True for a stub resolver on the machine itself, whose upstream servers are unknown. */
function isStub(server: string): boolean {
  return /^127\.0\.0\.53\b|^127\.0\.0\.54\b/.test(server)
}

function zoneText({ zone }: UnexplainedName): string {
  return zone === undefined ? 'its private DNS zone' : `the zone ${zone}`
}

/** The domain that a DNS server must forward: the zone without `privatelink.`. */
function publicName({ zone, name }: UnexplainedName): string {
  return zone?.replace(/^privatelink\./, '') ?? name
}

function linkCommand({ zone }: UnexplainedName): string {
  const name = zone ?? '<zone>'
  return `az network private-dns link vnet create --resource-group <group of the zone> --zone-name ${name} --name <name> --virtual-network <this network> --registration-enabled false`
}
