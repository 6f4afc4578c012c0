import type { Answer, SimulatedRequest } from '../http.ts'
import type { Knobs } from '../azure/knobs.ts'
import { randomUUID } from 'node:crypto'
import type { TokenKey } from './tokens.ts'

/** Answers GitHub's OIDC endpoint: a token for the requested audience, given the job's request token. */
export function handleOidc(
  request: SimulatedRequest,
  options: { readonly knobs: Knobs; readonly key: TokenKey; readonly requestToken: string },
): Answer {
  const { knobs, key, requestToken } = options
  if (request.method !== 'GET') return { status: 405, body: { message: 'Method Not Allowed' } }
  const sent = /^bearer (.+)$/i.exec(request.headers['authorization'] ?? '')?.[1]
  if (sent !== requestToken) return { status: 401, body: { message: 'Unauthorized' } }
  const [, repository = ''] = /^repo:([^:]+):/.exec(knobs.oidcSubject) ?? []
  const [owner = ''] = repository.split('/')
  const now = Math.floor(Date.now() / 1000)
  const value = key.sign({
    jti: randomUUID(),
    sub: knobs.oidcSubject,
    aud: request.query.get('audience') ?? `https://github.com/${owner}`,
    iss: knobs.oidcIssuer,
    repository,
    repository_owner: owner,
    iat: now,
    nbf: now - 5,
    exp: now + knobs.oidcLifetimeSeconds,
  })
  return { status: 200, body: { count: value.length, value } }
}
