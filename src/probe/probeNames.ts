import { createSecureContext } from 'node:tls'
import { getServers } from 'node:dns'
import type { AskedBy, Observed } from '../egress/inside/observed.ts'
import { connectTo } from './connection.ts'
import { type Answer, type Ask, resolveAsMachine, resolveAtServer } from './resolve.ts'
import { trustedCertificates } from './trust.ts'

export interface ProbeOptions {
  /**
   * The DNS server to query, from `parseDnsServer`. If absent, names are resolved as programs on
   * this machine do.
   */
  readonly server?: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** When aborted, running probes end and no new ones start. */
  readonly signal: AbortSignal
  /** 443, except in tests. */
  readonly port?: number
  readonly progress?: (done: number) => void
}

export interface Probed {
  readonly seen: ReadonlyMap<string, Observed>
  readonly askedBy: AskedBy
}

/** Names probed at a time; `getaddrinfo` handles four at a time. */
const maxInFlight = 32

/** After this many names without any answer, the server counts as silent for the rest too. */
const maxSilences = 8

/**
 * After this many failed connections without a successful one, no further connections are tried.
 */
const maxClosed = 64

/**
 * Time limit for all connections, in milliseconds. Names not reached by then are reported as not
 * tried.
 */
const maxMs = 600_000

/**
 * Resolves each name, connects to it on port 443, inspects its certificate and, where requested,
 * calls `/ping`.
 */
export async function probeNames(
  names: readonly { readonly name: string; readonly ping: boolean }[],
  options: ProbeOptions,
): Promise<Probed> {
  const { server, signal } = options
  const ask = withGiveUp(server === undefined ? resolveAsMachine() : resolveAtServer(server))
  const end = AbortSignal.any([signal, AbortSignal.timeout(maxMs)])
  const isOver = () => end.aborted
  const trusted = createSecureContext({ ca: [...trustedCertificates(options.env)] })
  const way = { open: 0, closed: 0 }
  const seen = new Map<string, Observed>()
  await runConcurrently(names, maxInFlight, async ({ name, ping }) => {
    const answer = signal.aborted ? silence : await ask(name)
    seen.set(name, answer)
    const isClosed = way.open === 0 && way.closed >= maxClosed
    if (answer.addresses.length > 0 && !isOver() && !isClosed) {
      const port = options.port ?? 443
      const connection = await connectTo(name, answer.addresses, {
        port,
        trusted,
        ping,
        signal: end,
      })
      way[connection.connected ? 'open' : 'closed']++
      if (!isOver()) seen.set(name, { ...answer, connection })
    }
    options.progress?.(seen.size)
  })
  return { seen, askedBy: { ...(server !== undefined && { server }), configured: getServers() } }
}

const silence: Answer = { addresses: [], resolution: 'no-answer' }

/**
 * A server that never answers costs seconds per name, which adds up to hours for thousands of
 * names.
 */
function withGiveUp(ask: Ask): Ask {
  let silent = 0
  let answered = false
  return async (name) => {
    if (!answered && silent >= maxSilences) return silence
    const answer = await ask(name)
    if (answer.resolution === 'no-answer') silent++
    else answered = true
    return answer
  }
}

async function runConcurrently<T>(
  items: readonly T[],
  count: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = items.values()
  const lane = async () => {
    for (const item of left) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(count, items.length) }, lane))
}
