import { lookup, Resolver } from 'node:dns/promises'
import { addressKind, canonicalAddress } from '../egress/inside/addressKind.ts'
import type { Observed } from '../egress/inside/observed.ts'
import { codeOf } from './codeOf.ts'

export type Answer = Pick<Observed, 'addresses' | 'resolution' | 'byServers'>
export type Ask = (name: string) => Promise<Answer>

/** How long one server is waited for, in milliseconds, and how often it is asked. */
const patience = { timeout: 2000, tries: 3 }

/** How many aliases are followed before it is called a loop; resolvers give up at about as many. */
const mostAliases = 16

/**
 * Asks as programs of this machine do: `getaddrinfo`, with its hosts file and all (facts-2, B.3). What its DNS
 * servers say is told beside it where that differs.
 */
export function askMachine(askServers: Ask = serversOfMachine()): Ask {
  return async (name) => {
    const [own, servers] = await Promise.all([lookUp(name), askServers(name)])
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

/** The DNS servers that this machine is set to, each name once: they only give a second opinion. */
function serversOfMachine(): Ask {
  const resolver = new Resolver({ timeout: 2000, tries: 1 })
  let silent = 0
  return async (name) => {
    if (silent >= 3) return nothing('no-answer')
    const answer = await askBoth(resolver, name)
    if (answer.resolution === 'no-answer') silent++
    return answer
  }
}

/** Public names have many addresses and give some of them each time: two that are public do not differ. */
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
 * Asks one server, by UDP and, where the answer is cut, by TCP. Aliases that it doesn't follow itself are followed
 * here.
 */
export function askServer(server: string): Ask {
  const resolver = new Resolver(patience)
  resolver.setServers([server])
  return async (name) => {
    const seen = new Set<string>()
    let current = name
    for (;;) {
      seen.add(current.toLowerCase())
      const answer = await askBoth(resolver, current)
      if (answer.resolution !== 'not-found') return answer
      const alias = await askAlias(resolver, current)
      if (alias === undefined) return answer
      if (seen.has(alias.toLowerCase()) || seen.size > mostAliases) return nothing('loop')
      current = alias
    }
  }
}

async function askBoth(resolver: Resolver, name: string): Promise<Answer> {
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  const addresses = answers.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
  if (addresses.length > 0) return { addresses: unique(addresses), resolution: 'found' }
  const isSaid = answers.every(
    (each) => each.status === 'fulfilled' || saysNothing.has(codeOf(each.reason)),
  )
  return nothing(isSaid ? 'not-found' : 'no-answer')
}

async function askAlias(resolver: Resolver, name: string): Promise<string | undefined> {
  try {
    return (await resolver.resolveCname(name))[0]
  } catch {
    return undefined
  }
}

/** The server's word that there is no such name, or no address of it. */
const saysNothing: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA'])

function nothing(resolution: Exclude<Answer['resolution'], 'found'>): Answer {
  return { addresses: [], resolution }
}

function unique(addresses: readonly string[]): readonly string[] {
  return [...new Set(addresses)]
}
