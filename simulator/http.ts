/** One request as the simulator's parts see it, and what they answer: no sockets below this line. */
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

/** What goes back. An `undefined` body is an empty one, a string goes as it is, all else as JSON. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** Which of the services under one roof a request is for. */
export type HostPart = 'arm' | 'entra' | 'oidc' | 'github' | 'logs' | 'metrics'

/** Tells the services apart by path, as they would be by host name. */
export function hostPartOf(path: string): HostPart {
  if (path.startsWith('/_github/oidc/')) return 'oidc'
  if (path.startsWith('/_github/')) return 'github'
  if (path.startsWith('/_logs/')) return 'logs'
  if (path.startsWith('/_prometheus/')) return 'metrics'
  const isEntra = /^\/[^/]+\/(?:(?:v2\.0\/)?\.well-known\/|oauth2\/|discovery\/)/.test(path)
  return isEntra ? 'entra' : 'arm'
}
