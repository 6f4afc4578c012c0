import { gatewayError, refuse } from './answers.ts'
import type { Principal } from '../entra/tokens.ts'
import { liesWithin } from './path.ts'
import type { EstateSeed } from './seed.ts'

/** The missing rights of a seed: denied actions and unreadable ids. */
export class Access {
  readonly #denials: readonly { matches: RegExp; scope: string; client: string | undefined }[]

  constructor(seed: EstateSeed) {
    const unreadable = (seed.unreadable ?? []).map((scope) => ({ action: '*/read', scope }))
    this.#denials = [...(seed.denied ?? []), ...unreadable].map((denial) => ({
      matches: actionPattern(denial.action),
      scope: denial.scope.toLowerCase().replace(/(.)\/$/, '$1'),
      client: 'client' in denial ? denial.client : undefined,
    }))
  }

  /** True when no principal is denied anything. */
  get isOpen(): boolean {
    return this.#denials.length === 0
  }

  /** True when the principal has the right; `key` is a path in lower case. */
  allows(principal: Principal, action: string, key: string): boolean {
    return !this.#denials.some(
      ({ matches, scope, client }) =>
        (client === undefined || client === principal.clientId) &&
        liesWithin(key, scope) &&
        matches.test(action),
    )
  }

  /** Refuses with `AuthorizationFailed` (quirk 27). */
  require(principal: Principal, action: string, id: string): void {
    if (this.allows(principal, action, id.toLowerCase())) return
    refuse(
      gatewayError(
        403,
        'AuthorizationFailed',
        `The client '${principal.clientId}' with object id '${principal.objectId}' does not have authorization to perform action '${action}' over scope '${id}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
      ),
    )
  }

  /** Refuses a write when the principal lacks a right on the linked resource (facts, section 6). */
  requireLinked(
    call: { readonly principal: Principal; readonly path: { readonly id: string } },
    action: string,
    linkedAction: string,
    linkedId: string,
  ): void {
    const { principal, path } = call
    if (this.allows(principal, linkedAction, linkedId.toLowerCase())) return
    refuse(
      gatewayError(
        403,
        'LinkedAuthorizationFailed',
        `The client '${principal.clientId}' with object id '${principal.objectId}' has permission to perform action '${action}' on scope '${path.id}'; however, it does not have permission to perform action(s) '${linkedAction}' on the linked scope(s) '${linkedId}' (respectively) or the linked scope(s) are invalid.`,
      ),
    )
  }
}

function actionPattern(action: string): RegExp {
  const literal = action.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*')
  return new RegExp(`^${literal}$`, 'i')
}
