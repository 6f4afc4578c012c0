/** What asking for a name and connecting to it gave: data, as the probe saw it. */
export interface Observed {
  /** As they came; empty with a `resolution` other than `found`. */
  readonly addresses: readonly string[]
  readonly resolution: Resolution
  /**
   * What the DNS servers of this machine give, where that is not what its programs get: a hosts file or a
   * cache stands between them. Empty: no such name there. Absent where both agree, or one server was asked.
   */
  readonly byServers?: readonly string[]
  /** Absent where nothing was tried: no address, or no time left. */
  readonly connection?: Connection
}

/**
 * How a name was answered. `not-found`: there is no such name, or it has no address. `no-answer`: the
 * server said nothing, or that it can't tell. `loop`: aliases that lead in a circle, or too far.
 */
export type Resolution = 'found' | 'not-found' | 'no-answer' | 'loop'

export interface Connection {
  readonly connected: boolean
  /** Why not: `ETIMEDOUT`, `ECONNREFUSED`, … */
  readonly failure?: string
  readonly tls?: Tls
  /** Of configuration hosts: `Healthy`, or what came instead. */
  readonly ping?: string
}

export interface Tls {
  /** `untrusted`: a certificate that the runner's trust store or the name does not bear out. `failed`: no handshake. */
  readonly state: 'verified' | 'untrusted' | 'failed'
  /** Who issued the certificate, as it says itself. */
  readonly issuer?: string
  readonly failure?: string
}

/** How the names were asked for. */
export interface AskedBy {
  /** The one DNS server that was asked; absent: as programs of this machine ask. */
  readonly server?: string
  /** The DNS servers that this machine is set to. */
  readonly configured: readonly string[]
}
