import { textAt } from '../azure/json.ts'
import type { Principal, TokenKey } from '../entra/tokens.ts'
import type { Answer, SimulatedRequest } from '../http.ts'

/**
 * The caller of a query service, from a bearer token for exactly that service (V2); or the refusal.
 */
export function principalOf(
  request: SimulatedRequest,
  {
    key,
    tenant,
    audience,
  }: { readonly key: TokenKey; readonly tenant: string; readonly audience: string },
): Principal | Answer {
  const header = request.headers['authorization']
  if (header === undefined) {
    return refusal(
      401,
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
    )
  }
  const claims = key.read(/^bearer (.+)$/i.exec(header)?.[1] ?? '')
  const isFor = textAt(claims, 'aud')?.replace(/\/$/, '') === audience
  const isOf = textAt(claims, 'tid') === tenant
  const isFresh = Number(claims?.['exp']) * 1000 > Date.now()
  if (claims === undefined || !isFor || !isOf || !isFresh) {
    return refusal(403, 'InvalidAuthenticationToken', 'The access token is invalid.')
  }
  return { clientId: textAt(claims, 'appid') ?? '', objectId: textAt(claims, 'oid') ?? '' }
}

function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } }
}
