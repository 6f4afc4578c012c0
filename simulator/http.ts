/** Requests and answers for the parts of the simulator, independent of sockets. */
export interface SimulatedRequest {
  /** Counts up from 1 over all requests of a simulator. */
  readonly n: number
  /** Milliseconds since 1970. */
  readonly at: number
  /** Upper case. */
  readonly method: string
  /** As sent, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** `https://localhost:PORT`, as the client addressed it. */
  readonly origin: string
}

/** The answer. An `undefined` body is empty, a string is sent as is, anything else as JSON. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** The services of the simulator. */
export type HostPart = 'arm' | 'entra' | 'oidc' | 'github' | 'logs' | 'metrics'

/** Selects the service by path; in reality they have different host names. */
export function hostPartOf(path: string): HostPart {
  if (path.startsWith('/_github/oidc/')) return 'oidc'
  if (path.startsWith('/_github/')) return 'github'
  if (path.startsWith('/_logs/')) return 'logs'
  if (path.startsWith('/_prometheus/')) return 'metrics'
  const isEntra = /^\/[^/]+\/(?:(?:v2\.0\/)?\.well-known\/|oauth2\/|discovery\/)/.test(path)
  return isEntra ? 'entra' : 'arm'
}
