import { azureDns } from './azureDns.ts'
import type { Cause } from './cause.ts'
import type { Circumstances } from './checkedName.ts'
import type { CheckedName } from './checkedName.ts'
import type { Connection } from './observed.ts'

/** What bears on a cause beside the name itself. */
export interface Bearing extends Circumstances {
  /** Whether what the name belongs to is linked to the scope; absent where it isn't known, or is nobody's. */
  readonly isLinked: boolean | undefined
  /** Zones that answer here with the private endpoint's addresses, for some name. */
  readonly answering: ReadonlySet<string>
  readonly inside: boolean | null
}

type Stated = Omit<CheckedName, 'cause'>

/** The likely cause of what was seen of a name; `undefined` where it is as it should be. */
export function causeOf(name: Stated, bearing: Bearing): Cause | undefined {
  // The regional handler is public always: nothing about it is a fault (facts-2, B.3).
  if (name.isPublic === 'always') return undefined
  switch (name.state) {
    case 'public':
      return name.isPublic === 'maybe' ? undefined : causeOfPublic(name, bearing)
    case 'no-address':
      return causeOfNothing(name, bearing)
    case 'other-private':
      return causeOfOther(name, bearing)
    case 'unreachable':
      return causeOfUnreachable(name.observed.connection)
    case 'private':
      return causeOfUnsure(name)
  }
}

function causeOfPublic(name: Stated, bearing: Bearing): Cause {
  const zone = zoneText(name)
  const known = causeInAzure(name, bearing)
  if (known !== undefined) return known
  if (name.zone !== undefined && bearing.answering.has(name.zone)) {
    return bearing.isLinked === true
      ? recordMissing(name)
      : notScoped(`${zone} answers here for other names and has no record for this one`)
  }
  const server = ownServer(bearing)
  if (server !== undefined) {
    return {
      kind: 'own DNS server',
      text: `The DNS server ${server} gives the public address: it doesn't ask Azure's DNS for this name, or asks from a network that isn't linked to ${zone}.`,
      remedy: `Forward the public name of the zone (${publicName(name)}) to ${azureDns} on that server, from a virtual network that is linked to ${zone}.`,
    }
  }
  return {
    kind: 'zone not linked',
    text: `This network isn't linked to ${zone}, or has a DNS server of its own that doesn't ask Azure's.`,
    remedy: linkCommand(name),
  }
}

function causeOfNothing(name: Stated, bearing: Bearing): Cause {
  const { resolution } = name.observed
  const who = ownServer(bearing) ?? 'of this network'
  if (resolution === 'loop') {
    return {
      kind: 'own DNS server',
      text: `The DNS server ${who} leads from alias to alias and never to an address.`,
      remedy: `Remove the alias that leads back, and forward ${publicName(name)} to ${azureDns}.`,
    }
  }
  if (resolution === 'no-answer') {
    return {
      kind: 'own DNS server',
      text: `The DNS server ${who} doesn't answer for this name, or says that it can't.`,
      remedy: `See that port 53 of the server can be reached by UDP and TCP, and that it can reach the servers that it forwards to (${azureDns} for Azure).`,
    }
  }
  const known = causeInAzure(name, bearing)
  if (known !== undefined) return known
  if (bearing.isLinked === true || name.of === undefined) {
    return {
      kind: 'zone of another scope',
      text: `A zone ${name.zone ?? ''} answers here without a record for this name: it is empty, or another scope's.`,
      remedy: `Link this network to the zone of this scope's private endpoint instead: ${linkCommand(name)}`,
    }
  }
  return notScoped(`${zoneText(name)} answers here and has no record for this name`)
}

function causeOfOther(name: Stated, { wayIn }: Bearing): Cause {
  const addresses = name.observed.addresses.slice(0, 3).join(', ')
  const whose =
    wayIn === undefined ? 'no address of a private endpoint' : "not one of this scope's endpoint"
  return {
    kind: 'zone of another scope',
    text: `${addresses} is ${whose}: another scope's zone, a record by hand or a hosts file answers here.`,
    remedy: `Link this network to the zone of this scope's private endpoint, and no other zone of the name ${name.zone ?? ''}; take out records made by hand.`,
  }
}

function causeOfUnreachable(connection: Connection | undefined): Cause {
  const failure = connection?.failure ?? connection?.tls?.failure
  const because = failure === undefined ? '' : ` (${failure})`
  if (connection?.tls?.state === 'untrusted') {
    return {
      kind: 'intercepted TLS',
      text: `The certificate isn't trusted here${because}; it was issued by ${connection.tls.issuer ?? 'nobody who says so'}: something on the way reads the traffic, or another server answers.`,
      remedy:
        'Take these names out of TLS inspection, or see to it that the right server answers; agents refuse such a certificate too.',
    }
  }
  const what =
    connection?.connected === true ? 'speaks no TLS' : "can't be connected to on port 443"
  return {
    kind: 'route or firewall',
    text: `The address is right and ${what}${because}.`,
    remedy:
      'See that routes, network security groups and firewalls let TCP 443 through to the subnet of the private endpoint; peering with its network, or a way through a hub, is needed.',
  }
}

function causeOfUnsure({ observed, isAssumed, ping }: Stated): Cause | undefined {
  const { connection } = observed
  if (connection === undefined) {
    return {
      kind: 'not tried',
      text: 'There was no time left to connect to it.',
      remedy: 'Run the check again, or for fewer targets at a time.',
    }
  }
  if (ping && connection.ping !== undefined && connection.ping !== 'Healthy') {
    return {
      kind: 'not healthy',
      text: `It answers /ping with ${connection.ping} instead of Healthy.`,
      remedy:
        'See whether a proxy or gateway answers in its place; if it is Azure, try again in some minutes.',
    }
  }
  if (!isAssumed) return undefined
  return {
    kind: 'not known whose',
    text: "The address is private; whether it is the scope's private endpoint is unknown, since that may not be read.",
    remedy: 'Give this identity Reader on the private endpoint of the scope.',
  }
}

/** What Azure itself shows to be missing. */
function causeInAzure(name: Stated, { wayIn, isLinked }: Bearing): Cause | undefined {
  if (wayIn === undefined) return undefined
  if (!wayIn.hasEndpoint) {
    return {
      kind: 'no private endpoint',
      text: 'The private link scope has no approved private endpoint.',
      remedy: 'Make a private endpoint for the scope, and approve its connection.',
    }
  }
  if (isLinked === false) return notScoped('What this name belongs to is not linked to the scope')
  if (name.zone === undefined || !wayIn.missingZones.has(name.zone)) return undefined
  return {
    kind: 'zone missing',
    text: `No zone group of the scope's private endpoint holds ${name.zone}.`,
    remedy: `Add it: az network private-endpoint dns-zone-group add --resource-group <group> --endpoint-name <private endpoint> --name default --zone-name ${name.zone.replaceAll('.', '-')} --private-dns-zone ${name.zone}`,
  }
}

function notScoped(why: string): Cause {
  return {
    kind: 'not scoped',
    text: `${why.charAt(0).toUpperCase()}${why.slice(1)}.`,
    remedy:
      'Link it to the private link scope: plan and apply the topology file, then give DNS some minutes.',
  }
}

function recordMissing(name: Stated): Cause {
  return {
    kind: 'record missing',
    text: `It is linked to the scope, and ${zoneText(name)} has no record for it.`,
    remedy:
      'A link shows up in the zone within some ten minutes; if it stays away, make the zone group of the private endpoint again.',
  }
}

/** The DNS server that answers, where it is known not to be Azure's. */
function ownServer({ askedBy }: Bearing): string | undefined {
  const servers = askedBy.server === undefined ? askedBy.configured : [askedBy.server]
  const isOwn = (server: string) => !server.startsWith(azureDns) && !isStub(server)
  return servers.length > 0 && servers.every(isOwn) ? servers.slice(0, 3).join(', ') : undefined
}

/** A resolver on the machine itself, which forwards to who knows where. */
function isStub(server: string): boolean {
  return /^127\.0\.0\.53\b|^127\.0\.0\.54\b/.test(server)
}

function zoneText({ zone }: Stated): string {
  return zone === undefined ? 'its private DNS zone' : `the zone ${zone}`
}

/** The name that a DNS server forwards: the zone without `privatelink.`. */
function publicName({ zone, name }: Stated): string {
  return zone?.replace(/^privatelink\./, '') ?? name
}

function linkCommand({ zone }: Stated): string {
  const name = zone ?? '<zone>'
  return `az network private-dns link vnet create --resource-group <group of the zone> --zone-name ${name} --name <name> --virtual-network <this network> --registration-enabled false`
}
