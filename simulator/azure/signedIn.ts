import type { SimulatedRequest } from '../http.ts'
import type { Principal, TokenKey } from '../entra/tokens.ts'
import { textAt } from './json.ts'
import { refuse } from './answers.ts'
import { audiencesOf } from './metadata.ts'

/** The principal of a request, from its bearer token, which must be of this tenant, for this audience and not expired (quirk 27). */
export function requireSignedIn(
  request: SimulatedRequest,
  key: TokenKey,
  tenant: string,
): Principal {
  const header = request.headers['authorization']
  if (header === undefined) {
    return unauthorized(
      request,
      tenant,
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
    )
  }
  const token = /^bearer (.+)$/i.exec(header)?.[1]
  const claims = token === undefined ? undefined : key.read(token)
  if (!claims) {
    return unauthorized(
      request,
      tenant,
      'InvalidAuthenticationToken',
      'The access token is invalid.',
    )
  }
  requireAudience(request, tenant, textAt(claims, 'aud') ?? '')
  requireTime(request, tenant, Number(claims['exp']))
  return { clientId: textAt(claims, 'appid') ?? '', objectId: textAt(claims, 'oid') ?? '' }
}

function requireAudience(request: SimulatedRequest, tenant: string, audience: string): void {
  const allowed = audiencesOf(request.origin)
  const isAllowed = allowed.some((one) => one === audience || one === `${audience}/`)
  if (isAllowed) return
  unauthorized(
    request,
    tenant,
    'InvalidAuthenticationTokenAudience',
    `The access token has been obtained for wrong audience or resource '${audience}'. It should exactly match with one of the allowed audiences ${allowed.map((one) => `'${one}'`).join(',')}.`,
  )
}

function requireTime(request: SimulatedRequest, tenant: string, expiry: number): void {
  const now = Date.now()
  if (expiry * 1000 > now) return
  unauthorized(
    request,
    tenant,
    'ExpiredAuthenticationToken',
    `The access token expiry UTC time '${new Date(expiry * 1000).toISOString()}' is earlier than current UTC time '${new Date(now).toISOString()}'.`,
  )
}

function unauthorized(
  request: SimulatedRequest,
  tenant: string,
  code: string,
  message: string,
): never {
  return refuse({
    status: 401,
    headers: {
      'x-ms-failure-cause': 'gateway',
      'www-authenticate': `Bearer authorization_uri="${request.origin}/${tenant}", error="invalid_token", error_description="${message}"`,
    },
    body: { error: { code, message } },
  })
}
