import { AzureError, InputError } from '../../errors.ts'
import { isUnreached, proxyRefusal } from './network.ts'

/** An Azure cloud: the addresses of its Resource Manager and sign-in. */
export interface Cloud {
  /** The value of the input: `AzureCloud`, or the URL. */
  readonly name: string
  /** Origin of the Resource Manager, without a trailing slash. */
  readonly resourceManager: string
  /** URL of Entra, without a trailing slash. */
  readonly authority: string
  /** The scope of tokens: `https://management.azure.com/.default`. */
  readonly scope: string
  /**
   * True for a Resource Manager given by URL, whose authority is not in Microsoft's directory of
   * sign-in hosts.
   */
  readonly custom: boolean
  readonly queries: QueryServices
}

/**
 * The addresses of a cloud's query services, and the scopes of their tokens (contract section 9).
 */
export interface QueryServices {
  /** Absent if a Resource Manager given by URL names no log query service on its own host. */
  readonly logs?: {
    /** `https://api.loganalytics.io`, without a trailing slash. */
    readonly address: string
    readonly scope: string
  }
  /**
   * The domain of the query endpoints of Azure Monitor workspaces. For a `custom` cloud they may be
   * on the host itself.
   */
  readonly metrics: { readonly host: string; readonly scope: string }
}

/** The version of `/metadata/endpoints` that returns a single object (facts section 1). */
export const metadataVersion = '2022-09-01'

/**
 * Resource Managers: arm-monitor 8.0.0 cloudSettingHelpers.js, `getArmEndpoint`. Authorities:
 * @azure/identity 4.14.1 constants.js, `AzureAuthorityHosts`.
 */
const named: readonly Cloud[] = [
  namedCloud(
    'AzureCloud',
    'https://management.azure.com',
    'https://login.microsoftonline.com',
    queriesAt('https://api.loganalytics.io', 'prometheus.monitor.azure.com'),
  ),
  namedCloud(
    'AzureUSGovernment',
    'https://management.usgovcloudapi.net',
    'https://login.microsoftonline.us',
    queriesAt('https://api.loganalytics.us', 'prometheus.monitor.azure.us'),
  ),
  namedCloud(
    'AzureChinaCloud',
    'https://management.chinacloudapi.cn',
    'https://login.chinacloudapi.cn',
    queriesAt('https://api.loganalytics.azure.cn', 'prometheus.monitor.azure.cn'),
  ),
]

function namedCloud(
  name: string,
  resourceManager: string,
  authority: string,
  queries: QueryServices,
): Cloud {
  const scope = `${resourceManager}/.default`
  return { name, resourceManager, authority, scope, custom: false, queries }
}

/**
 * The URL of the log query service is also its audience (facts-2 A.1), as is the domain of the
 * query endpoints.
 */
function queriesAt(logs: string, metrics: string): QueryServices {
  return {
    logs: { address: logs, scope: `${logs}/.default` },
    metrics: { host: metrics, scope: `https://${metrics}/.default` },
  }
}

/** The query services of a Resource Manager given by URL: on its host or a subdomain. */
function customQueries(origin: string, logs: string | undefined): QueryServices {
  const host = new URL(origin).hostname
  const isOwn = logs !== undefined && URL.canParse(logs) && isOwnHost(new URL(logs), host)
  return {
    ...(isOwn
      ? { logs: { address: withoutSlash(logs), scope: `${withoutSlash(logs)}/.default` } }
      : {}),
    metrics: { host, scope: 'https://prometheus.monitor.azure.com/.default' },
  }
}

/** True for an https URL on that host or a subdomain, on any port. */
export function isOwnHost({ protocol, hostname, username, password }: URL, host: string): boolean {
  const isPlain = protocol === 'https:' && username === '' && password === ''
  return isPlain && (hostname === host || hostname.endsWith(`.${host}`))
}

/**
 * Resolves the input `cloud`: one of three names, or the https:// URL of a Resource Manager, whose
 * metadata give the sign-in address.
 *
 * @param read GET without a token; throws if there is no answer
 * @throws InputError if the input is neither, or the server is not a Resource Manager
 */
export async function resolveCloud(
  input: string,
  read: (url: string) => Promise<{ readonly status: number; readonly text: string }>,
): Promise<Cloud> {
  const known = named.find((cloud) => cloud.name.toLowerCase() === input.toLowerCase())
  if (known) return known
  const origin = originOf(input)
  const url = `${origin}/metadata/endpoints?api-version=${metadataVersion}`
  const answer = await read(url).catch((error: unknown) => {
    if (error instanceof AzureError) throw unreached(url, error)
    const why = error instanceof Error ? error.message : String(error)
    throw wrongCloud(`${url} could not be read: ${why}`, error)
  })
  if (answer.status === 408 || answer.status === 429 || answer.status >= 500) {
    throw new AzureError(
      `Could not read the sign-in address from ${url}: it answered ${answer.status}`,
      {
        status: answer.status,
        remedy: 'A temporary failure of the Resource Manager: run the job again.',
      },
    )
  }
  if (answer.status === proxyRefusal.status)
    throw new AzureError(
      `Could not read the sign-in address from ${url}: ${proxyRefusal.message}`,
      proxyRefusal,
    )
  if (answer.status !== 200) throw wrongCloud(`${url} answered ${answer.status}`)
  const { authority, audiences, logs } = endpointsFor(origin, url, answer.text)
  return {
    name: origin,
    resourceManager: origin,
    authority,
    scope: scopeFor(origin, audiences),
    custom: true,
    queries: customQueries(origin, logs),
  }
}

/** The input may be right and only the network fail, so the remedy covers both. */
function unreached(url: string, { message, remedy, reason, code, cause }: AzureError): AzureError {
  const isWay = code !== undefined && isUnreached(code)
  return new AzureError(`The cloud at ${url} does not answer. ${message}`, {
    remedy: isWay ? `Check that the input cloud names the right host. ${remedy}` : remedy,
    reason,
    code,
    cause,
  })
}

function originOf(input: string): string {
  const names = named.map((cloud) => cloud.name).join(', ')
  const wanted = `Use ${names}, or the https:// URL of a Resource Manager.`
  if (!URL.canParse(input)) throw wrongCloud(`"${input}" is not a cloud. ${wanted}`)
  const url = new URL(input)
  if (url.protocol !== 'https:')
    throw wrongCloud(
      `"${input}" does not start with https://: a token would travel in the clear. ${wanted}`,
    )
  if (url.username !== '' || url.password !== '')
    throw wrongCloud(`The URL contains a user name or password. ${wanted}`)
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw wrongCloud(
      `"${input}" has something after the host. Give the URL as https://host or https://host:port.`,
    )
  return url.origin
}

interface Endpoints {
  readonly authority: string
  readonly audiences: readonly string[]
  /** `logAnalyticsResourceId`: URL and audience of the log query service. */
  readonly logs?: string
}

/**
 * Parses the three shapes of `/metadata/endpoints`: a single object since 2022-09-01, a list of
 * clouds before, a flat object before 2018 (facts section 1). All contain `authentication`.
 */
function endpointsFor(origin: string, url: string, text: string): Endpoints {
  const parsed = parse(text)
  const clouds = (Array.isArray(parsed) ? (parsed as unknown[]) : [parsed]).filter(isFields)
  const own = clouds.find((cloud) => sameOrigin(cloud['resourceManager'], origin))
  const cloud = own ?? (clouds.length === 1 ? clouds[0] : undefined)
  const authentication = cloud?.['authentication']
  const endpoints = isFields(authentication) ? readAuthentication(authentication) : undefined
  if (endpoints === undefined)
    throw wrongCloud(
      `the answer of ${url} is not that of a Resource Manager (authentication.loginEndpoint and audiences are missing)`,
    )
  if (!URL.canParse(endpoints.authority) || new URL(endpoints.authority).protocol !== 'https:')
    throw wrongCloud(`${url} names a sign-in address that is not https: ${endpoints.authority}`)
  const logs = cloud?.['logAnalyticsResourceId']
  return typeof logs === 'string' && logs !== '' ? { ...endpoints, logs } : endpoints
}

function readAuthentication(fields: Readonly<Record<string, unknown>>): Endpoints | undefined {
  const { loginEndpoint, audiences } = fields
  if (typeof loginEndpoint !== 'string' || !Array.isArray(audiences)) return undefined
  const named = (audiences as unknown[]).filter((a) => typeof a === 'string' && a !== '')
  if (named.length === 0) return undefined
  return { authority: withoutSlash(loginEndpoint), audiences: named as string[] }
}

/** The Resource Manager's own audience if it is listed, else the first. */
function scopeFor(origin: string, audiences: readonly string[]): string {
  const audience = audiences.find((a) => sameOrigin(a, origin)) ?? audiences[0] ?? origin
  return `${withoutSlash(audience)}/.default`
}

function sameOrigin(value: unknown, origin: string): boolean {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).origin === origin
}

function withoutSlash(value: string): string {
  return value.replace(/\/+$/, '')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    // Not JSON: the caller reports that this is not a Resource Manager.
    return undefined
  }
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wrongCloud(what: string, cause?: unknown): InputError {
  return new InputError(
    `The input cloud: ${what}`,
    'Set the input cloud to AzureCloud, AzureUSGovernment, AzureChinaCloud, or the https:// URL of a Resource Manager that serves /metadata/endpoints.',
    { cause },
  )
}
