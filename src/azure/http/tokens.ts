import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth'
import { noteSecrets } from '../../secrets.ts'
import type { Clock } from './clock.ts'

/** The one place that tokens come from: asked once, however many requests wait for it. */
export interface TokenSource extends TokenCredential {
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
  /** Azure refused this token before its time: the next caller gets a new one. */
  reject(token: string): void
}

/** Renewed so long before it ends, in milliseconds, or in the last fifth of a shorter life. */
const renewBefore = 120_000
/** A token that is still good for so long serves while the renewal fails. */
const stillGood = 5000
const nextRenewal = 30_000

/**
 * Shares one token among all clients. Azure's own credentials ask their callback at each call, and
 * each client of the SDK keeps tokens for itself (toolchain section 2).
 *
 * @param create makes a credential without any token kept from before
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
      // A challenge: Azure wants a token with these claims, and the one that is held is worthless.
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
