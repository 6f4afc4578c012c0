import { describe, expect, it, test } from '@jest/globals'
import { createPipelineRequest, RestError } from '@azure/core-rest-pipeline'
import { asAzureError } from '../../../src/azure/errors/azureFailure.ts'
import { resolveCloud } from '../../../src/azure/http/cloud.ts'
import { AzureError, InputError } from '../../../src/errors.ts'
import { errorOf } from './support.ts'

const noReading = () => Promise.reject(new Error('no request was expected'))
const reading = (body: unknown, status = 200) => {
  const asked: string[] = []
  const read = (url: string) => {
    asked.push(url)
    return Promise.resolve({ status, text: typeof body === 'string' ? body : JSON.stringify(body) })
  }
  return { asked, read }
}

const authentication = {
  loginEndpoint: 'https://login.local/',
  audiences: ['https://management.core.local/', 'https://arm.local:8443/'],
}

describe('a named cloud', () => {
  const cases = [
    ['AzureCloud', 'https://management.azure.com', 'https://login.microsoftonline.com'],
    [
      'azureusgovernment',
      'https://management.usgovcloudapi.net',
      'https://login.microsoftonline.us',
    ],
    ['AzureChinaCloud', 'https://management.chinacloudapi.cn', 'https://login.chinacloudapi.cn'],
  ] as const
  test.each(cases)('%s is known without a request', async (name, resourceManager, authority) => {
    const cloud = await resolveCloud(name, noReading)
    expect(cloud).toEqual({
      name: expect.stringMatching(new RegExp(`^${name}$`, 'i')) as unknown,
      resourceManager,
      authority,
      scope: `${resourceManager}/.default`,
      custom: false,
      queries: expect.anything() as unknown,
    })
  })
})

describe('a cloud by its URL', () => {
  const expected = {
    name: 'https://arm.local:8443',
    resourceManager: 'https://arm.local:8443',
    authority: 'https://login.local',
    scope: 'https://arm.local:8443/.default',
    custom: true,
    queries: {
      metrics: { host: 'arm.local', scope: 'https://prometheus.monitor.azure.com/.default' },
    },
  }

  const shapes: [string, unknown][] = [
    [
      'one object (2022-09-01)',
      { name: 'Local', resourceManager: 'https://arm.local:8443/', authentication },
    ],
    [
      'a list of clouds (2019-05-01)',
      [
        {
          resourceManager: 'https://management.azure.com/',
          authentication: { ...authentication, loginEndpoint: 'https://login.microsoftonline.com' },
        },
        { resourceManager: 'https://ARM.local:8443', authentication },
      ],
    ],
    [
      'a flat object (2015-01-01)',
      {
        galleryEndpoint: 'https://g',
        graphEndpoint: 'https://graph',
        portalEndpoint: '',
        authentication,
      },
    ],
    ['an object after a byte order mark', `\uFEFF${JSON.stringify({ authentication })}`],
  ]
  test.each(shapes)('answers with %s', async (_, body) => {
    const { read, asked } = reading(body)
    expect(await resolveCloud('https://arm.local:8443/', read)).toEqual(expected)
    expect(asked).toEqual(['https://arm.local:8443/metadata/endpoints?api-version=2022-09-01'])
  })

  it('uses the first audience if none is its own', async () => {
    const { read } = reading({
      authentication: { ...authentication, audiences: ['https://other.local/', 'https://third'] },
    })
    expect((await resolveCloud('https://arm.local:8443', read)).scope).toBe(
      'https://other.local/.default',
    )
  })

  const refused: [string, string, unknown, string][] = [
    [
      'a word',
      'AzureClod',
      {},
      'The input cloud: "AzureClod" is not a cloud. Use AzureCloud, AzureUSGovernment, AzureChinaCloud, or the https:// URL of a Resource Manager.',
    ],
    [
      'plain http',
      'http://arm.local',
      {},
      'The input cloud: "http://arm.local" does not start with https://: a token would travel in the clear. Use AzureCloud, AzureUSGovernment, AzureChinaCloud, or the https:// URL of a Resource Manager.',
    ],
    [
      'a password in it',
      'https://u:secret@arm.local',
      {},
      'The input cloud: The URL contains a user name or password. Use AzureCloud, AzureUSGovernment, AzureChinaCloud, or the https:// URL of a Resource Manager.',
    ],
    [
      'a path',
      'https://arm.local/tenant',
      {},
      'The input cloud: "https://arm.local/tenant" has something after the host. Give the URL as https://host or https://host:port.',
    ],
    [
      'a page instead',
      'https://arm.local',
      '<html>',
      'The input cloud: the answer of https://arm.local/metadata/endpoints?api-version=2022-09-01 is not that of a Resource Manager (authentication.loginEndpoint and audiences are missing)',
    ],
    [
      'no audience',
      'https://arm.local',
      { authentication: { loginEndpoint: 'https://l', audiences: [] } },
      'The input cloud: the answer of https://arm.local/metadata/endpoints?api-version=2022-09-01 is not that of a Resource Manager (authentication.loginEndpoint and audiences are missing)',
    ],
    [
      'two clouds and neither it',
      'https://arm.local',
      [
        { resourceManager: 'https://a', authentication },
        { resourceManager: 'https://b', authentication },
      ],
      'The input cloud: the answer of https://arm.local/metadata/endpoints?api-version=2022-09-01 is not that of a Resource Manager (authentication.loginEndpoint and audiences are missing)',
    ],
    [
      'sign-in over plain http',
      'https://arm.local',
      { authentication: { ...authentication, loginEndpoint: 'http://login.local' } },
      'The input cloud: https://arm.local/metadata/endpoints?api-version=2022-09-01 names a sign-in address that is not https: http://login.local',
    ],
  ]
  test.each(refused)('is refused: %s', async (_, input, body, message) => {
    const error = await errorOf(resolveCloud(input, reading(body).read))
    expect(error).toBeInstanceOf(InputError)
    expect(error).toMatchObject({ message, reason: 'invalid-input' })
  })

  it('is refused: another status', async () => {
    const error = await errorOf(resolveCloud('https://arm.local', reading({}, 404).read))
    expect(error).toMatchObject({
      message:
        'The input cloud: https://arm.local/metadata/endpoints?api-version=2022-09-01 answered 404',
      reason: 'invalid-input',
    })
  })

  it.each<[string, Error, RegExp]>([
    [
      'an unreachable host',
      Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
      /^Check that the input cloud names the right host\. Check that the runner reaches this host: firewall, private DNS, and the variables HTTPS_PROXY/,
    ],
    [
      'an unknown name',
      Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }),
      /^Check that the input cloud names the right host\. .*private DNS/,
    ],
    [
      'an untrusted certificate',
      Object.assign(new Error('self-signed'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
      /^Make the certificate of this host trusted on the runner: set NODE_EXTRA_CA_CERTS/,
    ],
  ])('has its own remedy: %s', async (_, cause, remedy) => {
    const wire = new RestError(cause.message, {
      code: (cause as Error & { code: string }).code,
      request: createPipelineRequest({ url: 'https://arm.local/x' }),
    })
    const read = () => Promise.reject(asAzureError(wire, 'read the sign-in address'))
    const error = await errorOf(resolveCloud('https://arm.local', read))
    expect(error).toBeInstanceOf(AzureError)
    expect(error).toMatchObject({ reason: 'azure-error', remedy: expect.stringMatching(remedy) })
    expect((error as AzureError).remedy).not.toContain('Set the input cloud')
    expect((error as AzureError).message).toContain('The cloud at https://arm.local/metadata')
  })

  it('has its own remedy: a proxy that rejects everyone', async () => {
    const error = await errorOf(resolveCloud('https://arm.local', reading('', 407).read))
    expect(error).toBeInstanceOf(AzureError)
    expect(error).toMatchObject({
      reason: 'azure-error',
      message: expect.stringContaining('requires a user and password'),
      remedy: expect.stringContaining('Set the variable HTTPS_PROXY'),
    })
  })

  it('is refused: no server there', async () => {
    const error = await errorOf(resolveCloud('https://arm.local', noReading))
    expect(error).toMatchObject({
      message:
        'The input cloud: https://arm.local/metadata/endpoints?api-version=2022-09-01 could not be read: no request was expected',
    })
  })
})

describe('the query services of a cloud', () => {
  test.each([
    ['AzureCloud', 'https://api.loganalytics.io', 'prometheus.monitor.azure.com'],
    ['AzureUSGovernment', 'https://api.loganalytics.us', 'prometheus.monitor.azure.us'],
    ['AzureChinaCloud', 'https://api.loganalytics.azure.cn', 'prometheus.monitor.azure.cn'],
  ])('%s are known', async (name, logs, metrics) => {
    const { queries } = await resolveCloud(name, noReading)
    expect(queries).toEqual({
      logs: { address: logs, scope: `${logs}/.default` },
      metrics: { host: metrics, scope: `https://${metrics}/.default` },
    })
  })

  const logsOf = async (logAnalyticsResourceId: unknown) => {
    const body = {
      resourceManager: 'https://arm.local:8443/',
      authentication,
      logAnalyticsResourceId,
    }
    const cloud = await resolveCloud('https://arm.local:8443', reading(body).read)
    return cloud.queries.logs
  }

  test.each([
    ['https://arm.local:8443', 'on the host itself'],
    ['https://arm.local', 'on another port'],
    ['https://logs.arm.local:9000/', 'beneath the host'],
    ['https://arm.local:8443/logs', 'with a path'],
  ])('by URL are taken at %s: %s', async (address) => {
    const plain = address.replace(/\/$/, '')
    expect(await logsOf(address)).toEqual({ address: plain, scope: `${plain}/.default` })
  })

  test.each<[unknown, string]>([
    ['https://api.loganalytics.io', 'the public one'],
    ['https://evilarm.local', 'a name that only ends so'],
    ['http://arm.local:8443', 'not https'],
    ['https://user:pw@arm.local', 'with a password'],
    ['arm.local', 'no address'],
    [7, 'no text'],
    [undefined, 'absent'],
  ])('by URL are not taken at %s: %s', async (address) => {
    expect(await logsOf(address)).toBeUndefined()
  })
})
