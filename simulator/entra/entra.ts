import type { JsonObject } from '../azure/json.ts'
import { answerOf } from '../azure/gateway.ts'
import { guidFor } from '../azure/store.ts'
import type { Answer, SimulatedRequest } from '../http.ts'
import { requireFederated } from './federated.ts'
import { refuseSignIn } from './signInErrors.ts'
import type { Directory } from './directory.ts'

/** Answers Entra's sign-in: the openid configuration and the token endpoint, of the tenant and of `adfs`. */
export function handleEntra(directory: Directory, request: SimulatedRequest): Answer {
  const match = /^\/([^/]+)\/(.+)$/.exec(request.path)
  const [, tenant = '', rest = ''] = match ?? []
  return answerOf(() => {
    if (tenant !== 'adfs' && tenant.toLowerCase() !== directory.tenant.toLowerCase()) {
      refuseSignIn(
        400,
        'invalid_tenant',
        90002,
        `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
      )
    }
    if (/^(v2\.0\/)?\.well-known\/openid-configuration$/.test(rest)) {
      return { status: 200, body: openidConfiguration(request.origin, tenant) }
    }
    if (/^oauth2\/(v2\.0\/)?token$/.test(rest) && request.method === 'POST') {
      return { status: 200, body: issueToken(directory, request) }
    }
    return { status: 404 }
  })
}

/** An access token for a client of the tenant, as from the token endpoint. */
export function accessToken(
  directory: Directory,
  clientId: string,
  audience: string,
  origin: string,
): string {
  const now = Math.floor(Date.now() / 1000)
  return directory.key.sign({
    aud: audience,
    iss: `${origin}/${directory.tenant}/`,
    iat: now,
    nbf: now,
    exp: now + directory.knobs.tokenLifetimeSeconds,
    appid: clientId,
    oid: guidFor(`object ${clientId}`),
    tid: directory.tenant,
    idtyp: 'app',
    ver: '1.0',
  })
}

function openidConfiguration(origin: string, tenant: string): JsonObject {
  const base = `${origin}/${tenant}`
  const version = tenant === 'adfs' ? '' : '/v2.0'
  return {
    issuer: `${base}${version}`,
    authorization_endpoint: `${base}/oauth2${version}/authorize`,
    token_endpoint: `${base}/oauth2${version}/token`,
    jwks_uri: `${base}/discovery${version}/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    response_types_supported: ['code', 'id_token', 'token'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    tenant_region_scope: 'WW',
    cloud_instance_name: new URL(origin).host,
  }
}

function issueToken(directory: Directory, request: SimulatedRequest): JsonObject {
  const form = new URLSearchParams(request.body)
  const grant = form.get('grant_type')
  if (grant !== 'client_credentials') {
    refuseSignIn(
      400,
      'unsupported_grant_type',
      70003,
      `The app requested an unsupported grant type '${grant ?? ''}'.`,
    )
  }
  const clientId = form.get('client_id') ?? ''
  requireClient(directory, clientId)
  const assertion = form.get('client_assertion')
  if (assertion !== null) requireFederated(directory, clientId, assertion)
  else requireSecret(directory, clientId, form.get('client_secret'))
  const audience = audienceOf(form)
  const lifetime = directory.knobs.tokenLifetimeSeconds
  return {
    token_type: 'Bearer',
    expires_in: lifetime,
    ext_expires_in: lifetime,
    access_token: accessToken(directory, clientId, audience, request.origin),
  }
}

/** The requested audience: a scope that ends in `/.default`, or the older `resource`. */
function audienceOf(form: URLSearchParams): string {
  const scopes = (form.get('scope') ?? '').split(' ')
  const scope = scopes.find((one) => one.endsWith('/.default'))
  const audience = scope?.slice(0, -'/.default'.length) ?? form.get('resource') ?? ''
  if (audience !== '') return audience
  return refuseSignIn(
    400,
    'invalid_scope',
    1002012,
    `The provided value for scope ${form.get('scope') ?? ''} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  )
}

function requireClient({ seed, tenant }: Directory, clientId: string): void {
  const federated = seed.federated ?? []
  const isKnown =
    [...(seed.clients ?? []), ...federated].some((client) => client.clientId === clientId) ||
    (seed.clients === undefined && clientId !== '')
  if (isKnown) return
  refuseSignIn(
    400,
    'unauthorized_client',
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  )
}

function requireSecret({ seed }: Directory, clientId: string, secret: string | null): void {
  if (secret === null || secret === '') {
    refuseSignIn(
      401,
      'invalid_client',
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    )
  }
  const client = (seed.clients ?? []).find((one) => one.clientId === clientId)
  if (seed.clients === undefined || client?.secret === secret) return
  refuseSignIn(
    401,
    'invalid_client',
    7000215,
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
  )
}
