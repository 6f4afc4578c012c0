import { expect, test } from '@jest/globals'
import { at } from '../../../simulator/azure/json.ts'
import { insights, type Running, start } from './ask.ts'

const endpoint = `${insights}/dataCollectionEndpoints/Dce-1`
const tenant = 'aaaaaaaa-0000-4000-8000-000000000001'
const exchange = 'api://AzureADTokenExchange'

function form(fields: Record<string, string>): string {
  return new URLSearchParams({ grant_type: 'client_credentials', ...fields }).toString()
}

async function signIn(
  { simulator, question }: Running,
  fields: Record<string, string>,
  at_ = tenant,
) {
  const scope = `${simulator.url}/.default`
  return question('POST', `/${at_}/oauth2/v2.0/token`, form({ scope, ...fields }))
}

async function gitHubToken({ simulator, question }: Running, audience = exchange): Promise<string> {
  const url = `${simulator.oidc.requestUrl}&audience=${encodeURIComponent(audience)}`
  const headers = { authorization: `bearer ${simulator.oidc.requestToken}` }
  const { body } = await question('GET', url, undefined, headers)
  return String(at(body, 'value'))
}

test('B1 metadata needs no token, and has the shape of its version', async () => {
  const { simulator, question } = await start()
  const none = { authorization: '' }
  const ours = {
    authentication: {
      loginEndpoint: simulator.url,
      audiences: [`${simulator.url}/`, 'https://management.core.windows.net/'],
    },
  }
  const get = (version: string) =>
    question('GET', `/metadata/endpoints?api-version=${version}`, undefined, none)
  expect((await get('2022-09-01')).body).toMatchObject({
    ...ours,
    resourceManager: `${simulator.url}/`,
  })
  expect((await get('2019-05-01')).body).toMatchObject([{ name: 'AzureCloud' }, ours])
  const flat = (await get('2015-01-01')).body
  expect(flat).toMatchObject(ours)
  expect(at(flat, 'resourceManager')).toBeUndefined()
  simulator.azure.knobs.metadataShape = 'flat'
  expect((await get('2022-09-01')).body).toEqual(flat)
  expect((await question('GET', '/metadata/endpoints?bare')).status).toBe(400)
})

test('B2 a request needs a valid token of this tenant for this audience', async () => {
  const running = await start([], {}, { tenant })
  const { simulator, question } = running
  const codes: [number, unknown][] = []
  const elsewhere = await signIn(running, {
    client_id: 'c',
    client_secret: 's',
    scope: 'https://graph.microsoft.com/.default',
  })
  simulator.azure.knobs.tokenLifetimeSeconds = -1
  const old = simulator.token()
  const tokens = [
    '',
    'Basic x',
    'Bearer x.y.z',
    `Bearer ${String(at(elsewhere.body, 'access_token'))}`,
    `Bearer ${old}`,
  ]
  for (const authorization of tokens) {
    const reply = await question('GET', endpoint, undefined, { authorization })
    codes.push([reply.status, at(reply.body, 'error', 'code')])
    expect(reply.headers['www-authenticate']).toMatch(
      /^Bearer authorization_uri=".*", error="invalid_token"/,
    )
  }
  expect(codes).toEqual([
    [401, 'AuthenticationFailed'],
    [401, 'InvalidAuthenticationToken'],
    [401, 'InvalidAuthenticationToken'],
    [401, 'InvalidAuthenticationTokenAudience'],
    [401, 'ExpiredAuthenticationToken'],
  ])
})

test('B3 only the tenant and adfs have a sign-in', async () => {
  const running = await start([], {}, { tenant })
  const { simulator, question } = running
  for (const [base, token] of [
    [`${tenant}/v2.0`, `${tenant}/oauth2/v2.0/token`],
    ['adfs', 'adfs/oauth2/token'],
  ]) {
    const { status, body } = await question(
      'GET',
      `/${String(base)}/.well-known/openid-configuration`,
    )
    expect([status, at(body, 'token_endpoint')]).toEqual([200, `${simulator.url}/${String(token)}`])
  }
  const adfs = await question(
    'POST',
    '/adfs/oauth2/v2.0/token',
    form({ client_id: 'c', client_secret: 's', resource: `${simulator.url}/` }),
  )
  const authorization = `Bearer ${String(at(adfs.body, 'access_token'))}`
  expect((await question('GET', endpoint, undefined, { authorization })).status).toBe(200)
  const other = await signIn(running, { client_id: 'c', client_secret: 's' }, 'elsewhere')
  expect([other.status, other.body]).toMatchObject([
    400,
    { error: 'invalid_tenant', error_codes: [90002] },
  ])
  expect(at(other.body, 'error_description')).toMatch(
    /^AADSTS90002: .* Trace ID: .* Correlation ID: .* Timestamp: /,
  )
})

test('B4 a client signs in with its secret', async () => {
  const clients = [{ clientId: 'app', secret: 'right' }]
  const strict = await start([], {}, { tenant, clients })
  const good = await signIn(strict, { client_id: 'app', client_secret: 'right' })
  expect(good.body).toMatchObject({ token_type: 'Bearer', expires_in: 3599 })
  const wrong = await signIn(strict, { client_id: 'app', client_secret: 'wrong' })
  expect([wrong.status, wrong.body]).toMatchObject([
    401,
    { error: 'invalid_client', error_codes: [7000215] },
  ])
  const unknown = await signIn(strict, { client_id: 'nobody', client_secret: 'right' })
  expect([unknown.status, unknown.body]).toMatchObject([
    400,
    { error: 'unauthorized_client', error_codes: [700016] },
  ])
  const open = await start([], {}, { tenant })
  expect((await signIn(open, { client_id: 'any', client_secret: 'any' })).status).toBe(200)
})

test('B5 a client signs in with GitHub’s token, if that matches', async () => {
  const federated = [{ clientId: 'app', subject: 'repo:o/r:environment:prod' }]
  const running = await start(
    [],
    { oidcSubject: 'repo:o/r:environment:prod' },
    { tenant, clients: [], federated },
  )
  const { knobs } = running.simulator.azure
  const present = async (assertion: string): Promise<unknown> => {
    const reply = await signIn(running, { client_id: 'app', client_assertion: assertion })
    return at(reply.body, 'error_codes') ?? reply.status
  }
  expect(await present(await gitHubToken(running))).toBe(200)
  expect(await present(await gitHubToken(running, 'api://other'))).toEqual([700212])
  knobs.oidcSubject = 'repo:o/r:pull_request'
  const reply = await signIn(running, {
    client_id: 'app',
    client_assertion: await gitHubToken(running),
  })
  expect(at(reply.body, 'error_description')).toMatch(
    /^AADSTS700213: No matching federated identity record found for presented assertion subject 'repo:o\/r:pull_request'\./,
  )
  knobs.oidcLifetimeSeconds = -1
  expect(await present(await gitHubToken(running))).toEqual([700024])
  expect(await present('a.b.c')).toEqual([50027])
  knobs.oidcLifetimeSeconds = 300
  const fromElsewhere = await gitHubToken(running)
  knobs.oidcIssuer = 'https://token.example.com'
  expect(await present(fromElsewhere)).toEqual([700211])
})

test('B6 GitHub’s endpoint gives a token to the job', async () => {
  const running = await start([], { oidcSubject: 'repo:o/r:ref:refs/heads/main' })
  const token = await gitHubToken(running)
  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  expect(claims).toMatchObject({
    sub: 'repo:o/r:ref:refs/heads/main',
    aud: exchange,
    iss: 'https://token.actions.githubusercontent.com',
    repository: 'o/r',
  })
  expect(Number(at(claims, 'exp')) - Number(at(claims, 'iat'))).toBe(300)
  const stranger = await running.question('GET', running.simulator.oidc.requestUrl)
  expect(stranger.status).toBe(401)
})
