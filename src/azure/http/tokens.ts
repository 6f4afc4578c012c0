import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth'
import { noteSecrets } from '../../secrets.ts'
import type { Clock } from './clock.ts'

/** The single source of tokens: concurrent requests share one token request. */
export interface TokenSource extends TokenCredential {
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
  /** Reports that Azure rejected this token early: the next caller gets a new one. */
  reject(token: string): void
}

/**
 * Tokens are renewed this many milliseconds before they expire, or in the last fifth of a shorter
 * life.
 */
const renewBefore = 120_000
/** While renewal fails, a token with at least this many milliseconds left is still used. */
const stillGood = 5000
const nextRenewal = 30_000

/**
 * Shares one token among all clients. Azure's credentials call their callback every time, and each
 * SDK client caches tokens separately (toolchain section 2).
 *
 * @param create creates a credential without a cached token
 */
export function tokenSource(create: () => TokenCredential, clock: Clock): TokenSource {
  let credential = create()
  let held: { readonly token: AccessToken; readonly renewAt: number } | undefined
  let renewal: Promise<AccessToken> | undefined

  async function renew(scopes: string | string[], options: GetTokenOptions): Promise<AccessToken> {
    const token = await credential.getToken(scopes, { enableCae: true, ...options })
    if (token === null) throw new Error('The sign-in ended without a token.')
    noteSecrets(token.token)
    const life = token.expiresOnTimestamp - clock.now()
    held = { token, renewAt: token.expiresOnTimestamp - Math.min(renewBefore, life / 5) }
    return token
  }
  async function fetch(scopes: string | string[], options: GetTokenOptions): Promise<AccessToken> {
    renewal ??= renew(scopes, options).finally(() => (renewal = undefined))
    try {
      return await renewal
    } catch (error) {
      if (!held || held.token.expiresOnTimestamp - clock.now() < stillGood) throw error
      held = { token: held.token, renewAt: clock.now() + nextRenewal }
      return held.token
    }
  }
  return {
    async getToken(scopes, options = {}) {
      // A challenge: Azure wants a token with these claims, so the held one is useless.
      if (options.claims !== undefined) held = undefined
      else if (held && isGood(held, clock.now())) return held.token
      return await fetch(scopes, options.claims === undefined ? {} : { claims: options.claims })
    },
    reject(token) {
      if (held?.token.token !== token) return
      held = undefined
      credential = create()
    },
  }
}

function isGood(
  held: { readonly token: AccessToken; readonly renewAt: number },
  now: number,
): boolean {
  return now < held.renewAt && now < held.token.expiresOnTimestamp - stillGood / 5
}
