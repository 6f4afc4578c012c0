/** The probe's raw observation of a name: its resolution and a connection to it. */
export interface Observed {
  /** Addresses as returned; empty unless `resolution` is `found`. */
  readonly addresses: readonly string[]
  readonly resolution: Resolution
  /**
   * The answer of this machine's DNS servers, if it differs from the answer that programs get, for
   * instance due to a hosts file or a cache. Empty if the name doesn't exist there. Absent if both
   * agree, or if only one given server was asked.
   */
  readonly byServers?: readonly string[]
  /** Absent if no connection was tried, for lack of an address or of time. */
  readonly connection?: Connection
}

/**
 * How a name was resolved. `not-found`: the name doesn't exist or has no address. `no-answer`: the
 * server didn't answer, or answered with a failure. `loop`: aliases form a loop, or a chain that is too
 * long.
 */
export type Resolution = 'found' | 'not-found' | 'no-answer' | 'loop'

export interface Connection {
  readonly connected: boolean
  /** Error code if not connected: `ETIMEDOUT`, `ECONNREFUSED`, … */
  readonly failure?: string
  readonly tls?: Tls
  /** For configuration hosts: `Healthy`, or the answer instead. */
  readonly ping?: string
}

export interface Tls {
  /** `untrusted`: the certificate is not trusted by the runner, or doesn't match the name. `failed`: no handshake. */
  readonly state: 'verified' | 'untrusted' | 'failed'
  /** Issuer in the certificate. */
  readonly issuer?: string
  readonly failure?: string
}

/** How the names were resolved. */
export interface AskedBy {
  /** The single DNS server that was asked; absent if names were resolved as by programs on this machine. */
  readonly server?: string
  /** The DNS servers in this machine's configuration. */
  readonly configured: readonly string[]
}
