import type { Principal, TokenKey } from '../entra/tokens.ts'
import type { Answer, SimulatedRequest } from '../http.ts'
import type { AzureState } from '../azure/state.ts'
import { guidFor, type StoredResource } from '../azure/store.ts'
import { textAt } from '../azure/json.ts'
import type { Column } from '../resourceGraph/tables.ts'
import { NotSimulated } from '../resourceGraph/refusal.ts'
import { toDynamic, toText } from '../resourceGraph/values.ts'
import type { TelemetryHistory } from './history.ts'
import { Unresolved, runKql } from './kql.ts'
import { tableColumns, workspaceTables } from './rows.ts'
import { principalOf } from './signedIn.ts'
import { planOf } from './tables.ts'

const insufficient =
  'The provided credentials have insufficient access to perform the requested operation'

/** The context of the log query service. */
export interface LogService {
  readonly azure: AzureState
  readonly history: TelemetryHistory
  readonly key: TokenKey
}

/** Answers `POST /v1/workspaces/{customerId}/query` below `/_logs`, as recorded (V1 to V8). */
export function answerLogs(service: LogService, request: SimulatedRequest): Answer {
  const now = Date.now() + service.azure.knobs.clockOffsetMs
  const answered = answer(service, request, now)
  return {
    ...answered,
    headers: {
      'access-control-expose-headers':
        'Retry-After,Age,WWW-Authenticate,x-resource-identities,x-ms-status-location',
      date: new Date(now).toUTCString(),
      vary: 'Accept-Encoding',
      ...answered.headers,
    },
  }
}

function answer(service: LogService, request: SimulatedRequest, now: number): Answer {
  const { azure, key } = service
  const principal = principalOf(request, {
    key,
    tenant: azure.tenant,
    audience: `${request.origin}/_logs`,
  })
  if ('status' in principal) return principal
  const customer = /^\/_logs\/v1\/workspaces\/([^/]+)\/query\/?$/.exec(request.path)?.[1]
  if (customer === undefined || request.method !== 'POST' || !/^[0-9a-f-]{36}$/i.test(customer)) {
    return failure(404, 'PathNotFoundError', 'The requested path does not exist')
  }
  const workspace = findWorkspace(azure, customer)
  if (workspace === undefined) {
    return failure(404, 'WorkspaceNotFoundError', `The workspace '${customer}' could not be found`)
  }
  return refusalOf(azure, workspace, principal) ?? answerQuery(service, request, workspace, now)
}

function findWorkspace(azure: AzureState, customer: string): StoredResource | undefined {
  return [...azure.store.resources.values()].find(
    ({ path, properties }) =>
      path.type === 'microsoft.operationalinsights/workspaces' &&
      (textAt(properties, 'customerId') ?? guidFor(`customer ${path.key}`)).toLowerCase() ===
        customer.toLowerCase(),
  )
}

/** Checks rights first, then the network, as the service does; then applies the knobs. */
function refusalOf(
  azure: AzureState,
  workspace: StoredResource,
  principal: Principal,
): Answer | undefined {
  const { path, properties } = workspace
  const right = 'Microsoft.OperationalInsights/workspaces/query/read'
  if (!azure.access.allows(principal, right, path.key)) {
    return failure(403, 'InsufficientAccessError', insufficient, {
      code: 'AuthorizationFailedError',
      message: 'User does not have access to this workspace',
    })
  }
  const access = textAt(properties, 'publicNetworkAccessForQuery') ?? 'Enabled'
  if (access !== 'Enabled' && azure.knobs.caller === 'internet') {
    return failure(403, 'InsufficientAccessError', insufficient, {
      code: 'NspValidationFailedError',
      message: `Access to workspace '${path.name}' from '203.0.113.10' is denied. To allow access from public networks, change the workspace Networking settings or add it to a Network Security Perimeter. (workspace resource ID: ${path.id})`,
    })
  }
  const { queryAnswers } = azure.knobs
  return knobAnswers[queryAnswers[path.name] ?? queryAnswers['*'] ?? 'rows']
}

const knobAnswers: Readonly<Record<string, Answer>> = {
  throttled: {
    ...failure(429, 'ThrottledError', 'Too many requests.'),
    headers: { 'retry-after': '3600' },
  },
  timeout: failure(504, 'GatewayTimeout', 'Gateway timeout', {
    code: 'GatewayTimeout',
    message: 'ADX query timed out',
  }),
  'no-content': { status: 204 },
  empty: { status: 200, body: '' },
}

function answerQuery(
  { azure, history }: LogService,
  request: SimulatedRequest,
  workspace: StoredResource,
  now: number,
): Answer {
  // Without a content type the service answers with an empty body (facts-2 A.1).
  if (!/^application\/json/i.test(request.headers['content-type'] ?? ''))
    return { status: 200, body: '' }
  const query = textAt(parsed(request.body), 'query')
  if (query === undefined)
    return failure(400, 'BadArgumentError', 'The request had some invalid properties')
  const tables = workspaceTables(azure, workspace, history.stretches(), now)
  const basic = [...tables.keys()].find(
    (table) =>
      planOf(azure, workspace.path.name, table) !== 'Analytics' &&
      new RegExp(`\\b${table}\\b`).test(query),
  )
  if (basic !== undefined) return refuseBasic(basic)
  try {
    const { columns, rows } = runKql(query, { tables, columns: tableColumns, now })
    const isPartial = azure.knobs.queryAnswers[workspace.path.name] === 'partial'
    const shown = isPartial ? rows.slice(0, 1) : rows
    return {
      status: 200,
      body: {
        tables: [
          {
            name: 'PrimaryResult',
            columns: columns.map(({ name, type }) => ({ name, type })),
            rows: shown.map((row) => row.map((cell, index) => encode(cell, columns[index]))),
          },
        ],
        ...(isPartial ? { error: partialError } : {}),
      },
    }
  } catch (error) {
    if (error instanceof Unresolved) return semanticError(error)
    if (!(error instanceof NotSimulated)) throw error
    return failure(501, 'NotSimulated', error.message)
  }
}

/** As recorded: text for dynamic values and times, numbers unchanged. */
function encode(cell: unknown, column: Column | undefined): unknown {
  const type = column?.type ?? 'string'
  if (cell === null || cell === undefined) return null
  if (type === 'datetime') return toText(cell, 'datetime')
  return type === 'dynamic' ? JSON.stringify(toDynamic(cell, 'dynamic')) : cell
}

function refuseBasic(table: string): Answer {
  return failure(400, 'BadArgumentError', 'The request had some invalid properties', {
    code: 'SemanticError',
    message: `Table '${table}' has the Basic plan and can only be queried alone, at /search.`,
  })
}

/** Recorded with `resource | summarize count()` and `AppInsights | where …`. */
function semanticError({ operator, table }: Unresolved): Answer {
  return failure(400, 'BadArgumentError', 'The request had some invalid properties', {
    code: 'SemanticError',
    message: 'A semantic error occurred.',
    innererror: {
      code: 'SEM0100',
      message: `'${operator}' operator: Failed to resolve table or column expression named '${table}'`,
    },
  })
}

const partialError = {
  code: 'PartialError',
  message: 'There were some errors when processing your query.',
  details: [
    {
      code: 'EngineError',
      message: 'Something went wrong processing your query on the server.',
      innererror: {
        code: '-2133196797',
        message: 'Query execution has exceeded the allowed limits.',
        severity: 2,
        severityName: 'Error',
      },
    },
  ],
}

function failure(status: number, code: string, message: string, innererror?: unknown): Answer {
  const correlationId = '00000000-0000-4000-8000-000000000000'
  const inner = innererror === undefined ? {} : { innererror }
  return { status, body: { error: { message, code, correlationId, ...inner } } }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: the caller refuses it like any other body without a query.
    return undefined
  }
}
