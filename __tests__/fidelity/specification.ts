import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { RecordedRequest } from '../../simulator/simulator.ts'
import { sharedFolder, typeOf } from './shared.ts'

/** A violation of Microsoft's specification in a request or answer. */
export interface Violation {
  readonly side: 'request' | 'response' | 'status'
  /** `PrivateLinkScopes_Get`. */
  readonly operation: string
  readonly code: string
  /** JSON path, `[]` for any entry of a list: `properties.scopeId`. */
  readonly at: string
  readonly message: string
}

/** One request that was checked against the specification. */
export interface Held {
  readonly request: RecordedRequest
  /** The specification's operation; absent for a type or path without one. */
  readonly operation: string | undefined
  readonly violations: readonly Violation[]
}

interface Issue {
  readonly code: string
  readonly message: string
  readonly jsonPathsInPayload: readonly string[]
}

interface Side {
  readonly operationInfo: { readonly operationId: string }
  readonly errors: readonly Issue[]
  readonly runtimeException?: { readonly code: string; readonly message: string }
}

interface Validator {
  initialize(): Promise<void>
  validateLiveRequestResponse(pair: object): Promise<{
    readonly requestValidationResult: Side
    readonly responseValidationResult: Side
  }>
}

interface Oav {
  readonly LiveValidator: new (options: object, log: () => void) => Validator
}

/** Microsoft's OpenAPI files, loaded for checking requests. */
export interface Specification {
  hold(requests: readonly RecordedRequest[]): Promise<readonly Held[]>
}

/** Loads the specifications in `../shared/specs`; takes a second. */
export async function openSpecification(): Promise<Specification> {
  const folder = path.join(sharedFolder, 'specs')
  const { LiveValidator } = createRequire(import.meta.url)('oav') as Oav
  const validator = new LiveValidator(
    {
      fileRoot: folder,
      directory: folder,
      // Without the examples, which are a folder deeper.
      swaggerPathsPattern: ['specification/*/resource-manager/*/*/*/*.json'],
      excludedSwaggerPathsPattern: [],
      git: { shouldClone: false },
      isPathCaseSensitive: false,
      loadValidatorInInitialize: true,
      loadValidatorInBackground: false,
      isArmCall: true,
    },
    () => undefined,
  )
  await validator.initialize()
  const statuses = readStatuses(path.join(folder, 'specification'))
  return {
    hold: async (requests) => {
      const held: Held[] = []
      for (const request of requests) held.push(await holdOne(validator, statuses, request))
      return held
    },
  }
}

async function holdOne(
  validator: Validator,
  statuses: ReadonlyMap<string, ReadonlySet<string>>,
  request: RecordedRequest,
): Promise<Held> {
  const version = specifiedVersion(request)
  const query = { ...request.query, 'api-version': version }
  const headers = { 'content-type': 'application/json' }
  const search = new URLSearchParams(query).toString()
  const { requestValidationResult: asked, responseValidationResult: answered } =
    await validator.validateLiveRequestResponse({
      liveRequest: {
        url: `https://management.azure.com${specifiedPath(request)}?${search}`,
        method: request.method,
        headers,
        query,
        body: request.requestBody ?? undefined,
      },
      liveResponse: {
        statusCode: String(request.status),
        headers,
        body: request.responseBody ?? undefined,
      },
    })
  if (asked.runtimeException !== undefined) return { request, operation: undefined, violations: [] }
  const operation = asked.operationInfo.operationId
  const expected = statuses.get(`${operation} ${version}`)
  const isExpected = request.status >= 400 || expected?.has(String(request.status)) === true
  const status: Violation = {
    side: 'status',
    operation,
    code: 'UNEXPECTED_STATUS',
    at: String(request.status),
    message: `expected ${[...(expected ?? [])].join(', ')}`,
  }
  return {
    request,
    operation,
    violations: [
      ...violationsOf('request', operation, asked),
      ...violationsOf('response', operation, answered),
      ...(isExpected ? [] : [status]),
    ],
  }
}

function violationsOf(
  side: 'request' | 'response',
  operation: string,
  { errors, runtimeException }: Side,
): readonly Violation[] {
  const thrown =
    runtimeException === undefined
      ? []
      : [{ ...runtimeException, jsonPathsInPayload: ['$'] } satisfies Issue]
  return [...thrown, ...errors].flatMap(({ code, message, jsonPathsInPayload }) =>
    jsonPathsInPayload.map((at) => ({
      side,
      operation,
      code,
      at: at.replace(/^\$?\.?/, '').replaceAll(/\[\d+\]/g, '[]'),
      message,
    })),
  )
}

/**
 * The version of the file to use for a request. `@azure/arm-monitor` 8 requests 2024-03-11, which
 * has no file: 2023-03-11 has the same endpoints and associations, 2022-06-01 the rules
 * (../shared/specs/README.md).
 */
function specifiedVersion({ apiVersion = '', path: asked }: RecordedRequest): string {
  if (apiVersion !== '2024-03-11') return apiVersion
  return typeOf(asked) === 'microsoft.insights/datacollectionrules' ? '2022-06-01' : '2023-03-11'
}

/**
 * The specification's path for what Azure serves elsewhere: an operation's status, which is at
 * subscription level (quirk 14), and an operation's result, which is the resource itself.
 */
function specifiedPath({ path: asked, responseBody }: RecordedRequest): string {
  const isResult = typeof responseBody === 'object' && responseBody !== null
  if (isResult && /\/operationresults\/[^/]+$/i.test(asked))
    return asked.replace(/\/operationresults\/[^/]+$/i, '')
  return asked.replace(
    /^(\/subscriptions\/[^/]+)(\/providers\/microsoft\.insights\/privatelinkscopeoperationstatuses\/)/i,
    '$1/resourceGroups/any$2',
  )
}

/** The statuses that a specification lists, by operation and version; `default` is for errors. */
function readStatuses(folder: string): ReadonlyMap<string, ReadonlySet<string>> {
  const statuses = new Map<string, Set<string>>()
  const files = readdirSync(folder, { recursive: true }).map(String)
  for (const file of files.filter((name) => isSpecification(name))) {
    const { info, paths } = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as {
      readonly info?: { readonly version?: string }
      readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
    }
    for (const methods of Object.values(paths ?? {})) {
      for (const operation of Object.values(methods)) {
        const { operationId, responses } = operation as {
          readonly operationId?: string
          readonly responses?: object
        }
        if (operationId === undefined) continue
        statuses.set(
          `${operationId} ${info?.version ?? ''}`,
          new Set(Object.keys(responses ?? {}).filter((status) => status !== 'default')),
        )
      }
    }
  }
  return statuses
}

function isSpecification(file: string): boolean {
  return file.endsWith('.json') && !/(^|[\\/])(examples|common-types|common)[\\/]/.test(file)
}
