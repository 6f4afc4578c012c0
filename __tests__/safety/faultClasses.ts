import type { Fault } from '../../simulator/simulator.ts'

/** A class of calls of a run, and how to recognise its requests. */
export interface CallClass {
  readonly name: string
  readonly match: Fault['match']
  /** Azure returns a correlation id for these, so the report must show it. */
  readonly isArm: boolean
  /** Its operation, if not every fault can apply to it. */
  readonly does?: 'create' | 'link' | 'unlink'
  /** The fault applies only after the last change. */
  readonly afterwards?: true
}

const association = /\/dataCollectionRuleAssociations\/configurationAccessEndpoint$/i
const endpoint = /\/dataCollectionEndpoints\/[^/]+$/i
const link = /\/scopedResources\/[^/]+$/i
const scope = /\/privateLinkScopes\/[^/]+$/i

/** Every class of calls to Azure in an apply, in the order of a run. */
export const azureClasses: readonly CallClass[] = [
  {
    name: 'cloud: metadata',
    match: { method: 'GET', path: /\/metadata\/endpoints/i },
    isArm: false,
  },
  { name: "sign-in: GitHub's OIDC token", match: { host: 'oidc' }, isArm: false },
  {
    name: 'sign-in: openid configuration',
    match: { host: 'entra', method: 'GET' },
    isArm: false,
  },
  { name: 'sign-in: token', match: { host: 'entra', method: 'POST' }, isArm: false },
  {
    name: 'Resource Graph',
    match: { method: 'POST', path: /\/Microsoft\.ResourceGraph\/resources$/i },
    isArm: true,
  },
  { name: 'read the scope', match: { method: 'GET', path: scope }, isArm: true },
  {
    name: 'read the private endpoint',
    match: { method: 'GET', path: /\/privateEndpoints\/[^/]+$/i },
    isArm: true,
  },
  {
    name: 'read its zone groups',
    match: { method: 'GET', path: /\/privateDnsZoneGroups$/i },
    isArm: true,
  },
  { name: 'read its subnet', match: { method: 'GET', path: /\/subnets\/[^/]+$/i }, isArm: true },
  { name: 'list the links', match: { method: 'GET', path: /\/scopedResources$/i }, isArm: true },
  { name: 'read an endpoint', match: { method: 'GET', path: endpoint }, isArm: true },
  { name: 'read an association', match: { method: 'GET', path: association }, isArm: true },
  {
    name: 'list the users of an endpoint',
    match: { method: 'GET', path: /\/dataCollectionEndpoints\/[^/]+\/associations$/i },
    isArm: true,
  },
  { name: 'read a link before it is written', match: { method: 'GET', path: link }, isArm: true },
  {
    name: 'create an endpoint',
    match: { method: 'PUT', path: endpoint },
    isArm: true,
    does: 'create',
  },
  { name: 'link', match: { method: 'PUT', path: link }, isArm: true, does: 'link' },
  {
    name: 'follow a long-running write',
    match: { method: 'GET', path: /\/privateLinkScopeOperationStatuses\/[^/]+$/i },
    isArm: true,
  },
  {
    name: 'associate',
    match: { method: 'PUT', path: association },
    isArm: true,
    does: 'create',
  },
  { name: 'take an association off', match: { method: 'DELETE', path: association }, isArm: true },
  { name: 'unlink', match: { method: 'DELETE', path: link }, isArm: true, does: 'unlink' },
  { name: 'delete an endpoint', match: { method: 'DELETE', path: endpoint }, isArm: true },
  { name: 'set the access modes', match: { method: 'PUT', path: scope }, isArm: true },
  {
    name: 'read again after the apply',
    match: { method: 'GET', path: /\/scopedResources$/i },
    isArm: true,
    afterwards: true,
  },
]

/** The correlation id of every fault here, which the report must contain. */
export const correlationId = 'c0ffee00-0000-4000-8000-00000000beef'

const answer = (
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
) => ({
  status,
  headers: { 'x-ms-correlation-request-id': correlationId, ...headers },
  body: { error: { code, message } },
})

/** Azure's answer when the identity lacks a right; the class fills in the right. */
const forbidden =
  "The client 'c11e' with object id '0b1ec7' does not have authorization to perform action 'Microsoft.Insights/privateLinkScopes/scopedResources/write' over scope '/subscriptions/s/resourceGroups/rg-monitor' or the scope is invalid. If access was recently granted, please refresh your credentials."

const unauthorized = answer(401, 'InvalidAuthenticationToken', 'The access token is invalid.', {
  'www-authenticate': 'Bearer authorization_uri="https://localhost/x", error="invalid_token"',
})

/** A fault of a class of calls, and how often it occurs. */
export interface Trouble {
  readonly name: string
  readonly effect: Fault['do']
  /** Default: every time. */
  readonly times?: number
  readonly gets?: number
  /** Default: any class. */
  readonly befalls?: (call: CallClass) => boolean
}

/** Temporary faults, which an apply survives. */
export const passing: readonly Trouble[] = [
  { name: '401 once', effect: unauthorized, times: 1, befalls: ({ isArm }) => isArm },
  {
    name: '404 after create',
    effect: '404-after-create',
    times: 1,
    gets: 2,
    befalls: ({ does }) => does === 'create' || does === 'link',
  },
  { name: '408', effect: answer(408, 'RequestTimeout', 'The request timed out.'), times: 1 },
  {
    name: "409 'Provisioning'",
    effect: answer(
      409,
      'Conflict',
      "Cannot modify resource while in provisioning state: 'Provisioning'",
    ),
    times: 2,
    befalls: ({ name, does }) =>
      does === 'link' || does === 'unlink' || name === 'set the access modes',
  },
  {
    name: '412 not in AIMON',
    effect: answer(
      412,
      'PreconditionFailed',
      "The resource '/subscriptions/s/x' was not found in 'AIMON' environment.",
    ),
    times: 1,
    befalls: ({ does }) => does === 'link',
  },
  {
    name: '429, Retry-After: 1',
    effect: answer(429, 'TooManyRequests', 'Too many requests.', { 'retry-after': '1' }),
    times: 1,
  },
  { name: '500', effect: answer(500, 'InternalServerError', 'Something went wrong.'), times: 1 },
  { name: '502 with HTML', effect: 'html-502', times: 1 },
  {
    name: '503',
    effect: answer(503, 'ServiceUnavailable', 'The service is unavailable.'),
    times: 1,
  },
  { name: 'reset before', effect: 'reset-before', times: 1 },
  { name: 'reset after commit', effect: 'reset-after-commit', times: 1 },
  { name: 'no answer for 1.5 s', effect: { delayMs: 1500 }, times: 1 },
]

/** Permanent faults, which end the run with a report. */
export const staying: readonly Trouble[] = [
  { name: '401', effect: unauthorized },
  { name: '403', effect: answer(403, 'AuthorizationFailed', forbidden) },
  {
    name: '503 for ever',
    effect: answer(503, 'ServiceUnavailable', 'The service is unavailable.'),
  },
  {
    name: 'ends Failed',
    effect: 'lro-failed',
    times: 1,
    befalls: ({ does }) => does === 'link' || does === 'unlink',
  },
  {
    name: 'ends Canceled',
    effect: 'lro-canceled',
    times: 1,
    befalls: ({ does }) => does === 'link' || does === 'unlink',
  },
]
