import { expect, test } from '@jest/globals'
import { at } from '../../../simulator/azure/json.ts'
import { inGroup, insights, type Reply, start, subscription } from './ask.ts'

const scope = `${insights}/privateLinkScopes/Scope`
const endpoint = `${insights}/dataCollectionEndpoints/Dce-1`
const workspace = {
  id: `${inGroup}/providers/Microsoft.OperationalInsights/workspaces/Law`,
  location: 'westeurope',
}
const link = `${scope}/scopedResources/Link`
const toEndpoint = { properties: { linkedResourceId: endpoint } }
const busy = "Cannot modify resource while in provisioning state: 'Provisioning'"
const taken =
  'Scoped resource with same linked resource id already exists in this private link scope'

function stateOf(reply: Reply): unknown {
  return at(reply.body, 'properties', 'provisioningState')
}

function conflict(reply: Reply): unknown[] {
  return [reply.status, at(reply.body, 'error', 'code'), at(reply.body, 'error', 'message')]
}

test('H1 a link’s ids come back in lower case, its kind from 2023 on', async () => {
  const { question } = await start([workspace], { scopedWriteMs: 0 })
  await question('PUT', link, { properties: { linkedResourceId: workspace.id } })
  const { body } = await question('GET', link)
  expect(body).toEqual({
    id: `${inGroup}/providers/microsoft.insights/privatelinkscopes/Scope/scopedresources/Link`,
    name: 'Link',
    type: 'microsoft.insights/privatelinkscopes/scopedresources',
    etag: expect.any(String),
    systemData: expect.any(Object),
    properties: { linkedResourceId: workspace.id.toLowerCase(), provisioningState: 'Succeeded' },
  })
  const metrics = {
    kind: 'platformMetrics',
    linkedResourceId: `/subscriptions/${subscription}`,
    subscriptionLocation: 'westeurope',
  }
  const recent = 'api-version=2023-06-01-preview'
  expect(
    (await question('PUT', `${scope}/scopedResources/metrics?${recent}`, { properties: metrics }))
      .status,
  ).toBe(200)
  const list = (more: string) => question('GET', `${scope}/scopedResources?${more}`)
  expect(at((await list(`${recent}&kind=resource`)).body, 'value')).toMatchObject([
    { name: 'Link', properties: { kind: 'resource' } },
  ])
  expect(at((await list(`${recent}&kind=platformMetrics`)).body, 'value')).toMatchObject([
    { name: 'metrics', properties: metrics },
  ])
  expect(at((await list('kind=resource')).body, 'value')).toHaveLength(2)
})

test('H2 a PUT continues after its answer, with no header to poll', async () => {
  const { simulator, question } = await start([], { scopedWriteMs: Infinity })
  const put = await question('PUT', link, toEndpoint)
  expect([put.status, stateOf(put)]).toEqual([200, 'Provisioning'])
  for (const header of ['location', 'azure-asyncoperation', 'retry-after']) {
    expect(put.headers).not.toHaveProperty(header)
  }
  expect(stateOf(await question('GET', link))).toBe('Provisioning')
  expect(stateOf(await question('GET', scope))).toBe('Provisioning')
  await simulator.azure.finishWrites()
  expect(stateOf(await question('GET', link))).toBe('Succeeded')
  simulator.azure.knobs.scopedWriteMs = 0
  await question('DELETE', link)
  expect(stateOf(await question('PUT', link, toEndpoint))).toBe('Succeeded')
})

test('H3 a scope accepts one write at a time', async () => {
  const { simulator, question } = await start(
    [
      workspace,
      { id: `${scope}/scopedResources/old`, properties: { linkedResourceId: workspace.id } },
    ],
    { scopedWriteMs: Infinity },
  )
  await question('PUT', link, toEndpoint)
  const modes = { queryAccessMode: 'Open', ingestionAccessMode: 'Open' }
  const refused = [
    await question('PUT', link, toEndpoint),
    await question('DELETE', `${scope}/scopedResources/old`),
    await question('PUT', scope, { location: 'global', properties: { accessModeSettings: modes } }),
    await question('PATCH', scope, { tags: {} }),
  ]
  expect(refused.map(conflict)).toEqual(refused.map(() => [409, 'Conflict', busy]))
  await simulator.azure.finishWrites()
  expect((await question('DELETE', `${scope}/scopedResources/old`)).status).toBe(200)
})

test('H3 a scope that was seeded as Provisioning is busy until it is changed', async () => {
  const { simulator, question } = await start()
  simulator.azure.put({
    id: scope,
    location: 'global',
    properties: { provisioningState: 'Provisioning' },
  })
  expect(conflict(await question('PUT', link, toEndpoint))).toEqual([409, 'Conflict', busy])
  simulator.azure.put({
    id: scope,
    location: 'global',
    properties: { provisioningState: 'Failed' },
  })
  expect((await question('PUT', link, toEndpoint)).status).toBe(200)
})

test.each([['async-operation'], ['location']] as const)(
  'H4 a link is accepted and polled by %s',
  async (lro) => {
    const { simulator, question } = await start([], {
      lro,
      scopedWriteMs: Infinity,
      retryAfterSeconds: 3,
    })
    const put = await question('PUT', link, toEndpoint)
    expect([put.status, put.text, put.headers['retry-after']]).toEqual([202, '', '3'])
    const status = put.headers['azure-asyncoperation']
    const location = String(put.headers.location)
    if (lro === 'location') expect(status).toBeUndefined()
    else {
      const prefix = `${simulator.url}/subscriptions/${subscription}/providers/microsoft.insights/privatelinkscopeoperationstatuses/`
      expect(String(status).slice(0, prefix.length)).toBe(prefix)
      expect(at((await question('GET', String(status))).body, 'status')).toBe('InProgress')
      await simulator.azure.finishWrites()
      expect(at((await question('GET', String(status))).body, 'status')).toBe('Succeeded')
      expect((await question('GET', String(status))).body).toMatchObject({
        startTime: expect.any(String),
        endTime: expect.any(String),
      })
    }
    await simulator.azure.finishWrites()
    expect((await question('GET', location)).body).toMatchObject({
      name: 'Link',
      properties: { provisioningState: 'Succeeded' },
    })
    const removed = await question('DELETE', link)
    expect(removed.status).toBe(202)
    expect(stateOf(await question('GET', link))).toBe('Deleting')
    await simulator.azure.finishWrites()
    expect((await question('GET', link)).status).toBe(404)
    expect((await question('GET', String(removed.headers.location))).status).toBe(200)
  },
)

test('H5 one resource has one link in a scope', async () => {
  const { simulator, question } = await start([workspace], { scopedWriteMs: 0 })
  const first = await question('PUT', link, toEndpoint)
  const other = await question('PUT', `${scope}/scopedResources/other`, {
    properties: { linkedResourceId: endpoint.toUpperCase() },
  })
  expect(conflict(other)).toEqual([409, 'Conflict', taken])
  const again = await question('PUT', link, toEndpoint)
  expect([again.status, again.body]).toEqual([200, (await question('GET', link)).body])
  expect(at(again.body, 'etag')).toBe(at(first.body, 'etag'))
  simulator.azure.knobs.identicalLink = 'conflict'
  expect(conflict(await question('PUT', link, toEndpoint))).toEqual([409, 'Conflict', taken])
  const moved = await question('PUT', link, { properties: { linkedResourceId: workspace.id } })
  expect(at(moved.body, 'properties', 'linkedResourceId')).toBe(workspace.id.toLowerCase())
})

test('H6 only existing resources of some types can be linked', async () => {
  const account = {
    id: `${inGroup}/providers/Microsoft.Monitor/accounts/amw`,
    location: 'westeurope',
  }
  const component = { id: `${insights}/components/app`, location: 'westeurope' }
  const { question } = await start([workspace, account, component], { scopedWriteMs: 0 })
  const put = (linkedResourceId: string, name = 'x') =>
    question('PUT', `${scope}/scopedResources/${name}`, { properties: { linkedResourceId } })
  expect((await put(account.id)).status).toBe(400)
  expect((await question('PUT', link, { properties: {} })).status).toBe(400)
  expect((await put(component.id, 'app')).status).toBe(200)
  expect((await put(workspace.id, 'law')).status).toBe(200)
  const missing = await put(`${inGroup}/providers/Microsoft.OperationalInsights/workspaces/none`)
  expect([missing.status, missing.body]).toEqual([
    412,
    {
      error: {
        code: 'PreconditionFailed',
        message: `Resource '${inGroup}/providers/microsoft.operationalinsights/workspaces/none' not found in 'AIMON' environment`,
        innererror: { trace: ['Microsoft.AppInsights.Nexus.ResourceStore.ResourceStoreException'] },
      },
    },
  ])
})

test('H7 a DELETE takes effect at once, and keeps the scope busy for a while', async () => {
  const { simulator, question } = await start(
    [{ id: link, properties: { linkedResourceId: endpoint } }],
    {
      scopedWriteMs: Infinity,
    },
  )
  expect((await question('DELETE', link)).status).toBe(200)
  expect((await question('GET', link)).status).toBe(404)
  expect(conflict(await question('PUT', link, toEndpoint))).toEqual([409, 'Conflict', busy])
  await simulator.azure.finishWrites()
  expect((await question('DELETE', link)).status).toBe(204)
})

test.each([
  ['lro-failed', 'Failed', 'InternalServerError'],
  ['lro-canceled', 'Canceled', 'OperationCanceled'],
] as const)('H8 an operation ends by %s as %s', async (effect, ending, code) => {
  const { simulator, question } = await start([], {
    lro: 'async-operation',
    scopedWriteMs: Infinity,
  })
  simulator.azure.addFault({
    match: { method: 'PUT', path: /scopedResources/ },
    times: 1,
    do: effect,
  })
  const put = await question('PUT', link, toEndpoint)
  await simulator.azure.finishWrites()
  expect(stateOf(await question('GET', link))).toBe(ending)
  const status = await question('GET', String(put.headers['azure-asyncoperation']))
  expect(status.body).toMatchObject({ status: ending, error: { code } })
  expect((await question('GET', String(put.headers.location))).status).toBe(409)
  simulator.azure.knobs.lro = 'body'
  expect((await question('PUT', link, toEndpoint)).status).toBe(200)
  await simulator.azure.finishWrites()
  expect(stateOf(await question('GET', link))).toBe('Succeeded')
  simulator.azure.addFault({ match: { method: 'DELETE' }, times: 1, do: effect })
  expect((await question('DELETE', link)).status).toBe(200)
  await simulator.azure.finishWrites()
  expect(stateOf(await question('GET', link))).toBe(ending)
})

test('H8 an operation may never end', async () => {
  const { simulator, question } = await start()
  simulator.azure.addFault({ match: { method: 'PUT' }, do: 'lro-never' })
  await question('PUT', link, toEndpoint)
  await simulator.azure.finishWrites()
  expect([stateOf(await question('GET', link)), stateOf(await question('GET', scope))]).toEqual([
    'Provisioning',
    'Provisioning',
  ])
})

test('H9 a linked resource lists its links', async () => {
  const { question } = await start([workspace], { scopedWriteMs: 0 })
  const scopeId = at((await question('GET', scope)).body, 'properties', 'scopeId')
  for (const [name, id] of [
    ['a', endpoint],
    ['b', workspace.id],
  ] as const) {
    expect(at((await question('GET', id)).body, 'properties')).not.toHaveProperty(
      'privateLinkScopedResources',
    )
    await question('PUT', `${scope}/scopedResources/${name}`, {
      properties: { linkedResourceId: id },
    })
    const resourceId = `${inGroup}/providers/microsoft.insights/privatelinkscopes/Scope/scopedresources/${name}`
    expect(
      at((await question('GET', id)).body, 'properties', 'privateLinkScopedResources'),
    ).toEqual([{ resourceId, scopeId }])
  }
  const old = await question('GET', `${endpoint}?api-version=2021-04-01`)
  expect(at(old.body, 'properties')).not.toHaveProperty('privateLinkScopedResources')
})
