import { expect, test } from '@jest/globals'
import { at } from '../../../simulator/azure/json.ts'
import { configuration, inGroup, insights, machine, start } from './ask.ts'

const endpoint = `${insights}/dataCollectionEndpoints/Dce-1`
const west = { location: 'westeurope' }

test('D1 a PUT answers 200 at once, and the fields of the service are kept', async () => {
  const { simulator, question } = await start()
  const made = await question('PUT', `${insights}/dataCollectionEndpoints/New`, {
    name: 'other',
    location: 'West Europe',
    properties: { immutableId: 'mine', configurationAccess: {}, provisioningState: 'Failed' },
  })
  expect([made.status, made.body]).toMatchObject([
    200,
    { name: 'New', location: 'westeurope', properties: { provisioningState: 'Succeeded' } },
  ])
  expect(at(made.body, 'properties', 'immutableId')).toMatch(/^dce-[0-9a-f]{32}$/)
  const again = await question('PUT', `${insights}/datacollectionendpoints/NEW`, west)
  expect(at(again.body, 'id')).toBe(`${insights}/dataCollectionEndpoints/New`)
  const metadata = { provisionedBy: 'someone' }
  simulator.azure.put({ id: endpoint, location: 'westeurope', properties: { metadata } })
  expect(at((await question('PUT', endpoint, west)).body, 'properties', 'metadata')).toEqual(
    metadata,
  )
  simulator.azure.knobs.createdStatus = 201
  expect((await question('PUT', `${insights}/dataCollectionEndpoints/third`, west)).status).toBe(
    201,
  )
  expect((await question('PUT', `${insights}/dataCollectionEndpoints/third`, west)).status).toBe(
    200,
  )
})

test('D2 the service adds ids, host names and defaults', async () => {
  const { question } = await start()
  const first = await question('GET', endpoint)
  const host =
    /^https:\/\/dce-1-([a-z0-9]{4})\.westeurope-1\.handler\.control\.monitor\.azure\.com$/
  const access = String(at(first.body, 'properties', 'configurationAccess', 'endpoint'))
  const hash = host.exec(access)?.[1] ?? 'no hash'
  expect(first.body).toMatchObject({
    type: 'Microsoft.Insights/dataCollectionEndpoints',
    properties: {
      logsIngestion: { endpoint: `https://dce-1-${hash}.westeurope-1.ingest.monitor.azure.com` },
      metricsIngestion: {
        endpoint: `https://dce-1-${hash}.westeurope-1.metrics.ingest.monitor.azure.com`,
      },
      networkAcls: { publicNetworkAccess: 'Enabled' },
    },
  })
  const old = await question('GET', `${endpoint}?api-version=2021-04-01`)
  expect(at(old.body, 'properties')).not.toHaveProperty('metricsIngestion')
  expect((await question('GET', endpoint)).body).toEqual(first.body)
  await question('DELETE', endpoint)
  const second = await question('PUT', endpoint, west)
  expect(at(second.body, 'properties', 'configurationAccess', 'endpoint')).not.toBe(access)
})

test('D3 a PUT replaces and keeps createdAt', async () => {
  const { question } = await start()
  const before = await question('PUT', endpoint, {
    ...west,
    tags: { a: '1' },
    kind: 'Linux',
    properties: { description: 'mine' },
  })
  expect(before.body).toMatchObject({
    tags: { a: '1' },
    kind: 'Linux',
    properties: { description: 'mine' },
  })
  const after = await question('PUT', endpoint, west)
  expect(after.body).not.toHaveProperty('tags')
  expect(after.body).not.toHaveProperty('kind')
  expect(at(after.body, 'properties')).not.toHaveProperty('description')
  expect(at(after.body, 'systemData')).toMatchObject({
    createdAt: '2025-01-15T08:00:00.0000000Z',
    lastModifiedByType: 'Application',
  })
  expect(at(after.body, 'etag')).toMatch(/^"[0-9a-f]{8}-0000-0700-0000-[0-9a-f]{12}"$/)
  expect(at(after.body, 'etag')).not.toBe(at(before.body, 'etag'))
})

test.each([
  ['no location', {}, '400 LocationRequired'],
  ['another location', { location: 'northeurope' }, '409 InvalidResourceLocation'],
  ['an unknown kind', { ...west, kind: 'Mac' }, '400 InvalidPayload'],
  [
    'an unknown access',
    { ...west, properties: { networkAcls: { publicNetworkAccess: 'Maybe' } } },
    '400 InvalidPayload',
  ],
])('D4 %s is refused', async (_, body, wanted) => {
  const { question } = await start()
  const reply = await question('PUT', endpoint, body)
  expect(`${reply.status} ${String(at(reply.body, 'error', 'code'))}`).toBe(wanted)
})

test('D4 a name that is too long or ends badly is refused', async () => {
  const { question } = await start()
  for (const name of ['a'.repeat(45), 'ends-', 'a', 'a_b']) {
    expect(
      (await question('PUT', `${insights}/dataCollectionEndpoints/${name}`, west)).status,
    ).toBe(400)
  }
  expect(
    (await question('PUT', `${insights}/dataCollectionEndpoints/${'a'.repeat(44)}`, west)).status,
  ).toBe(200)
  const moved = await question('PUT', endpoint, { location: 'North Europe' })
  expect(at(moved.body, 'error', 'message')).toBe(
    "The resource 'Dce-1' already exists in location 'westeurope' in resource group 'rg'. A resource with the same name cannot be created in location 'northeurope'. Please select a new resource name.",
  )
})

test('D5 a PATCH changes only tags', async () => {
  const { question } = await start()
  const reply = await question('PATCH', endpoint, {
    tags: { a: '1' },
    properties: { description: 'x' },
  })
  expect([reply.status, at(reply.body, 'tags')]).toEqual([200, { a: '1' }])
  expect(at(reply.body, 'properties')).not.toHaveProperty('description')
  expect((await question('PATCH', `${endpoint}-none`, { tags: {} })).status).toBe(404)
})

test('D6 a DELETE is 200, and 204 the second time', async () => {
  const { question } = await start()
  expect([
    (await question('DELETE', endpoint)).status,
    (await question('DELETE', endpoint)).status,
  ]).toEqual([200, 204])
  expect((await question('GET', endpoint)).status).toBe(404)
})

test('D7 a linked resource can’t be deleted', async () => {
  const workspace = `${inGroup}/providers/Microsoft.OperationalInsights/workspaces/law`
  const link = (name: string, linkedResourceId: string) => ({
    id: `${insights}/privateLinkScopes/Scope/scopedResources/${name}`,
    properties: { linkedResourceId },
  })
  const { question } = await start(
    [{ id: workspace, location: 'westeurope' }, link('a', endpoint), link('b', workspace)],
    { scopedWriteMs: 0 },
  )
  for (const [name, id] of [
    ['a', endpoint],
    ['b', workspace],
  ] as const) {
    const refused = await question('DELETE', id)
    expect([refused.status, at(refused.body, 'error', 'message')]).toEqual([
      409,
      expect.stringMatching(
        /^It's not possible to delete resources connected to an Azure Monitor private link scope\./,
      ),
    ])
    await question('DELETE', `${insights}/privateLinkScopes/Scope/scopedResources/${name}`)
    expect((await question('DELETE', id)).status).toBe(200)
  }
})

test('D8 an endpoint in use can’t be deleted, except by knob', async () => {
  const rule = {
    id: `${insights}/dataCollectionRules/r`,
    location: 'westeurope',
    properties: { dataCollectionEndpointId: endpoint },
  }
  const { simulator, question } = await start([
    rule,
    { id: configuration, properties: { dataCollectionEndpointId: endpoint } },
  ])
  const refused = await question('DELETE', endpoint)
  expect([refused.status, at(refused.body, 'error', 'message')]).toEqual([
    409,
    `Data collection endpoint '${endpoint}' can't be deleted: 2 resource(s) refer to it, the first is '${configuration}'.`,
  ])
  simulator.azure.remove(configuration)
  expect((await question('DELETE', endpoint)).status).toBe(409)
  simulator.azure.knobs.endpointInUse = 'allow'
  expect((await question('DELETE', endpoint)).status).toBe(200)
})

test('D9 an endpoint lists its associations', async () => {
  const { question } = await start()
  await question('PUT', configuration, {
    properties: { dataCollectionEndpointId: endpoint.toUpperCase() },
  })
  const own = await question('GET', configuration)
  const { body } = await question('GET', `${endpoint}/associations`)
  expect(body).toEqual({ value: [own.body], nextLink: null })
  expect((await question('GET', `${endpoint}-none/associations`)).status).toBe(404)
})

const rule = `${insights}/dataCollectionRules/MyRule`

test('E1 rules are read and listed', async () => {
  const { question } = await start([
    {
      id: rule,
      location: 'westeurope',
      properties: { dataFlows: [{ streams: ['Microsoft-Perf'] }] },
    },
  ])
  const { body } = await question('GET', rule)
  expect(body).toMatchObject({
    name: 'MyRule',
    properties: { dataFlows: [{ streams: ['Microsoft-Perf'] }] },
  })
  expect(at(body, 'properties', 'immutableId')).toMatch(/^dcr-[0-9a-f]{32}$/)
  expect((await question('GET', `${insights}/dataCollectionRules`)).body).toEqual({
    value: [body],
    nextLink: null,
  })
})

test('E2 a rule lists its associations in lower case', async () => {
  const association = `${machine}/providers/Microsoft.Insights/dataCollectionRuleAssociations/MyAssociation`
  const { question } = await start([{ id: rule, location: 'westeurope' }])
  await question('PUT', association, {
    properties: { dataCollectionRuleId: rule, description: 'Mine' },
  })
  const { body } = await question('GET', `${rule}/associations`)
  expect(body).toEqual({
    value: [
      {
        id: association.toLowerCase(),
        name: 'myassociation',
        type: 'Microsoft.Insights/dataCollectionRuleAssociations',
        properties: { description: 'Mine', dataCollectionRuleId: rule.toLowerCase() },
      },
    ],
    nextLink: null,
  })
})
