import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, test } from '@jest/globals'
import { explainAnswer } from '../../../src/azure/errors/explainRefusal.ts'
import type { FailureReason } from '../../../src/errors.ts'

const scope = '/subscriptions/1111/resourceGroups/rg-monitor/providers/Microsoft.Insights'
const url = `https://management.azure.com${scope}/privateLinkScopes/ampls-hub?api-version=2021-07-01-preview`

const error = (code: string, message: string, more: object = {}) =>
  JSON.stringify({ error: { code, message, ...more } })

interface Case {
  readonly name: string
  readonly status: number
  readonly text: string
  readonly message: string
  readonly remedy: string
  readonly reason: FailureReason
}

const cases: readonly Case[] = [
  {
    name: 'a role is missing',
    status: 403,
    text: error(
      'AuthorizationFailed',
      `The client '2222' with object id '3333' does not have authorization to perform action 'Microsoft.Insights/dataCollectionEndpoints/write' over scope '${scope}/dataCollectionEndpoints/dce' or the scope is invalid.`,
    ),
    message: `Azure answered 403 AuthorizationFailed: The client '2222' with object id '3333' does not have authorization to perform action 'Microsoft.Insights/dataCollectionEndpoints/write' over scope '${scope}/dataCollectionEndpoints/dce' or the scope is invalid.`,
    remedy: `Give the identity 3333 a role with Microsoft.Insights/dataCollectionEndpoints/write on ${scope}/dataCollectionEndpoints/dce (Monitoring Contributor has it; docs/permissions.md has a role with exactly what is needed). A new role assignment takes up to 10 minutes to take effect.`,
    reason: 'forbidden',
  },
  {
    name: 'a role is missing on what is linked',
    status: 403,
    text: error(
      'LinkedAuthorizationFailed',
      `The client '2222' with object id '3333' has permission to perform action 'Microsoft.Insights/privateLinkScopes/scopedResources/write' on scope '${scope}/privateLinkScopes/ampls-hub/scopedResources/x'; however, it does not have permission to perform action(s) 'Microsoft.OperationalInsights/workspaces/read,Microsoft.OperationalInsights/workspaces/write' on the linked scope(s) '/subscriptions/1111/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law' (respectively) or the linked scope(s) are invalid.`,
    ),
    message: `Azure answered 403 LinkedAuthorizationFailed: The client '2222' with object id '3333' has permission to perform action 'Microsoft.Insights/privateLinkScopes/scopedResources/write' on scope '${scope}/privateLinkScopes/ampls-hub/scopedResources/x'; however, it does not have permission to perform action(s) 'Microsoft.OperationalInsights/workspaces/read,Microsoft.OperationalInsights/workspaces/write' on the linked scope(s) '/subscriptions/1111/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law' (respectively) or the linked scope(s) are invalid.`,
    remedy:
      'Give the identity 3333 a role with Microsoft.OperationalInsights/workspaces/read and Microsoft.OperationalInsights/workspaces/write on /subscriptions/1111/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law (Log Analytics Contributor has it; docs/permissions.md has a role with exactly what is needed). A new role assignment takes up to 10 minutes to take effect.',
    reason: 'forbidden',
  },
  {
    name: 'what is linked belongs to another tenant',
    status: 403,
    text: error(
      'LinkedAuthorizationFailed',
      "The client has permission to perform action 'a/read' on scope '/s', however the current tenant '5482' is not authorized to access linked subscription '3830'.",
    ),
    message:
      "Azure answered 403 LinkedAuthorizationFailed: The client has permission to perform action 'a/read' on scope '/s', however the current tenant '5482' is not authorized to access linked subscription '3830'.",
    remedy:
      "The subscription 3830 belongs to another tenant than 5482, which this run signed in to: Azure can't link across tenants for this identity. Remove that resource from the topology file, or sign in with an identity that both tenants know.",
    reason: 'forbidden',
  },
  {
    name: 'a policy refuses, by additionalInfo',
    status: 403,
    text: error('RequestDisallowedByPolicy', "Resource 'dce' was disallowed by policy.", {
      additionalInfo: [
        {
          type: 'PolicyViolation',
          info: {
            policyDefinitionDisplayName: 'Allowed locations',
            policyDefinitionId: '/providers/Microsoft.Authorization/policyDefinitions/e56962a6',
            policyAssignmentDisplayName: 'EU only',
            policyAssignmentId: '/subscriptions/1111/providers/x/policyAssignments/eu',
          },
        },
      ],
    }),
    message:
      'Azure answered 403 RequestDisallowedByPolicy: Resource \'dce\' was disallowed by policy. (assignment "EU only", /subscriptions/1111/providers/x/policyAssignments/eu, definition "Allowed locations", /providers/Microsoft.Authorization/policyDefinitions/e56962a6)',
    remedy:
      'Azure Policy denies this: change the topology file so that it complies (location, tags, publicNetworkAccess), or ask the owner of assignment "EU only", /subscriptions/1111/providers/x/policyAssignments/eu, definition "Allowed locations", /providers/Microsoft.Authorization/policyDefinitions/e56962a6 for an exemption.',
    reason: 'forbidden',
  },
  {
    name: 'a lock',
    status: 409,
    text: error(
      'ScopeLocked',
      "The scope '/a' cannot perform write operation because following scope(s) are locked: '/subscriptions/1111/resourceGroups/rg-monitor'. Please remove the lock and try again.",
    ),
    message:
      "Azure answered 409 ScopeLocked: The scope '/a' cannot perform write operation because following scope(s) are locked: '/subscriptions/1111/resourceGroups/rg-monitor'. Please remove the lock and try again.",
    remedy:
      'A lock on /subscriptions/1111/resourceGroups/rg-monitor prevents this write: ask its owner to remove it (az lock list shows it), or remove the change from the topology file. Then run the job again.',
    reason: 'forbidden',
  },
  {
    name: 'the provider is not registered',
    status: 409,
    text: error(
      'MissingSubscriptionRegistration',
      "The subscription is not registered to use namespace 'microsoft.insights'.",
    ),
    message:
      "Azure answered 409 MissingSubscriptionRegistration: The subscription is not registered to use namespace 'microsoft.insights'.",
    remedy:
      'Register the resource provider once, then run the job again: az provider register --namespace microsoft.insights --subscription 1111 --wait',
    reason: 'azure-error',
  },
  {
    name: 'another write to the scope is under way',
    status: 409,
    text: error('Conflict', "Cannot modify resource while in provisioning state: 'Provisioning'"),
    message:
      "Azure answered 409 Conflict: Cannot modify resource while in provisioning state: 'Provisioning'",
    remedy:
      'Another write to this private link scope is still running, and Azure allows one at a time: run the job again when it has finished, and prevent parallel runs with a concurrency group in the workflow.',
    reason: 'azure-error',
  },
  {
    name: 'a workspace that Azure Monitor does not know yet',
    status: 412,
    text: error('PreconditionFailed', "Resource '/x' not found in 'AIMON' environment", {
      innererror: { trace: ['Microsoft.AppInsights.Nexus'] },
    }),
    message:
      "Azure answered 412 PreconditionFailed: Resource '/x' not found in 'AIMON' environment",
    remedy:
      'Azure Monitor does not know of this resource yet, which happens for some minutes after it was created: run the job again.',
    reason: 'azure-error',
  },
  {
    name: 'a private endpoint with fixed addresses',
    status: 400,
    text: error('BadRequest', 'Call failed', {
      details: [
        {
          code: 'PrivateEndpointIpConfigurationMissingMemberNamesRequiredByFps',
          message:
            'PrivateEndpointIpConfigurationMissingMemberNamesRequiredByFps: missing memberNames api, live',
        },
      ],
    }),
    message:
      'Azure answered 400 BadRequest: Call failed · PrivateEndpointIpConfigurationMissingMemberNamesRequiredByFps: PrivateEndpointIpConfigurationMissingMemberNamesRequiredByFps: missing memberNames api, live',
    remedy:
      "A private endpoint of the scope has static IP addresses, but none for the new link: add ipConfigurations for the members that Azure's message lists, or replace it with a private endpoint with dynamic addresses. Then run the job again.",
    reason: 'azure-error',
  },
  {
    name: 'the token has expired',
    status: 401,
    text: error('ExpiredAuthenticationToken', 'The access token expiry UTC time is earlier.'),
    message:
      'Azure answered 401 ExpiredAuthenticationToken: The access token expiry UTC time is earlier.',
    remedy:
      'Run the job again. If it happens again, check the clock of the runner, the inputs cloud, client-id and tenant-id, and that the subscription belongs to this tenant.',
    reason: 'auth-failed',
  },
  {
    name: 'a subscription that this identity cannot see',
    status: 404,
    text: error('SubscriptionNotFound', "The subscription '1111' could not be found."),
    message: "Azure answered 404 SubscriptionNotFound: The subscription '1111' could not be found.",
    remedy:
      'Check the subscription 1111 in the topology file, that it belongs to the tenant and the cloud this run signs in to, and that this identity has a role in it: without one, Azure hides the subscription.',
    reason: 'azure-error',
  },
  {
    name: 'an empty 404',
    status: 404,
    text: '',
    message: 'Azure answered 404 Not Found and gave no reason',
    remedy:
      'Check the name, resource group and subscription in the topology file; if it was created moments ago, run the job again.',
    reason: 'azure-error',
  },
  {
    name: 'a code without words',
    status: 404,
    text: '{"error":{"code":"ResourceNotFound"}}',
    message: 'Azure answered 404 ResourceNotFound and gave no reason',
    remedy:
      'Check the name, resource group and subscription in the topology file; if it was created moments ago, run the job again.',
    reason: 'azure-error',
  },
  {
    name: 'a page of a gateway',
    status: 502,
    text: '<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n<center><h1>502 Bad Gateway</h1></center>\n<hr><center>nginx</center>\n</body>\n</html>\n',
    message: 'Azure answered 502 Bad Gateway: 502 Bad Gateway',
    remedy: 'A temporary failure of Azure: run the job again, it continues where this one stopped.',
    reason: 'azure-error',
  },
  {
    name: 'capitals',
    status: 409,
    text: '{"Code":"Conflict","Message":"It is busy.","Target":null,"Details":[{"Message":"It is busy."},{"Code":"Conflict"}]}',
    message: 'Azure answered 409 Conflict: It is busy.',
    remedy:
      'Another operation is using this resource: run the job again when it has finished; it continues where this one stopped.',
    reason: 'azure-error',
  },
  {
    name: 'a query that Resource Graph refuses, the code inside',
    status: 400,
    text: error('BadRequest', 'Please provide below info when asking for support', {
      details: [{ code: 'InvalidQuery', message: 'Query is invalid.' }],
    }),
    message:
      'Azure answered 400 BadRequest: Please provide below info when asking for support · InvalidQuery: Query is invalid.',
    remedy: "Resource Graph refused the action's query: please report it with the message above.",
    reason: 'azure-error',
  },
  {
    name: 'words that quote a token',
    status: 400,
    text: error(
      'BadRequest',
      'header Authorization: Bearer eyJhbGciOiJSUzI1.eyJzdWIiOiIx.c2ln was odd',
    ),
    message: 'Azure answered 400 BadRequest: header Authorization: Bearer [token] was odd',
    remedy:
      'A retry will not help: correct in the topology file what this message names. If it names nothing from the file, please report it with the correlation id.',
    reason: 'azure-error',
  },
]

describe('an error of Azure is explained', () => {
  test.each(cases.map((c) => [c.name, c] as const))('%s', (_, wanted) => {
    const { message, remedy, reason } = explainAnswer({ ...wanted, method: 'PUT', url })
    expect({ message, remedy, reason }).toEqual({
      message: wanted.message,
      remedy: wanted.remedy,
      reason: wanted.reason,
    })
  })
})

const recordings = new URL('../../../../shared/traffic/arm-errors/', import.meta.url)
const isThere = existsSync(recordings)
const name = 'every recorded error has a cause and a remedy'

interface Recorded {
  readonly request: { readonly method: string; readonly uri: string }
  readonly response: { readonly status: number; readonly body: unknown }
}

describe('the recorded errors', () => {
  if (!isThere) {
    it.skip(`${name} (SKIPPED: ../shared/traffic/arm-errors is not here)`, () => undefined)
    return
  }
  const all = readdirSync(recordings)
    .sort()
    .flatMap((file) => {
      const { interactions } = JSON.parse(readFileSync(new URL(file, recordings), 'utf8')) as {
        interactions: Recorded[]
      }
      return interactions.map((one, index) => [`${file} #${index + 1}`, one] as const)
    })

  it('are complete', () => {
    expect(all.length).toBeGreaterThan(150)
  })

  test.each(all)('%s', (_, { request, response }) => {
    const { status, body } = response
    const text = body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body)
    const explained = explainAnswer({ method: request.method, url: request.uri, status, text })
    expect(explained.message).toMatch(new RegExp(`^Azure answered ${status} \\S`))
    expect(explained.message).not.toMatch(/unknown|undefined|\[object|<[a-z]+[ >]/i)
    expect(explained.message.length).toBeLessThan(2000)
    expect(explained.remedy).toMatch(/^[A-Z].{25,}/)
    expect(explained.remedy).not.toMatch(/undefined|\[object/)
    // If Azure gave a message, it is shown.
    const words = wordsOf(body)
    if (words !== undefined) expect(explained.message).toContain(words)
  })
})

/** The first 60 characters of the message of a recorded body, on one line. */
function wordsOf(body: unknown): string | undefined {
  const inner = (value: unknown, key: string): unknown =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).find(([k]) => k.toLowerCase() === key)?.[1]
      : undefined
  const message = inner(inner(body, 'error') ?? body, 'message')
  return typeof message === 'string' && message !== ''
    ? message.replace(/\s+/g, ' ').trim().slice(0, 60)
    : undefined
}
