/** A failure below HTTP: what happened and what to check. */
export interface NetworkFailure {
  /** `ECONNREFUSED`, `ENOTFOUND`, `ETIMEDOUT`, … */
  readonly code: string
  /** "the connection to management.azure.com was refused (ECONNREFUSED)" */
  readonly message: string
  readonly remedy: string
  /** Whether a retry may succeed. */
  readonly transient: boolean
}

interface Kind {
  readonly says: (host: string) => string
  readonly remedy: string
  readonly transient: boolean
}

const reach =
  'Check that the runner reaches this host: firewall, private DNS, and the variables HTTPS_PROXY and NO_PROXY. Then run the job again.'
const trust =
  'Make the certificate of this host trusted on the runner: set NODE_EXTRA_CA_CERTS to a file with the certificate of the authority that signed it (a proxy that inspects TLS has its own).'

const reset: Kind = {
  says: (host) => `the connection to ${host} was lost`,
  remedy: reach,
  transient: true,
}
const untrusted: Kind = {
  says: (host) => `the certificate of ${host} is not trusted on this runner`,
  remedy: trust,
  transient: false,
}
const unreachable: Kind = {
  says: (host) => `${host} can't be reached`,
  remedy: reach,
  transient: true,
}
const unresolved: Kind = {
  says: (host) => `the name ${host} can't be resolved`,
  remedy: reach,
  transient: true,
}

const kinds: Readonly<Record<string, Kind>> = {
  ECONNRESET: reset,
  EPIPE: reset,
  ECONNABORTED: reset,
  REQUEST_SEND_ERROR: reset,
  // A reset in the middle of the body: the SDK's "Error reading response as text".
  PARSE_ERROR: {
    says: (host) => `the answer of ${host} was cut off`,
    remedy: reach,
    transient: true,
  },
  ETIMEDOUT: {
    says: (host) => `${host} gave no answer in time`,
    remedy: reach,
    transient: true,
  },
  ECONNREFUSED: {
    says: (host) => `the connection to ${host} was refused`,
    remedy: reach,
    transient: true,
  },
  ENETUNREACH: unreachable,
  EHOSTUNREACH: unreachable,
  ENOTFOUND: unresolved,
  EAI_AGAIN: unresolved,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_UNTRUSTED: untrusted,
  CERT_HAS_EXPIRED: {
    says: (host) => `the certificate of ${host} has expired`,
    remedy: trust,
    transient: false,
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    says: (host) => `the certificate of ${host} is for another name`,
    remedy: trust,
    transient: false,
  },
  EPROTO: {
    says: (host) => `${host} doesn't speak TLS as expected`,
    remedy: trust,
    transient: false,
  },
}

/** Describes a failure below HTTP; `undefined` for other errors. */
export function networkFailure(
  error: unknown,
  url: string | undefined,
): NetworkFailure | undefined {
  const code = networkCode(error)
  const kind = code === undefined ? undefined : kinds[code]
  if (code === undefined || kind === undefined) return undefined
  const host = url === undefined ? 'Azure' : hostOf(url)
  const detail = code === 'ETIMEDOUT' && error instanceof Error ? `: ${error.message}` : ''
  return {
    code,
    message: `${kind.says(host)} (${code}${detail})`,
    remedy: kind.remedy,
    transient: kind.transient,
  }
}

/**
 * True for a code that means the host could not be reached: another URL or network path may help.
 */
export function isUnreached(code: string): boolean {
  const kind = kinds[code]
  return kind !== undefined && kind.remedy === reach
}

/** A proxy's answer when it refuses to connect. No Azure or GitHub service uses this status. */
export const proxyRefusal = {
  status: 407,
  message: 'the proxy in between requires a user and password, or rejected the given ones (407)',
  remedy:
    'Set the variable HTTPS_PROXY to http://user:password@host:port, with special characters percent-encoded; or let the proxy accept this runner without a password. Then run the job again.',
} as const

/** The first known code of the error, its causes, or its aggregated errors. */
function networkCode(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 5) return undefined
  if ('code' in error && typeof error.code === 'string' && Object.hasOwn(kinds, error.code))
    return error.code
  const inner = 'errors' in error && Array.isArray(error.errors) ? (error.errors as unknown[]) : []
  for (const next of ['cause' in error ? error.cause : undefined, ...inner]) {
    const code = networkCode(next, depth + 1)
    if (code !== undefined) return code
  }
  return undefined
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}
