import { createSecureContext } from 'node:tls'
import { getServers } from 'node:dns'
import type { AskedBy, Observed } from '../egress/inside/observed.ts'
import { connectTo } from './connection.ts'
import { type Answer, type Ask, askMachine, askServer } from './resolve.ts'
import { trustedCertificates } from './trust.ts'

export interface ProbeOptions {
  /** The one DNS server to ask, as `parseDnsServer` gives it; absent: as programs of this machine ask. */
  readonly server?: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborted: what is under way ends, and the rest isn't begun. */
  readonly signal: AbortSignal
  /** 443 but in tests. */
  readonly port?: number
  readonly progress?: (done: number) => void
}

export interface Probed {
  readonly seen: ReadonlyMap<string, Observed>
  readonly askedBy: AskedBy
}

/** Names in flight; `getaddrinfo` takes four of them at a time. */
const lanes = 32

/** So many names without an answer, and none with: the server is taken to be silent for the rest too. */
const mostSilences = 8

/** So many addresses that let nothing through, and none that did: the way is taken to be closed. */
const mostClosed = 64

/** Longest that connecting takes in all, in milliseconds; names that it doesn't come to are told as not tried. */
const mostMs = 600_000

/** Resolves each of the names, connects to it on 443, looks at its certificate, and asks `/ping` where it should. */
export async function probeNames(
  names: readonly { readonly name: string; readonly ping: boolean }[],
  options: ProbeOptions,
): Promise<Probed> {
  const { server, signal } = options
  const ask = givingUp(server === undefined ? askMachine() : askServer(server))
  const end = AbortSignal.any([signal, AbortSignal.timeout(mostMs)])
  const isOver = () => end.aborted
  const trusted = createSecureContext({ ca: [...trustedCertificates(options.env)] })
  const way = { open: 0, closed: 0 }
  const seen = new Map<string, Observed>()
  await inLanes(names, lanes, async ({ name, ping }) => {
    const answer = signal.aborted ? silence : await ask(name)
    seen.set(name, answer)
    const isClosed = way.open === 0 && way.closed >= mostClosed
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

/** A server that never answers costs seconds a name; thousands of names would cost the night. */
function givingUp(ask: Ask): Ask {
  let silent = 0
  let answered = false
  return async (name) => {
    if (!answered && silent >= mostSilences) return silence
    const answer = await ask(name)
    if (answer.resolution === 'no-answer') silent++
    else answered = true
    return answer
  }
}

async function inLanes<T>(
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
