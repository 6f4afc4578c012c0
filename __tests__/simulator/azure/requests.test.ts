import { expect, test } from '@jest/globals'
import { at } from '../../../simulator/azure/json.ts'
import {
  configuration,
  inGroup,
  insights,
  machine,
  type Reply,
  type Running,
  start,
  subscription,
} from './ask.ts'

const endpoint = `${insights}/dataCollectionEndpoints/Dce-1`
const scope = `${insights}/privateLinkScopes/Scope`
const someone = '00000000-0000-4000-8000-00000000c11e'
const workspace = `${inGroup}/providers/Microsoft.OperationalInsights/workspaces/law`

function codeOf(reply: Reply): string {
  return `${reply.status} ${String(at(reply.body, 'error', 'code'))}`
}

function machines(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: `${machine}-${index}`,
    location: 'westeurope',
  }))
}

/** Names of all pages, and how many pages there were. */
async function everyPage({ question }: Running, path: string): Promise<[unknown[], number]> {
  const names: unknown[] = []
  let next: unknown = path
  let pages = 0
  while (typeof next === 'string') {
    const { body } = await question('GET', next)
    const value = at(body, 'value')
    names.push(...(Array.isArray(value) ? value.map((one) => at(one, 'name')) : []))
    next = at(body, 'nextLink')
    pages += 1
  }
  return [names, pages]
}

test('C1 an api-version is required, and must be one of the type’s', async () => {
  const { question } = await start()
  const none = await question('GET', `${endpoint}?bare`)
  expect(codeOf(none)).toBe('400 MissingApiVersionParameter')
  const wrong = await question('GET', `${endpoint}?api-version=2020-01-01`)
  expect([wrong.status, wrong.body]).toEqual([
    400,
    {
      error: {
        code: 'NoRegisteredProviderFound',
        message:
          "No registered resource provider found for location 'westeurope' and API version '2020-01-01' for type 'dataCollectionEndpoints'. The supported api-versions are '2021-04-01, 2021-09-01-preview, 2022-06-01, 2023-03-11, 2024-03-11'. The supported locations are ', westeurope'.",
      },
    },
  ])
  expect(codeOf(await question('GET', `/subscriptions?api-version=1999-01-01`))).toBe(
    '400 InvalidApiVersionParameter',
  )
  const graph = await question(
    'POST',
    '/providers/Microsoft.ResourceGraph/resources?api-version=1999-01-01',
    {},
  )
  expect(codeOf(graph)).toBe('400 InvalidApiVersionParameter')
  for (const version of ['2021-04-01', '2022-06-01', '2023-03-11', '2024-03-11']) {
    expect((await question('GET', `${endpoint.toUpperCase()}?api-version=${version}`)).status).toBe(
      200,
    )
    expect((await question('GET', `${configuration}?api-version=${version}`)).status).toBe(404)
  }
  for (const version of ['2019-10-17-preview', '2021-07-01-preview', '2023-06-01-preview']) {
    expect((await question('GET', `${scope}?api-version=${version}`)).status).toBe(200)
  }
})

test('C2 a 404 says what is missing', async () => {
  const { question } = await start()
  const of = async (path: string): Promise<string> => codeOf(await question('GET', path))
  expect(await of('/subscriptions/22222222-2222-2222-2222-222222222222')).toBe(
    '404 SubscriptionNotFound',
  )
  expect(await of(endpoint.replace('/rg/', '/elsewhere/'))).toBe('404 ResourceGroupNotFound')
  expect(await of(`${inGroup}/providers/Microsoft.Nothing/things/x`)).toBe(
    '404 InvalidResourceNamespace',
  )
  expect(await of(`${insights}/things/x`)).toBe('404 InvalidResourceType')
  const orphan = await question('GET', `${insights}/privateLinkScopes/none/scopedResources`)
  expect(orphan.body).toEqual({
    error: {
      code: 'ParentResourceNotFound',
      message: `Failed to perform 'read' on resource(s) of type 'privateLinkScopes/scopedResources', because the parent resource '${insights}/privateLinkScopes/none' could not be found.`,
    },
  })
  expect(await of(`${machine}-none/extensions/x`)).toBe('404 ParentResourceNotFound')
  expect((await question('GET', `/${endpoint}`)).status).toBe(200)
})

test('C3 404s differ from type to type', async () => {
  const { question } = await start([
    { id: `${inGroup}/providers/Microsoft.Monitor/accounts/amw`, location: 'westeurope' },
  ])
  const gateway = await question('GET', `${insights}/dataCollectionEndpoints/none`)
  expect([gateway.status, gateway.headers['x-ms-failure-cause'], gateway.body]).toEqual([
    404,
    'gateway',
    {
      error: {
        code: 'ResourceNotFound',
        message:
          "The Resource 'Microsoft.Insights/dataCollectionEndpoints/none' under resource group 'rg' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
      },
    },
  ])
  for (const path of [
    `${insights}/dataCollectionRules/x`,
    `${insights}/privateLinkScopes/x`,
    `${machine}x`,
    `${workspace}x`,
  ]) {
    expect((await question('GET', path)).headers['x-ms-failure-cause']).toBe('gateway')
  }
  for (const path of [
    configuration,
    `${inGroup}/providers/Microsoft.Monitor/accounts/amw/privateEndpointConnections/x`,
  ]) {
    const silent = await question('GET', path)
    expect([silent.status, silent.body]).toEqual([404, { error: { code: 'ResourceNotFound' } }])
    expect(silent.headers['x-ms-failure-cause']).toBeUndefined()
    expect(silent.headers['api-supported-versions']).toBeDefined()
  }
  const empty = await question('GET', `${scope}/scopedResources/x`)
  expect([empty.status, empty.text, empty.headers['content-type']]).toEqual([404, '', undefined])
})

test('C4 answers carry their headers', async () => {
  const { question } = await start()
  const reply = await question('GET', endpoint, undefined, {
    'x-ms-client-request-id': 'mine',
    'accept-encoding': 'gzip',
  })
  expect(reply.headers).toMatchObject({
    'x-ms-client-request-id': 'mine',
    'x-ms-request-id': expect.any(String),
    'x-ms-correlation-request-id': expect.any(String),
    'api-supported-versions': '2021-04-01, 2021-09-01-preview, 2022-06-01, 2023-03-11, 2024-03-11',
    'content-type': 'application/json; charset=utf-8',
  })
  expect(reply.headers['content-encoding']).toBeUndefined()
  expect((await question('GET', scope)).headers['api-supported-versions']).toBeUndefined()
})

test('C5 answers show the remaining limits', async () => {
  const { question } = await start()
  const left = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const { headers } = await question(method, path, body)
    return Object.fromEntries(
      Object.entries(headers).filter(([name]) => name.includes('ratelimit')),
    )
  }
  const prefix = 'x-ms-ratelimit-remaining-subscription'
  expect(await left('GET', endpoint)).toEqual({
    [`${prefix}-reads`]: '1099',
    [`${prefix}-global-reads`]: '16499',
  })
  expect(await left('PUT', endpoint, { location: 'westeurope' })).toEqual({
    [`${prefix}-resource-requests`]: '59',
  })
  expect(
    await left('PUT', configuration, { properties: { dataCollectionEndpointId: endpoint } }),
  ).toEqual({
    [`${prefix}-resource-requests`]: '299',
  })
  expect(await left('PATCH', scope, { tags: {} })).toEqual({
    [`${prefix}-writes`]: '799',
    [`${prefix}-global-writes`]: '11999',
  })
  expect(await left('DELETE', configuration)).toMatchObject({ [`${prefix}-deletes`]: '799' })
})

test('C6 published limits refuse with 429 and a time to wait', async () => {
  const { simulator, question } = await start([], { throttle: 'published' })
  const untilRefused = async (method: string, body?: unknown): Promise<Reply> => {
    for (let batch = 0; batch < 40; batch += 1) {
      const replies = await Promise.all(
        Array.from({ length: 50 }, () => question(method, endpoint, body)),
      )
      const refused = replies.find(({ status }) => status === 429)
      if (refused) return refused
    }
    throw new Error('Nothing was refused')
  }
  const write = await untilRefused('PUT', { location: 'westeurope' })
  expect([write.headers['retry-after'], at(write.body, 'error')]).toEqual([
    '1',
    {
      code: 'ResourceRequestsThrottled',
      message:
        "Number of requests for action 'microsoft.insights/datacollectionendpoints/write' exceeded the limit of '60' for time interval '00:01:00'. Please try again after '1' seconds.",
    },
  ])
  const read = await untilRefused('GET')
  expect([read.headers['retry-after'], at(read.body, 'error')]).toEqual([
    '1',
    {
      code: 'SubscriptionRequestsThrottled',
      message: expect.stringMatching(
        /^Number of 'reads' for subscription .* Please try again after '1' seconds\.$/,
      ),
    },
  ])
  const other = { authorization: `Bearer ${simulator.token('another')}` }
  expect((await question('GET', endpoint, undefined, other)).status).toBe(200)
})

test('C7 denied or unreadable resources are 403, and omitted from lists', async () => {
  const hidden = `${insights}/dataCollectionEndpoints/hidden`
  const running = await start(
    [{ id: hidden, location: 'westeurope' }],
    {},
    {
      unreadable: [
        '/resourceGroups/rg/providers/Microsoft.Insights/dataCollectionEndpoints/hidden',
        machine,
      ],
      denied: [
        { action: '*/write', scope: '/resourceGroups/rg' },
        { action: '*/delete', scope: '/resourceGroups/rg', client: 'reader' },
      ],
    },
  )
  const { simulator, question } = running
  const put = await question('PUT', `${insights}/dataCollectionEndpoints/new`, {
    location: 'westeurope',
  })
  expect([put.status, at(put.body, 'error', 'code')]).toEqual([403, 'AuthorizationFailed'])
  expect(at(put.body, 'error', 'message')).toMatch(
    new RegExp(
      `^The client '${someone}' with object id '[0-9a-f-]{36}' does not have authorization to perform action 'Microsoft.Insights/dataCollectionEndpoints/write' over scope '${insights}/dataCollectionEndpoints/new' or the scope is invalid. If access was recently granted, please refresh your credentials.$`,
    ),
  )
  expect((await question('GET', hidden)).status).toBe(403)
  expect(
    (
      await question(
        'GET',
        `${machine}/providers/Microsoft.Insights/dataCollectionRuleAssociations`,
      )
    ).status,
  ).toBe(403)
  const list = `/subscriptions/${subscription}/providers/Microsoft.Insights/dataCollectionEndpoints`
  expect(await everyPage(running, list)).toEqual([['Dce-1'], 1])
  const reader = { authorization: `Bearer ${simulator.token('reader')}` }
  expect((await question('DELETE', endpoint, undefined, reader)).status).toBe(403)
  expect((await question('DELETE', endpoint)).status).toBe(200)
})

test('C8 a write needs a right on what it links', async () => {
  const { question } = await start(
    [{ id: workspace, location: 'westeurope' }],
    {},
    {
      denied: [
        {
          action: 'Microsoft.OperationalInsights/workspaces/scopedPrivateLinkProxies/write',
          scope: workspace,
        },
        { action: 'Microsoft.Insights/dataCollectionEndpoints/read', scope: endpoint },
      ],
    },
  )
  const link = await question('PUT', `${scope}/scopedResources/l`, {
    properties: { linkedResourceId: workspace },
  })
  expect(codeOf(link)).toBe('403 LinkedAuthorizationFailed')
  expect(at(link.body, 'error', 'message')).toContain(
    `has permission to perform action 'Microsoft.Insights/privateLinkScopes/scopedResources/write' on scope '${scope}/scopedResources/l'; however, it does not have permission to perform action(s) 'Microsoft.OperationalInsights/workspaces/scopedPrivateLinkProxies/write' on the linked scope(s) '${workspace}'`,
  )
  const association = await question('PUT', configuration, {
    properties: { dataCollectionEndpointId: endpoint },
  })
  expect(codeOf(association)).toBe('403 LinkedAuthorizationFailed')
})

test('C9 a lock prevents deletes, or all writes', async () => {
  const { question } = await start(
    [],
    {},
    {
      locks: [
        { scope: scope, level: 'ReadOnly' },
        { scope: '/resourceGroups/rg', level: 'CanNotDelete' },
      ],
    },
  )
  const locked = await question('DELETE', endpoint)
  expect(locked.body).toEqual({
    error: {
      code: 'ScopeLocked',
      message: `The scope '${endpoint}' cannot perform delete operation because following scope(s) are locked: '${inGroup}'. Please remove the lock and try again.`,
    },
  })
  expect((await question('PUT', endpoint, { location: 'westeurope' })).status).toBe(200)
  expect(codeOf(await question('PATCH', scope, { tags: {} }))).toBe('409 ScopeLocked')
})

test('C10 a policy denies a write, or changes it', async () => {
  const enabled = {
    type: 'Microsoft.Insights/dataCollectionEndpoints',
    'properties.networkAcls.publicNetworkAccess': 'Enabled',
  }
  const modes = { 'properties.accessModeSettings.ingestionAccessMode': 'PrivateOnly' }
  const { question } = await start(
    [],
    {},
    {
      policies: [
        { assignment: 'deny-public', definition: 'No public endpoints', match: enabled },
        {
          assignment: 'block',
          definition: 'Block',
          match: { type: 'microsoft.insights/privatelinkscopes' },
          modify: modes,
        },
      ],
    },
  )
  const body = {
    location: 'westeurope',
    properties: { networkAcls: { publicNetworkAccess: 'Enabled' } },
  }
  const denied = await question('PUT', endpoint, body)
  expect([denied.status, at(denied.body, 'error')]).toMatchObject([
    403,
    {
      code: 'RequestDisallowedByPolicy',
      target: 'Dce-1',
      additionalInfo: [
        {
          type: 'PolicyViolation',
          info: {
            policyDefinitionName: 'No public endpoints',
            policyAssignmentName: 'deny-public',
          },
        },
      ],
    },
  ])
  expect((await question('PUT', endpoint, { location: 'westeurope' })).status).toBe(200)
  const open = { queryAccessMode: 'Open', ingestionAccessMode: 'Open' }
  const changed = await question('PUT', scope, {
    location: 'global',
    properties: { accessModeSettings: open },
  })
  expect(at(changed.body, 'properties', 'accessModeSettings')).toMatchObject({
    ingestionAccessMode: 'PrivateOnly',
  })
})

test('C11 lists come in pages, by id or shuffled', async () => {
  const running = await start(machines(5), { pageSize: 2 })
  const { simulator, question } = running
  const list = `${inGroup}/providers/Microsoft.Compute/virtualMachines`
  expect(await everyPage(running, list)).toEqual([
    ['vm', 'vm-0', 'vm-1', 'vm-2', 'vm-3', 'vm-4'],
    3,
  ])
  simulator.azure.knobs.shuffle = 7
  const [shuffled] = await everyPage(running, list)
  expect(shuffled).not.toEqual(['vm', 'vm-0', 'vm-1', 'vm-2', 'vm-3', 'vm-4'])
  expect([...shuffled].sort()).toEqual(['vm', 'vm-0', 'vm-1', 'vm-2', 'vm-3', 'vm-4'])
  expect(await question('GET', `${list}?$skiptoken=nonsense`)).toMatchObject({ status: 400 })
  simulator.azure.knobs.pageSize = 50
  expect((await question('GET', list)).body).not.toHaveProperty('nextLink')
  expect((await question('GET', `${insights}/dataCollectionEndpoints`)).body).toHaveProperty(
    'nextLink',
    null,
  )
  const rules = `${insights}/dataCollectionRules`
  expect((await question('GET', rules)).body).toEqual({ value: [] })
  simulator.azure.put({ id: `${rules}/r`, location: 'westeurope' })
  expect((await question('GET', rules)).body).toHaveProperty('nextLink', null)
  const everywhere = `/subscriptions/${subscription}/providers/Microsoft.Insights/dataCollectionRules`
  const { body } = await question('GET', everywhere)
  expect(at(body, 'value')).toHaveLength(1)
  expect(body).not.toHaveProperty('nextLink')
})

test('C12 ids can be in upper or lower case', async () => {
  const { simulator, question } = await start([], { casing: 'upper' })
  await question('PUT', configuration, { properties: { dataCollectionEndpointId: endpoint } })
  const read = await question('GET', configuration)
  expect(read.body).toMatchObject({
    id: configuration.toUpperCase(),
    name: 'configurationAccessEndpoint',
    properties: { dataCollectionEndpointId: endpoint.toUpperCase() },
  })
  simulator.azure.knobs.casing = 'lower'
  expect(at((await question('GET', configuration)).body, 'id')).toBe(configuration.toLowerCase())
})

test('C13 bodies must be JSON, and methods supported', async () => {
  const { question } = await start()
  expect(codeOf(await question('PUT', endpoint, '{'))).toBe('400 InvalidRequestContent')
  expect(codeOf(await question('PUT', endpoint))).toBe('400 InvalidRequestContent')
  expect(codeOf(await question('PUT', endpoint, { location: 'westeurope', tags: { a: 1 } }))).toBe(
    '400 InvalidRequestContent',
  )
  expect(codeOf(await question('PUT', machine, { location: 'westeurope' }))).toBe(
    '405 MethodNotAllowed',
  )
  expect(codeOf(await question('POST', endpoint, {}))).toBe('405 MethodNotAllowed')
  expect(codeOf(await question('PUT', `${insights}/dataCollectionRules/r`, {}))).toBe(
    '405 MethodNotAllowed',
  )
})

test('C14 subscriptions and resource groups can be read', async () => {
  const { simulator, question } = await start()
  const own = { subscriptionId: subscription, tenantId: simulator.tenant, state: 'Enabled' }
  expect(at((await question('GET', '/subscriptions')).body, 'value')).toMatchObject([own])
  expect((await question('GET', `/subscriptions/${subscription}`)).body).toMatchObject(own)
  const group = { id: inGroup, name: 'rg', location: 'westeurope' }
  expect(
    (await question('GET', `/subscriptions/${subscription}/resourcegroups/RG`)).body,
  ).toMatchObject(group)
  expect((await question('HEAD', inGroup)).status).toBe(204)
})
