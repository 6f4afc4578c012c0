import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { createDefaultHttpClient, type HttpClient, RestError } from '@azure/core-rest-pipeline'
import { afterEach, beforeEach, describe, expect, it, jest, test } from '@jest/globals'
import type { Arm } from '../../../src/azure/arm.ts'
import { assertionSource } from '../../../src/azure/signIn/assertion.ts'
import { systemClock } from '../../../src/azure/http/clock.ts'
import { type ConnectOptions, connectThrough } from '../../../src/azure/connect.ts'
import { federatedCredentialCommand } from '../../../src/azure/signIn/signInRemedies.ts'
import { signInWays } from '../../../src/azure/signIn/signInWays.ts'
import { tokenSource } from '../../../src/azure/http/tokens.ts'
import { AzureError, InputError } from '../../../src/errors.ts'
import { errorOf, fakeWire, type LocalAzure, localAzure } from './support.ts'

const tenant = '22222222-2222-2222-2222-222222222222'
const client = '33333333-3333-3333-3333-333333333333'
const accessToken = 'eyJ0eXAiOiJKV1Qi.eyJhdWQiOiJhcm0ifQ.c2lnbmF0dXJl'
const subject = 'repo:octo/estate:pull_request'

function assertionOf(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2VjcmV0c2lnbmF0dXJl`
}
const assertion = assertionOf({
  sub: subject,
  iss: 'https://token.actions.githubusercontent.com',
  aud: 'api://AzureADTokenExchange',
})

/** How the test's Entra answers a token request. */
type Entra = (
  body: URLSearchParams,
  nth: number,
) => { status: number; body: unknown; headers?: Record<string, string> }

const gives: Entra = () => ({
  status: 200,
  body: { token_type: 'Bearer', expires_in: 3600, access_token: accessToken },
})
const refuses =
  (code: number, words: string): Entra =>
  () => ({
    status: 401,
    body: {
      error: 'invalid_client',
      error_description: `AADSTS${code}: ${words} Trace ID: 1a Correlation ID: 44444444-4444-4444-4444-444444444444 Timestamp: 2026-11-22 10:00:00Z`,
      error_codes: [code],
    },
  })

let azure: LocalAzure | undefined
let entra: Entra
let openId: { status: number; body?: unknown } | undefined
let folder: string

beforeEach(() => {
  entra = gives
  openId = undefined
  folder = mkdtempSync(join(tmpdir(), 'sign-in-'))
})
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true })
  await azure?.close()
  azure = undefined
})

async function start(): Promise<LocalAzure> {
  let asked = 0
  const local: LocalAzure = await localAzure(({ url, body, headers }) => {
    if (url.startsWith('/metadata/endpoints'))
      return {
        status: 200,
        body: {
          resourceManager: local.url,
          authentication: { loginEndpoint: local.url, audiences: [`${local.url}/`] },
        },
      }
    if (url.includes('/.well-known/openid-configuration'))
      return openId ?? { status: 200, body: openIdConfiguration(local.url) }
    if (url.startsWith(`/${tenant}/oauth2/v2.0/token`)) {
      asked += 1
      return entra(new URLSearchParams(body), asked)
    }
    return headers.authorization === `Bearer ${accessToken}`
      ? { status: 200, body: { value: [] } }
      : { status: 401, body: { error: { code: 'InvalidAuthenticationToken', message: 'no' } } }
  })
  azure = local
  return local
}

function openIdConfiguration(url: string): object {
  return {
    issuer: `${url}/${tenant}/v2.0`,
    authorization_endpoint: `${url}/${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${url}/${tenant}/oauth2/v2.0/token`,
    jwks_uri: `${url}/keys`,
  }
}

const github = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://github.local/token' }

async function connect(
  options: Partial<ConnectOptions> = {},
  httpClient?: HttpClient,
): Promise<{ arm: Arm; minted: string[]; lines: string[] }> {
  const local = azure ?? (await start())
  const minted: string[] = []
  const lines: string[] = []
  const arm = await connectThrough(
    {
      cloud: local.url,
      clientId: client,
      tenantId: tenant,
      writes: 'refused',
      env: github,
      maxConcurrency: 8,
      log: (line) => lines.push(line),
      getIdToken: (audience) => {
        minted.push(audience)
        return Promise.resolve(assertion)
      },
      ...options,
    },
    {
      httpClient: httpClient ?? local.httpClient,
      clock: systemClock,
      random: () => 0,
      log: (line) => lines.push(line),
    },
  )
  return { arm, minted, lines }
}

/** Every text reachable from a value, including hidden properties and the causes' requests. */
function textsWithin(value: unknown, seen = new Set<unknown>()): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null || seen.has(value) || seen.size > 5000) return []
  seen.add(value)
  const inner = Reflect.ownKeys(value).map((key) => Reflect.get(value, key) as unknown)
  return inner.flatMap((one) => textsWithin(one, seen))
}

/** Expects no secret of the sign-in in the error, however it is printed. */
function expectNoSecrets(error: unknown): void {
  const printed = [
    inspect(error, { depth: 20, showHidden: true }),
    String(error),
    error instanceof Error ? (error.stack ?? '') : '',
    JSON.stringify(error),
    ...textsWithin(error),
  ].join('\n')
  expect(printed).not.toContain(assertion)
  expect(printed).not.toContain('c2VjcmV0c2lnbmF0dXJl')
  expect(printed).not.toContain(accessToken)
  expect(printed).not.toContain('s3cr3t')
}

const read = {
  method: 'GET',
  path: '/subscriptions',
  apiVersion: '2022-12-01',
  what: 'list',
} as const

describe("GitHub's OIDC token", () => {
  it('is exchanged once, however many requests need a token, and used for all', async () => {
    const { arm, minted, lines } = await connect()
    await Promise.all([1, 2, 3, 4].map(() => arm.send(read)))
    expect(azure?.requests.map((r) => `${r.method} ${r.url.replace(/\?.*/, '')}`)).toEqual([
      'GET /metadata/endpoints',
      `GET /${tenant}/v2.0/.well-known/openid-configuration`,
      `POST /${tenant}/oauth2/v2.0/token`,
      ...[1, 2, 3, 4].map(() => 'GET /subscriptions'),
    ])
    expect(minted).toEqual(['api://AzureADTokenExchange'])
    expect(arm.counts).toEqual({
      reads: 5,
      queries: 0,
      writes: 0,
      deletes: 0,
      signIns: 3,
      telemetry: 0,
    })
    expect(lines).toEqual([
      `Signed in to ${azure?.url ?? ''} as client ${client} in tenant ${tenant} with GitHub's OIDC token.`,
    ])
    const asked = new URLSearchParams(azure?.requests.find((r) => r.method === 'POST')?.body)
    expect(asked.get('client_assertion')).toBe(assertion)
    expect(asked.get('scope')).toContain(`${azure?.url ?? ''}/.default`)
  })

  it('without a matching credential: the error shows the presented claims and the command that fixes it', async () => {
    entra = refuses(
      700213,
      `No matching federated identity record found for presented assertion subject '${subject}'.`,
    )
    const error = await errorOf(connect())
    expect(error).toBeInstanceOf(AzureError)
    expect(error).toMatchObject({
      message: `Could not sign in to Azure as client ${client} in tenant ${tenant} with GitHub's OIDC token: AADSTS700213: No matching federated identity record found for presented assertion subject '${subject}'. GitHub presented the subject "${subject}", the issuer "https://token.actions.githubusercontent.com" and the audience "api://AzureADTokenExchange".`,
      reason: 'auth-failed',
      code: 'AADSTS700213',
      correlationId: '44444444-4444-4444-4444-444444444444',
      remedy: `Add a federated credential for exactly this subject, which Entra compares letter by letter: az ad app federated-credential create --id ${client} --parameters '{"name":"github-octo-estate-pull-request","issuer":"https://token.actions.githubusercontent.com","subject":"${subject}","audiences":["api://AzureADTokenExchange"]}' (for a user-assigned managed identity: az identity federated-credential create, with the same values).`,
    })
    expectNoSecrets(error)
  })

  const codes: [number, RegExp][] = [
    [70021, /^Add a federated credential/],
    [7002138, /^Add a federated credential/],
    [700016, /Check the client id 3{8}-/],
    [7000215, /AZURE_CLIENT_SECRET/],
    [7000222, /has expired/],
    [700024, /had expired/],
    [53003, /Conditional Access/],
    [500011, /input cloud/],
    [90002, /^Check the tenant id/],
    [1234567, /error\?code=1234567/],
  ]
  test.each(codes)('AADSTS%i has its own remedy', async (code, remedy) => {
    entra = refuses(code, 'It does not work.')
    const error = await errorOf(connect())
    expect(error).toMatchObject({ code: `AADSTS${code}`, reason: 'auth-failed' })
    expect(error).toHaveProperty('remedy', expect.stringMatching(remedy))
    expectNoSecrets(error)
  })

  it('for a tenant that does not exist: the real cause, which the SDK hides', async () => {
    openId = {
      status: 400,
      body: {
        error: 'invalid_tenant',
        error_description: `AADSTS90002: Tenant '${tenant}' not found. Trace ID: 1a`,
      },
    }
    const error = await errorOf(connect())
    expect(error).toMatchObject({
      message: `Could not sign in to Azure as client ${client} in tenant ${tenant} with GitHub's OIDC token: AADSTS90002: Tenant '${tenant}' not found. GitHub presented the subject "${subject}", the issuer "https://token.actions.githubusercontent.com" and the audience "api://AzureADTokenExchange".`,
      code: 'AADSTS90002',
    })
  })

  it('for an authority that this runner does not trust: the certificate is named', async () => {
    const local = await start()
    const untrusting = createDefaultHttpClient()
    const httpClient: HttpClient = {
      sendRequest: (request) =>
        (request.url.includes('/metadata/') ? local.httpClient : untrusting).sendRequest(request),
    }
    const error = await errorOf(connect({}, httpClient))
    expect(error).toMatchObject({
      message: `Could not sign in to Azure as client ${client} in tenant ${tenant} with GitHub's OIDC token: the certificate of ${new URL(local.url).host} is not trusted on this runner (DEPTH_ZERO_SELF_SIGNED_CERT)`,
      remedy: expect.stringContaining('NODE_EXTRA_CA_CERTS') as unknown,
      reason: 'auth-failed',
    })
    expectNoSecrets(error)
  })

  it('for an Entra that cuts the connection: the error does not show what was sent', async () => {
    const local = await start()
    const httpClient: HttpClient = {
      sendRequest: (request) =>
        request.method === 'POST'
          ? Promise.reject(
              new RestError('certificate has expired', { code: 'CERT_HAS_EXPIRED', request }),
            )
          : local.httpClient.sendRequest(request),
    }
    const error = await errorOf(connect({}, httpClient))
    expect(error).toMatchObject({
      message: `Could not sign in to Azure as client ${client} in tenant ${tenant} with GitHub's OIDC token: the certificate of ${new URL(local.url).host} has expired (CERT_HAS_EXPIRED)`,
      code: 'CERT_HAS_EXPIRED',
    })
    expectNoSecrets(error)
  })

  it('that Entra quotes in its refusal: it is redacted', async () => {
    entra = refuses(50013, `Assertion ${assertion} failed signature validation.`)
    const error = await errorOf(connect())
    expect(error).toHaveProperty(
      'message',
      expect.stringContaining('Assertion [token] failed signature validation.'),
    )
    expectNoSecrets(error)
  })

  it('survives a transient failure of the sign-in', async () => {
    entra = (body, nth) =>
      nth <= 2 ? { status: [503, 429][nth - 1] ?? 0, body: '<html>busy</html>' } : gives(body, nth)
    const { arm } = await connect()
    expect(arm.counts.signIns).toBe(5)
  })

  it('without the permission: the error names it', async () => {
    await start()
    const error = await errorOf(connect({ env: {} }))
    expect(error).toBeInstanceOf(InputError)
    expect(error).toMatchObject({
      message:
        'GitHub gives this job no OIDC token, but the inputs client-id and tenant-id require one',
      remedy:
        'Add "permissions: id-token: write" to the job (and "contents: read", which is lost when any permission is set). Pull requests from forks never get a token.',
      reason: 'auth-failed',
    })
    expect(azure?.requests).toEqual([])
  })

  it('that GitHub refuses: the error has its message, without a token', async () => {
    const getIdToken = () =>
      Promise.reject(new Error(`Failed to get ID Token. Error Message: ${assertion}`))
    const error = await errorOf(connect({ getIdToken }))
    expect(error).toMatchObject({
      reason: 'auth-failed',
      message: 'GitHub gave no OIDC token: Failed to get ID Token. Error Message: [token]',
    })
    expectNoSecrets(error)
  })
})

describe('environment variables', () => {
  const ids = { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client }
  // Without inputs: the variables exist, but are empty.
  const noInputs = { clientId: '', tenantId: '' }

  it('with a client secret', async () => {
    const { arm, lines } = await connect({
      ...noInputs,
      env: { ...ids, AZURE_CLIENT_SECRET: 's3cr3t' },
    })
    await arm.send(read)
    expect(azure?.requests.find((r) => r.method === 'POST')?.body).toContain('client_secret=s3cr3t')
    expect(lines[0]).toContain('with a client secret')
    expect(lines.join()).not.toContain('s3cr3t')
  })

  it('with a wrong client secret', async () => {
    entra = refuses(7000215, 'Invalid client secret provided.')
    const error = await errorOf(
      connect({ ...noInputs, env: { ...ids, AZURE_CLIENT_SECRET: 's3cr3t' } }),
    )
    expect(error).toMatchObject({ code: 'AADSTS7000215', reason: 'auth-failed' })
    expectNoSecrets(error)
  })

  it('with the token of a file', async () => {
    const file = join(folder, 'token')
    writeFileSync(file, `${assertion}\n`)
    await connect({ ...noInputs, env: { ...ids, AZURE_FEDERATED_TOKEN_FILE: file } })
    const asked = new URLSearchParams(azure?.requests.find((r) => r.method === 'POST')?.body)
    expect(asked.get('client_assertion')).toBe(assertion)
  })

  it('with a missing certificate', async () => {
    const error = await errorOf(
      connect({
        ...noInputs,
        env: { ...ids, AZURE_CLIENT_CERTIFICATE_PATH: join(folder, 'none.pem') },
      }),
    )
    expect(error).toMatchObject({
      reason: 'auth-failed',
      remedy: expect.stringContaining('AZURE_CLIENT_CERTIFICATE_PATH') as unknown,
    })
  })
})

describe("the Azure CLI's login", () => {
  const az = (script: string) => {
    const file = join(folder, 'az')
    writeFileSync(file, `#!/bin/sh\n${script}\n`)
    chmodSync(file, 0o755)
    return `${folder}:${process.env['PATH'] ?? ''}`
  }
  const noInputs = { clientId: '', tenantId: '' }
  const withPath = async <T>(path: string, act: () => Promise<T>): Promise<T> => {
    // The SDK starts `az` with the environment of the process.
    const before = process.env['PATH']
    process.env['PATH'] = path
    try {
      return await act()
    } finally {
      process.env['PATH'] = before
    }
  }

  it('is used if there is one', async () => {
    const expires = Math.floor(Date.now() / 1000) + 3600
    const path = az(
      `echo '{"accessToken":"${accessToken}","expires_on":${expires},"expiresOn":"2030-01-01 00:00:00.000000"}'`,
    )
    const { arm, lines } = await withPath(path, () => connect({ ...noInputs, env: { PATH: path } }))
    await arm.send(read)
    expect(lines[0]).toContain("with the Azure CLI's login")
    expect(arm.counts.signIns).toBe(0)
  })

  it('that has expired: the error says what to do', async () => {
    const path = az(`echo "ERROR: Please run 'az login' to setup account." >&2; exit 1`)
    const error = await withPath(path, () => errorOf(connect({ ...noInputs, env: { PATH: path } })))
    expect(error).toBeInstanceOf(InputError)
    expect(error).toMatchObject({
      message:
        "Could not sign in to Azure with the Azure CLI's login: Please run 'az login' from a command prompt to authenticate before using this credential.",
      reason: 'auth-failed',
    })
  })
})

describe('a managed identity', () => {
  const before = { ...process.env }
  afterEach(() => {
    process.env = { ...before }
  })

  it('is used where the platform offers it, even if the Azure CLI is signed out', async () => {
    const env = { IDENTITY_ENDPOINT: 'http://localhost:1/msi', IDENTITY_HEADER: 'h', PATH: folder }
    // The SDK reads the URL from the process's environment.
    process.env = { ...before, ...env }
    const az = join(folder, 'az')
    writeFileSync(
      az,
      `#!/bin/sh\necho "ERROR: Please run 'az login' to setup account." >&2\nexit 1\n`,
    )
    chmodSync(az, 0o755)
    const wire = fakeWire((one) =>
      one.url.startsWith('http://localhost:1/')
        ? {
            status: 200,
            body: {
              access_token: accessToken,
              expires_on: 4_000_000_000,
              resource: 'r',
              token_type: 'Bearer',
            },
          }
        : { status: 200, body: { value: [] } },
    )
    const lines: string[] = []
    const log = (line: string) => lines.push(line)
    const getIdToken = () => Promise.reject(new Error('not asked'))
    const arm = await connectThrough(
      { cloud: 'AzureCloud', writes: 'refused', env, maxConcurrency: 8, log, getIdToken },
      { httpClient: wire.httpClient, clock: systemClock, random: () => 0, log },
    )
    await arm.send(read)
    expect(wire.sent.map((s) => new URL(s.url).origin)).toEqual([
      'http://localhost:1',
      'https://management.azure.com',
    ])
    expect(new URL(wire.sent[0]?.url ?? '').searchParams.get('resource')).toBe(
      'https://management.azure.com',
    )
    expect(lines).toEqual(['Signed in to AzureCloud with the managed identity of this machine.'])
  })
})

describe('which way to sign in', () => {
  const none = { env: {}, hasAzureCli: false }
  const ids = { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client }

  const chosen: [string, Parameters<typeof signInWays>[0], string[]][] = [
    [
      'inputs before the environment',
      {
        clientId: client,
        tenantId: tenant,
        env: { ...github, ...ids, AZURE_CLIENT_SECRET: 's' },
        hasAzureCli: true,
      },
      ['github'],
    ],
    [
      'the environment before the CLI',
      { env: { ...ids, AZURE_CLIENT_SECRET: 's' }, hasAzureCli: true },
      ['secret'],
    ],
    [
      'a secret before a certificate',
      {
        env: { ...ids, AZURE_CLIENT_SECRET: 's', AZURE_CLIENT_CERTIFICATE_PATH: 'c' },
        hasAzureCli: false,
      },
      ['secret'],
    ],
    [
      'a certificate before a token file',
      {
        env: { ...ids, AZURE_FEDERATED_TOKEN_FILE: 'f', AZURE_CLIENT_CERTIFICATE_PATH: 'c' },
        hasAzureCli: false,
      },
      ['certificate'],
    ],
    [
      'a token file',
      { env: { ...ids, AZURE_FEDERATED_TOKEN_FILE: 'f' }, hasAzureCli: false },
      ['tokenFile'],
    ],
    [
      "the CLI alone on GitHub's runner",
      { env: { ...ids, RUNNER_ENVIRONMENT: 'github-hosted' }, hasAzureCli: true },
      ['cli'],
    ],
    [
      'the CLI, then the identity of a self-hosted runner',
      { env: { RUNNER_ENVIRONMENT: 'self-hosted' }, hasAzureCli: true },
      ['cli', 'managedIdentity'],
    ],
    [
      'the identity where the platform offers it',
      { env: { IDENTITY_ENDPOINT: 'http://x' }, hasAzureCli: false },
      ['managedIdentity'],
    ],
    [
      'the identity where an older platform offers it',
      { env: { MSI_ENDPOINT: 'http://x' }, hasAzureCli: false },
      ['managedIdentity'],
    ],
  ]
  test.each(chosen)('%s', (_, inputs, expected) => {
    expect(signInWays(inputs).map((way) => way.by)).toEqual(expected)
  })

  const refused: [string, Parameters<typeof signInWays>[0], string, string][] = [
    ['nothing at all', none, 'auth-failed', 'No credentials for Azure were found'],
    [
      "nothing, on GitHub's runner: no metadata address is asked",
      { env: { RUNNER_ENVIRONMENT: 'github-hosted' }, hasAzureCli: false },
      'auth-failed',
      'No credentials for Azure were found',
    ],
    [
      'one input of two',
      { ...none, clientId: client },
      'invalid-input',
      'The input tenant-id is missing: client-id and tenant-id go together',
    ],
    [
      'the other input of two',
      { ...none, tenantId: tenant },
      'invalid-input',
      'The input client-id is missing: client-id and tenant-id go together',
    ],
    [
      'an input that is not an id',
      { ...none, clientId: client, tenantId: 'a/../b\n::x', env: github },
      'invalid-input',
      'The input tenant-id is neither an id nor a domain name: "a/../b\\n::x"',
    ],
    [
      'a secret without its client',
      { env: { AZURE_TENANT_ID: tenant, AZURE_CLIENT_SECRET: 's' }, hasAzureCli: true },
      'auth-failed',
      'The variable AZURE_CLIENT_SECRET is set, but AZURE_CLIENT_ID is not',
    ],
  ]
  test.each(refused)('%s', async (_, inputs, reason, message) => {
    const error = await errorOf(Promise.resolve().then(() => signInWays(inputs)))
    expect(error).toBeInstanceOf(InputError)
    expect(error).toMatchObject({ message, reason })
  })

  it('lists the four ways when there is none', async () => {
    const error = await errorOf(Promise.resolve().then(() => signInWays(none)))
    expect(error).toHaveProperty(
      'remedy',
      expect.stringMatching(
        /client-id and tenant-id.*AZURE_CLIENT_SECRET.*azure\/login.*managed identity/,
      ),
    )
  })
})

describe('the command that adds a federated credential', () => {
  const claims = { issuer: 'https://i', audience: 'api://a' }
  const cases: [string, string, string][] = [
    [
      'a branch',
      'repo:octo/estate:ref:refs/heads/main',
      `az ad app federated-credential create --id c --parameters '{"name":"github-octo-estate-ref-refs-heads-main","issuer":"https://i","subject":"repo:octo/estate:ref:refs/heads/main","audiences":["api://a"]}'`,
    ],
    [
      'an environment with a quote',
      "repo:o/e:environment:it's",
      `az ad app federated-credential create --id c --parameters '{"name":"github-o-e-environment-it-s","issuer":"https://i","subject":"repo:o/e:environment:it\\u0027s","audiences":["api://a"]}'`,
    ],
  ]
  test.each(cases)('for %s', (_, sub, expected) => {
    expect(federatedCredentialCommand('c', { ...claims, subject: sub })).toBe(expected)
  })

  it("keeps the credential's name within Entra's limit", () => {
    const command = federatedCredentialCommand('c', {
      ...claims,
      subject: `repo:o/${'x'.repeat(300)}`,
    })
    expect(/"name":"([^"]*)"/.exec(command)?.[1]).toHaveLength(120)
  })
})

describe('an assertion', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 })
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  it('is created once in four minutes, also for concurrent requests', async () => {
    let made = 0
    const source = assertionSource(() => Promise.resolve(`a${++made}`), systemClock)
    expect(await Promise.all([source.get(), source.get()])).toEqual(['a1', 'a1'])
    jest.setSystemTime(239_000)
    expect(await source.get()).toBe('a1')
    jest.setSystemTime(241_000)
    expect(await source.get()).toBe('a2')
  })

  it('with a shorter life is created more often', async () => {
    let made = 0
    const source = assertionSource(() => {
      made += 1
      return Promise.resolve(assertionOf({ sub: 's', exp: Date.now() / 1000 + 60 }))
    }, systemClock)
    await source.get()
    jest.setSystemTime(46_000)
    await source.get()
    expect(made).toBe(2)
    expect(source.claims()).toEqual({ subject: 's', issuer: '', audience: '' })
  })

  it('is tried again after a failure', async () => {
    let made = 0
    const source = assertionSource(
      () => (++made === 1 ? Promise.reject(new Error('no')) : Promise.resolve('a')),
      systemClock,
    )
    await errorOf(source.get())
    expect(await source.get()).toBe('a')
  })
})

describe('a token', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 })
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  const source = (life: number, fails: (nth: number) => boolean = () => false) => {
    let made = 0
    const asked = () => made
    const tokens = tokenSource(
      () => ({
        getToken: async () => {
          made += 1
          const nth = made
          await Promise.resolve()
          if (fails(nth)) throw new Error('no token')
          return { token: `t${nth}`, expiresOnTimestamp: Date.now() + life }
        },
      }),
      systemClock,
    )
    const get = async () => (await tokens.getToken('s')).token
    return { tokens, get, asked }
  }

  it('is requested once for many callers', async () => {
    const { get, asked } = source(3_600_000)
    expect(await Promise.all([get(), get(), get()])).toEqual(['t1', 't1', 't1'])
    expect(await get()).toBe('t1')
    expect(asked()).toBe(1)
  })

  it('is renewed two minutes before it ends', async () => {
    const { get } = source(3_600_000)
    await get()
    jest.setSystemTime(3_479_000)
    expect(await get()).toBe('t1')
    jest.setSystemTime(3_481_000)
    expect(await get()).toBe('t2')
  })

  it('with a short life is renewed in its last fifth', async () => {
    const { get } = source(10_000)
    await get()
    jest.setSystemTime(7900)
    expect(await get()).toBe('t1')
    jest.setSystemTime(8100)
    expect(await get()).toBe('t2')
  })

  it('is used while valid if it cannot be renewed', async () => {
    const { get, asked } = source(3_600_000, (nth) => nth === 2)
    await get()
    jest.setSystemTime(3_500_000)
    expect(await get()).toBe('t1')
    expect(await get()).toBe('t1')
    expect(asked()).toBe(2)
    jest.setSystemTime(3_531_000)
    expect(await get()).toBe('t3')
  })

  it('that cannot be obtained is an error, and is requested again the next time', async () => {
    const { get } = source(3_600_000, (nth) => nth === 1)
    expect(await errorOf(get())).toMatchObject({ message: 'no token' })
    expect(await get()).toBe('t2')
  })

  it('that was rejected is dropped once', async () => {
    const { tokens, get } = source(3_600_000)
    await get()
    tokens.reject('t1')
    tokens.reject('t1')
    expect(await get()).toBe('t2')
    tokens.reject('t1')
    expect(await get()).toBe('t2')
  })
})
