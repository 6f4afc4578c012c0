import { viewOf } from './present.ts'
import type { Answer, SimulatedRequest } from '../http.ts'
import type { Principal, TokenKey } from '../entra/tokens.ts'
import { answer, refuse, Refusal } from './answers.ts'
import { readBody } from './body.ts'
import {
  answerContainer,
  groupNotFound,
  resourcesVersions,
  subscriptionNotFound,
} from './containers.ts'
import type { Fault } from './faults.ts'
import { type GraphTables, scrambleIds, withKnownTable } from './graph.ts'
import { type Kind, parentNotFound } from './kind.ts'
import { canonicalPath, type Kinds } from './kinds.ts'
import { answerList } from './lists.ts'
import { answerMetadata } from './metadata.ts'
import { type ArmPath, type CollectionPath, parseArmPath, type ResourcePath } from './path.ts'
import {
  decodePath,
  noSuchMethod,
  requiredVersion,
  requireProviderVersion,
  requireVersion,
  unknownPath,
  unknownType,
} from './refusals.ts'
import { applyPolicies, requireUnlocked } from './rules.ts'
import { requireSignedIn } from './signedIn.ts'
import type { AzureState, Call, CommittedWrite, ResourceCall } from './state.ts'
import type { Throttle } from './throttle.ts'
import { answerTable, tablesType } from '../telemetry/tables.ts'

/** The handler of Resource Graph's query POST. */
export interface GraphService {
  answer(
    body: unknown,
    principal: string,
    tables: (subscriptions: readonly string[] | undefined) => GraphTables,
  ): Answer
}

/** The parts of Resource Manager's gateway. */
export interface Gateway {
  readonly azure: AzureState
  readonly kinds: Kinds
  readonly throttle: Throttle
  readonly key: TokenKey
  readonly graph: GraphService
  readonly tables: (principal: Principal, subscriptions?: readonly string[]) => GraphTables
}

/** The result of one request. */
export interface Handled {
  readonly answer: Answer
  readonly principal?: Principal
  /** Commits to report before the answer is sent. */
  readonly commits: readonly CommittedWrite[]
}

const graphVersions = [
  ...['2018-09-01-preview', '2019-04-01', '2020-04-01-preview', '2021-03-01'],
  ...['2021-06-01-preview', '2022-10-01', '2024-04-01'],
]
const actions: Readonly<Record<string, string>> = {
  GET: 'read',
  HEAD: 'read',
  PUT: 'write',
  PATCH: 'write',
  DELETE: 'delete',
}

/** Answers one Resource Manager request: checks sign-in, limits, versions, rights, locks and policies, then calls the provider. */
export function handleArm(
  gateway: Gateway,
  request: SimulatedRequest,
  fault: Fault | undefined,
): Handled {
  const commits: CommittedWrite[] = []
  const extra: Record<string, string> = {}
  let principal: Principal | undefined
  const run = (): Answer => {
    if (/^\/+metadata\/endpoints\/?$/i.test(request.path)) {
      return answerMetadata(request, gateway.azure.knobs)
    }
    principal = requireSignedIn(request, gateway.key, gateway.azure.tenant)
    const path = parseArmPath(decodePath(request.path)) ?? refuse(unknownPath(request))
    const type = 'type' in path ? path.type : ''
    const about = { method: request.method, subscription: path.subscription, type }
    if (type !== 'microsoft.resourcegraph/resources') {
      Object.assign(extra, gateway.throttle.take(about, principal))
    }
    return route(gateway, request, path, principal, fault, commits, extra)
  }
  const answered = answerOf(run)
  const casing = gateway.azure.knobs.casing
  const body = casing === 'azure' ? answered.body : scrambleIds(answered.body, casing)
  return {
    answer: { ...answered, body, headers: { ...extra, ...answered.headers } },
    commits,
    ...(principal ? { principal } : {}),
  }
}

/** The answer, or the one that a check threw. */
export function answerOf(run: () => Answer): Answer {
  try {
    return run()
  } catch (error) {
    if (error instanceof Refusal) return error.answer
    throw error
  }
}

function route(
  gateway: Gateway,
  request: SimulatedRequest,
  path: ArmPath,
  principal: Principal,
  fault: Fault | undefined,
  commits: CommittedWrite[],
  extra: Record<string, string>,
): Answer {
  const { azure } = gateway
  const apiVersion = requiredVersion(request)
  if (path.subscription !== '' && !hasSubscription(azure, path.subscription)) {
    return subscriptionNotFound(path.subscription)
  }
  if (path.kind !== 'resource' && path.kind !== 'collection') {
    requireVersion(apiVersion, resourcesVersions)
    if (request.method !== 'GET' && request.method !== 'HEAD') return noSuchMethod(request)
    return answerContainer(azure, path, request, principal)
  }
  if (path.type === 'microsoft.resourcegraph/resources') {
    requireVersion(apiVersion, graphVersions)
    if (request.method !== 'POST') return noSuchMethod(request)
    const body = withKnownTable(azure.knobs, readBody('PUT', request.body))
    return gateway.graph.answer(body, principal.clientId, (subscriptions) =>
      gateway.tables(principal, subscriptions),
    )
  }
  if (path.type === tablesType) return answerTable(azure, path, request, principal)
  const kind = gateway.kinds.get(path.type) ?? refuse(unknownType(gateway.kinds, path, apiVersion))
  if (kind.supportedVersions) extra['api-supported-versions'] = kind.supportedVersions.join(', ')
  const call: Call = {
    azure,
    request,
    path,
    apiVersion,
    body: {},
    principal,
    fault: fault?.do,
    commits,
  }
  requireProviderVersion(kind, call)
  const action = `${kind.type}/${actions[request.method] ?? 'action'}`
  azure.access.require(
    principal,
    action,
    path.kind === 'resource' ? path.id : path.id.slice(0, path.holder.length),
  )
  requireGroup(azure, path)
  return path.kind === 'collection'
    ? answerCollection(kind, call)
    : answerResource(gateway, kind, { ...call, path }, fault)
}

function answerCollection(kind: Kind, call: Call): Answer {
  if (call.request.method !== 'GET') return noSuchMethod(call.request)
  if (kind.list) return answerList(call, kind, kind.list(call))
  const { store } = call.azure
  const isBelowResource = call.path.holder.includes('/providers/')
  if (isBelowResource && !store.get(call.path.holder)) {
    return parentNotFound(call, call.path.id.slice(0, call.path.holder.length))
  }
  return answerList(call, kind, store.members(call.path.type, call.path.holder))
}

function answerResource(
  gateway: Gateway,
  kind: Kind,
  call: ResourceCall,
  fault: Fault | undefined,
): Answer {
  const { azure, request, path, apiVersion } = call
  if (request.method === 'GET' || request.method === 'HEAD') {
    if (isHidden(azure, path.key)) return kind.notFound(path)
    if (kind.get) return kind.get(call)
    const stored = azure.store.get(path.key)
    if (stored) return answer(200, kind.present(stored, viewOf(azure, azure.store, apiVersion)))
    const isChild = path.holder.includes('/providers/')
    return isChild && !azure.store.get(path.holder)
      ? parentNotFound(call, path.id.slice(0, path.holder.length))
      : kind.notFound(path)
  }
  const handlers = { PUT: kind.put, PATCH: kind.patch, DELETE: kind.delete }
  const handle = handlers[request.method as keyof typeof handlers]
  if (!handle) return noSuchMethod(request)
  requireUnlocked(azure.seed, request.method, path.id)
  const sent = readBody(request.method, request.body)
  const body =
    request.method === 'DELETE'
      ? sent
      : applyPolicies(azure.seed, { type: kind.type, name: path.name }, sent)
  const answered = handle({ ...call, body, path: canonicalPath(path, gateway.kinds) })
  if (fault?.do === '404-after-create' && answered.status < 300) {
    azure.hidden.set(path.key, fault.gets ?? 1)
  }
  return answered
}

function isHidden(azure: AzureState, key: string): boolean {
  const left = azure.hidden.get(key) ?? 0
  if (left > 0) azure.hidden.set(key, left - 1)
  return left > 0
}

function hasSubscription(azure: AzureState, subscription: string): boolean {
  return azure.seed.subscriptions.some((id) => id.toLowerCase() === subscription)
}

function requireGroup(azure: AzureState, path: ResourcePath | CollectionPath): void {
  if (path.resourceGroup === '') return
  const key = `/subscriptions/${path.subscription}/resourcegroups/${path.resourceGroup.toLowerCase()}`
  if (!azure.store.groups.has(key)) refuse(groupNotFound(path.resourceGroup))
}
