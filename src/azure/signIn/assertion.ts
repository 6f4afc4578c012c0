import { noteSecrets } from '../../secrets.ts'
import type { Clock } from '../http/clock.ts'

/** The claims of an assertion that Entra compares with a federated credential. */
export interface Claims {
  readonly subject: string
  readonly issuer: string
  readonly audience: string
}

/** A cached source of assertions. */
export interface AssertionSource {
  /** Returns an assertion that is still valid when it reaches Entra. */
  get(): Promise<string>
  /** The claims of the last assertion; never the assertion itself. */
  claims(): Claims | undefined
}

/** GitHub's assertions live five minutes. */
const reuse = 240_000

/**
 * Caches an assertion for about four minutes: the credential requests it twice per getToken, even
 * if the token is cached (toolchain section 2).
 */
export function assertionSource(mint: () => Promise<string>, clock: Clock): AssertionSource {
  let held: { readonly assertion: string; readonly until: number } | undefined
  let minting: Promise<string> | undefined
  let last: Claims | undefined
  const make = async () => {
    const assertion = await mint()
    noteSecrets(assertion)
    const payload = payloadOf(assertion)
    last = payload && claimsOf(payload)
    const now = clock.now()
    // Leaves a quarter of its life for the request to Entra, however short it is.
    const life = typeof payload?.['exp'] === 'number' ? payload['exp'] * 1000 - now : Infinity
    held = { assertion, until: now + Math.min(reuse, life * 0.75) }
    return assertion
  }
  return {
    async get() {
      if (held && clock.now() < held.until) return held.assertion
      minting ??= make().finally(() => (minting = undefined))
      return await minting
    },
    claims: () => last,
  }
}

type Payload = Readonly<Record<string, unknown>>

function claimsOf(payload: Payload): Claims {
  const { sub, iss, aud } = payload
  const audience: unknown = Array.isArray(aud) ? aud[0] : aud
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return { subject: text(sub), issuer: text(iss), audience: text(audience) }
}

/** The payload of a JWT; undefined if it isn't one. */
function payloadOf(assertion: string): Payload | undefined {
  const part = assertion.split('.')[1]
  if (part === undefined) return undefined
  try {
    const payload: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof payload === 'object' && payload !== null ? (payload as Payload) : undefined
  } catch {
    // Not a JWT: Entra reports that better than we could.
    return undefined
  }
}
