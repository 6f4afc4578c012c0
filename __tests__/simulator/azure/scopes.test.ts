import { expect, test } from '@jest/globals'
import { at } from '../../../simulator/azure/json.ts'
import { inGroup, insights, openModes, start, subscription, until } from './ask.ts'

const scope = `${insights}/privateLinkScopes/Scope`
const fresh = `${insights}/privateLinkScopes/Fresh`
const lowered = `${inGroup}/providers/microsoft.insights/privatelinkscopes`
const wanted = { location: 'Global', properties: { accessModeSettings: openModes } }
const connection = {
  id: `${scope}/privateEndpointConnections/connection-1`,
  properties: {
    privateEndpoint: { id: `${inGroup}/providers/Microsoft.Network/privateEndpoints/pe` },
  },
}

test('G1 a scope has an id half in lower case', async () => {
  const { question } = await start()
  const { body } = await question('GET', scope)
  expect(body).toEqual({
    id: `${lowered}/Scope`,
    name: 'Scope',
    type: 'microsoft.insights/privatelinkscopes',
    location: 'global',
    tags: {},
    kind: null,
    etag: expect.any(String),
    systemData: expect.any(Object),
    properties: {
      scopeId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      provisioningState: 'Succeeded',
      accessModeSettings: openModes,
    },
  })
})

test('G2 a PUT is 201 when it creates and 200 after', async () => {
  const { simulator, question } = await start()
  const made = await question('PUT', fresh, wanted)
  expect([
    made.status,
    at(made.body, 'properties', 'privateEndpointConnections'),
    at(made.body, 'location'),
  ]).toEqual([201, [], 'global'])
  const again = await question('PUT', fresh, wanted)
  expect(again.status).toBe(200)
  expect(at(again.body, 'properties')).not.toHaveProperty('privateEndpointConnections')
  simulator.azure.put(connection)
  expect(
    at((await question('GET', scope)).body, 'properties', 'privateEndpointConnections'),
  ).toMatchObject([{ name: 'connection-1' }])
})

test.each([
  ['no properties', {}],
  ['no modes', { properties: {} }],
  ['one mode', { properties: { accessModeSettings: { queryAccessMode: 'Open' } } }],
  [
    'an unknown mode',
    {
      properties: {
        accessModeSettings: { queryAccessMode: 'Open', ingestionAccessMode: 'Closed' },
      },
    },
  ],
  [
    'an exclusion without a name',
    {
      properties: {
        accessModeSettings: { ...openModes, exclusions: [{ queryAccessMode: 'Open' }] },
      },
    },
  ],
])('G3 %s is refused', async (_, body) => {
  const { question } = await start()
  const reply = await question('PUT', scope, { location: 'global', ...body })
  expect([reply.status, at(reply.body, 'error', 'code')]).toEqual([400, 'InvalidPayload'])
})

test('G3 the exclusions are exactly those sent', async () => {
  const { simulator, question } = await start()
  const exclusions = [{ privateEndpointConnectionName: 'no-such', ingestionAccessMode: 'Open' }]
  const put = (settings: object) =>
    question('PUT', scope, { location: 'global', properties: { accessModeSettings: settings } })
  const modes = { queryAccessMode: 'Open', ingestionAccessMode: 'PrivateOnly' }
  const kept = await put({ ...modes, exclusions })
  expect(at(kept.body, 'properties', 'accessModeSettings')).toEqual({ ...modes, exclusions })
  const dropped = await put(modes)
  expect(at(dropped.body, 'properties', 'accessModeSettings')).toEqual({ ...modes, exclusions: [] })
  simulator.azure.put({ id: fresh, location: 'global' })
  expect(at((await question('GET', fresh)).body, 'properties')).not.toHaveProperty(
    'accessModeSettings',
  )
})

test('G4 the oldest version has no modes and creates with its own defaults', async () => {
  const { question } = await start()
  const old = '?api-version=2019-10-17-preview'
  const made = await question('PUT', `${fresh}${old}`, { location: 'Global' })
  expect([made.status, at(made.body, 'properties', 'accessModeSettings')]).toEqual([201, undefined])
  const modes = { queryAccessMode: 'Open', ingestionAccessMode: 'PrivateOnly', exclusions: [] }
  expect(at((await question('GET', fresh)).body, 'properties', 'accessModeSettings')).toEqual(modes)
  expect((await question('PUT', `${scope}${old}`, { location: 'Global' })).status).toBe(200)
  expect(at((await question('GET', scope)).body, 'properties', 'accessModeSettings')).toEqual(
    openModes,
  )
})

test('G5 unknown properties are stored until a PUT omits them', async () => {
  const { simulator, question } = await start()
  const properties = { accessModeSettings: openModes, future: { a: [1] } }
  simulator.azure.put({ id: scope, location: 'global', properties })
  const { body } = await question('GET', scope)
  expect(at(body, 'properties', 'future')).toEqual({ a: [1] })
  const sent = { ...properties, scopeId: 'mine', provisioningState: 'Failed' }
  const same = await question('PUT', scope, { location: 'global', properties: sent })
  expect(at(same.body, 'properties')).toEqual(at(body, 'properties'))
  expect(at((await question('PUT', scope, wanted)).body, 'properties')).not.toHaveProperty('future')
})

test('G6 a PATCH changes only tags, and the location must be global', async () => {
  const { question } = await start()
  const patched = await question('PATCH', scope, {
    tags: { a: '1' },
    properties: { accessModeSettings: {} },
  })
  expect(patched.body).toMatchObject({
    tags: { a: '1' },
    properties: { accessModeSettings: openModes },
  })
  const placed = await question('PUT', fresh, { ...wanted, location: 'westeurope' })
  expect([placed.status, at(placed.body, 'error', 'code')]).toEqual([
    400,
    'LocationNotAvailableForResourceType',
  ])
})

test('G7 a DELETE is quick or accepted, and refused with connections', async () => {
  const { simulator, question } = await start([connection], { scopedWriteMs: 5 })
  expect((await question('DELETE', scope)).status).toBe(409)
  simulator.azure.remove(connection.id)
  expect([
    (await question('DELETE', scope)).status,
    (await question('DELETE', scope)).status,
  ]).toEqual([200, 204])
  expect((await question('GET', scope)).headers['x-ms-failure-cause']).toBe('gateway')
  await question('PUT', fresh, wanted)
  simulator.azure.knobs.lro = 'async-operation'
  const accepted = await question('DELETE', fresh)
  expect([accepted.status, accepted.text]).toEqual([202, ''])
  const status = String(accepted.headers['azure-asyncoperation'])
  await until(async () => at((await question('GET', status)).body, 'status') === 'Succeeded')
  const gone = await question('GET', fresh)
  expect([gone.status, gone.text]).toEqual([404, ''])
})

test('G8 connections and the private link resource can be read', async () => {
  const workspace = `${inGroup}/providers/Microsoft.OperationalInsights/workspaces/law`
  const { question } = await start([
    connection,
    {
      id: `${inGroup}/providers/Microsoft.Network/privateEndpoints/pe`,
      location: 'westeurope',
      properties: { ipConfigurations: [] },
    },
    { id: workspace, location: 'westeurope', properties: { customerId: 'customer' } },
    { id: `${scope}/scopedResources/law`, properties: { linkedResourceId: workspace } },
  ])
  const shown = {
    id: `${lowered}/Scope/privateendpointconnections/connection-1`,
    name: 'connection-1',
    type: 'microsoft.insights/privatelinkscopes/privateendpointconnections',
    etag: expect.any(String),
    properties: {
      provisioningState: 'Succeeded',
      privateEndpoint: { id: `${inGroup}/providers/microsoft.network/privateendpoints/pe` },
      privateLinkServiceConnectionState: {
        status: 'Approved',
        description: 'Auto-Approved',
        actionsRequired: 'None',
      },
    },
  }
  expect((await question('GET', `${scope}/privateEndpointConnections`)).body).toEqual({
    value: [shown],
  })
  expect((await question('GET', connection.id)).body).toEqual(shown)
  const groups = await question('GET', `${scope}/privateLinkResources`)
  expect(at(groups.body, 'value')).toMatchObject([
    { name: 'azuremonitor', properties: { groupId: 'azuremonitor' } },
  ])
  const group = await question('GET', `${scope}/privateLinkResources/azuremonitor`)
  expect(at(group.body, 'properties', 'requiredMembers')).toEqual(
    expect.arrayContaining(['oms-customer', 'ods-customer', 'agent-customer']),
  )
  expect(
    (await question('GET', `${inGroup}/providers/Microsoft.Network/privateEndpoints/pe`)).body,
  ).toMatchObject({ properties: { ipConfigurations: [] } })
  const everywhere = await question(
    'GET',
    `/subscriptions/${subscription}/providers/Microsoft.Insights/privateLinkScopes`,
  )
  expect(at(everywhere.body, 'value')).toMatchObject([{ name: 'Scope' }])
})
