import { lookup, Resolver } from 'node:dns/promises'
import { addressKind, canonicalAddress } from '../egress/inside/addressKind.ts'
import type { Observed } from '../egress/inside/observed.ts'
import { codeOf } from './codeOf.ts'

export type Answer = Pick<Observed, 'addresses' | 'resolution' | 'byServers'>
export type Ask = (name: string) => Promise<Answer>

/** Timeout of a query to one server in milliseconds, and the number of tries. */
const patience = { timeout: 2000, tries: 3 }

/** More aliases than this count as a loop; resolvers have a similar limit. */
const maxAliases = 16

/**
 * Resolves as programs on this machine do: with `getaddrinfo`, which uses the hosts file too
 * (facts-2, B.3). Adds the answer of the machine's DNS servers if it differs.
 */
export function resolveAsMachine(resolveAtServers: Ask = resolverOfMachine()): Ask {
  return async (name) => {
    const [own, servers] = await Promise.all([lookUp(name), resolveAtServers(name)])
    return differ(own, servers) ? { ...own, byServers: servers.addresses } : own
  }
}

async function lookUp(name: string): Promise<Answer> {
  try {
    const found = await lookup(name, { all: true, order: 'verbatim' })
    return found.length > 0
      ? { addresses: unique(found.map(({ address }) => address)), resolution: 'found' }
      : nothing('not-found')
  } catch (error) {
    return nothing(codeOf(error) === 'ENOTFOUND' ? 'not-found' : 'no-answer')
  }
}

/**
 * Queries the machine's configured DNS servers, with a single try: they only give a second opinion.
 */
function resolverOfMachine(): Ask {
  const resolver = new Resolver({ timeout: 2000, tries: 1 })
  let silent = 0
  return async (name) => {
    if (silent >= 3) return nothing('no-answer')
    const answer = await resolveAddresses(resolver, name)
    if (answer.resolution === 'no-answer') silent++
    return answer
  }
}

/**
 * Public names have many addresses and return a varying selection: two public answers do not count
 * as different.
 */
function differ(own: Answer, servers: Answer): boolean {
  if (own.resolution === 'no-answer' || servers.resolution === 'no-answer') return false
  const [one, other] = [canonical(own), canonical(servers)]
  if (one.length === 0 && other.length === 0) return false
  const isPublic = (address: string) => addressKind(address) === 'public'
  if (one.length > 0 && other.length > 0 && [...one, ...other].every(isPublic)) return false
  return !one.some((address) => other.includes(address))
}

function canonical({ addresses }: Answer): readonly string[] {
  return addresses.map((address) => canonicalAddress(address) ?? address)
}

/**
 * Queries one server over UDP and, if the answer is truncated, over TCP. Follows aliases that the
 * server does not follow itself.
 */
export function resolveAtServer(server: string): Ask {
  const resolver = new Resolver(patience)
  resolver.setServers([server])
  return async (name) => {
    const seen = new Set<string>()
    let current = name
    for (;;) {
      seen.add(current.toLowerCase())
      const answer = await resolveAddresses(resolver, current)
      if (answer.resolution !== 'not-found') return answer
      const alias = await resolveAlias(resolver, current)
      if (alias === undefined) return answer
      if (seen.has(alias.toLowerCase()) || seen.size > maxAliases) return nothing('loop')
      current = alias
    }
  }
}

async function resolveAddresses(resolver: Resolver, name: string): Promise<Answer> {
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  const addresses = answers.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
  if (addresses.length > 0) return { addresses: unique(addresses), resolution: 'found' }
  const isSaid = answers.every(
    (each) => each.status === 'fulfilled' || negativeCodes.has(codeOf(each.reason)),
  )
  return nothing(isSaid ? 'not-found' : 'no-answer')
}

async function resolveAlias(resolver: Resolver, name: string): Promise<string | undefined> {
  try {
    return (await resolver.resolveCname(name))[0]
  } catch {
    return undefined
  }
}

/** The codes of a negative answer: no such name, or no address for it. */
const negativeCodes: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA'])

function nothing(resolution: Exclude<Answer['resolution'], 'found'>): Answer {
  return { addresses: [], resolution }
}

function unique(addresses: readonly string[]): readonly string[] {
  return [...new Set(addresses)]
}
