import { expect, test } from '@jest/globals'
import { at } from '../../../simulator/azure/json.ts'
import { configuration, inGroup, insights, machine, start } from './ask.ts'

const endpoint = `${insights}/dataCollectionEndpoints/Dce-1`
const rule = { id: `${insights}/dataCollectionRules/Rule`, location: 'westeurope' }
const toEndpoint = { properties: { dataCollectionEndpointId: endpoint } }
const extension = 'providers/Microsoft.Insights/dataCollectionRuleAssociations'

test('F1 a PUT is 200 and answers what was sent', async () => {
  const { simulator, question } = await start()
  const reply = await question('PUT', configuration, {
    location: 'westeurope',
    properties: { ...toEndpoint.properties, description: 'mine' },
  })
  expect([reply.status, reply.body]).toEqual([
    200,
    {
      id: configuration,
      name: 'configurationAccessEndpoint',
      type: 'Microsoft.Insights/dataCollectionRuleAssociations',
      properties: { description: 'mine', dataCollectionEndpointId: endpoint },
      etag: expect.any(String),
      systemData: expect.any(Object),
    },
  ])
  simulator.azure.knobs.createdStatus = 201
  await question('DELETE', configuration)
  expect((await question('PUT', configuration, toEndpoint)).status).toBe(201)
  expect((await question('PUT', configuration, toEndpoint)).status).toBe(200)
})

test('F2 a PUT replaces silently and resets systemData', async () => {
  const other = { id: `${insights}/dataCollectionEndpoints/other`, location: 'northeurope' }
  const seeded = {
    id: configuration,
    properties: { dataCollectionEndpointId: other.id, description: 'theirs' },
  }
  const { question } = await start([other, seeded])
  expect(at((await question('GET', configuration)).body, 'systemData', 'createdBy')).toBe(
    'seed@example.com',
  )
  const { status, body } = await question('PUT', configuration, toEndpoint)
  expect([status, at(body, 'properties')]).toEqual([200, { dataCollectionEndpointId: endpoint }])
  expect(at(body, 'systemData')).toMatchObject({ createdByType: 'Application' })
  expect(at(body, 'systemData', 'createdAt')).not.toMatch(/^2025-01-15/)
})

test.each([
  [
    'an endpoint under another name',
    'mine',
    toEndpoint.properties,
    'InvalidEndpointAssociationName',
    "An association of data collection endpoint must be named 'configurationAccessEndpoint'.",
  ],
  [
    'endpoint and rule together',
    'configurationAccessEndpoint',
    { ...toEndpoint.properties, dataCollectionRuleId: rule.id },
    'BadRequest',
    'An association of data collection endpoint cannot include data collection rule',
  ],
  [
    'neither of both',
    'mine',
    { description: 'x' },
    'InvalidPayload',
    "An association must have either 'dataCollectionRuleId' or 'dataCollectionEndpointId'.",
  ],
])('F3 %s is refused', async (_, name, properties, code, message) => {
  const { question } = await start([rule])
  const reply = await question('PUT', `${machine}/${extension}/${name}`, { properties })
  expect([reply.status, at(reply.body, 'error')]).toMatchObject([400, { code, message }])
})

test('F3 a rule under the endpoint’s name is accepted', async () => {
  const { question } = await start([rule])
  expect(
    (await question('PUT', configuration, { properties: { dataCollectionRuleId: rule.id } }))
      .status,
  ).toBe(200)
})

test.each([
  ['a short id', 'Dce-1', 'LinkedInvalidPropertyId'],
  ['an id of another type', machine, 'InvalidPayload'],
  ['an endpoint that isn’t there', `${endpoint}-none`, 'InvalidPayload'],
])('F4 %s is refused', async (_, dataCollectionEndpointId, code) => {
  const { question } = await start()
  const reply = await question('PUT', configuration, { properties: { dataCollectionEndpointId } })
  expect([reply.status, at(reply.body, 'error', 'code')]).toEqual([400, code])
})

test('F4 the region of the endpoint is not checked', async () => {
  const far = { id: `${insights}/dataCollectionEndpoints/far`, location: 'northeurope' }
  const { question } = await start([far])
  expect(
    (await question('PUT', configuration, { properties: { dataCollectionEndpointId: far.id } }))
      .status,
  ).toBe(200)
})

test('F5 targets must exist, be of a supported type, and not be Flexible', async () => {
  const set = (name: string, orchestrationMode: string) => ({
    id: `${inGroup}/providers/Microsoft.Compute/virtualMachineScaleSets/${name}`,
    location: 'westeurope',
    properties: { orchestrationMode },
  })
  const others = [
    'Microsoft.HybridCompute/machines/arc',
    'Microsoft.ContainerService/managedClusters/aks',
    'Microsoft.Kubernetes/connectedClusters/k8s',
  ].map((name) => ({
    id: `${inGroup}/providers/${name}`,
    location: 'westeurope',
  }))
  const { question } = await start([
    rule,
    set('uniform', 'Uniform'),
    set('flexible', 'Flexible'),
    ...others,
  ])
  const put = (target: string) =>
    question('PUT', `${target}/${extension}/configurationAccessEndpoint`, toEndpoint)
  for (const { id } of [...others, set('uniform', 'Uniform')])
    expect((await put(id)).status).toBe(200)
  expect((await put(set('flexible', 'Flexible').id)).status).toBe(400)
  const wrong = await put(rule.id)
  expect([wrong.status, at(wrong.body, 'error', 'message')]).toEqual([
    400,
    expect.stringMatching(
      /^Association cannot be created for resource of type 'Microsoft\.Insights\/dataCollectionRules'\. Supported types are: Microsoft\.AzureStackHCI\/virtualmachines,/,
    ),
  ])
  expect((await put(`${machine}-none`)).status).toBe(404)
})

test('F6 a DELETE is 200, and 204 the second time', async () => {
  const { question } = await start()
  await question('PUT', configuration, toEndpoint)
  const shouted = configuration.toUpperCase()
  expect([
    (await question('DELETE', shouted)).status,
    (await question('DELETE', configuration)).status,
  ]).toEqual([200, 204])
})

test('F7 a target lists its associations, which are deleted with it', async () => {
  const { simulator, question } = await start([rule])
  await question('PUT', configuration, toEndpoint)
  await question('PUT', `${machine}/${extension}/ByRule`, {
    properties: { dataCollectionRuleId: rule.id },
  })
  const { body } = await question('GET', `${machine}/${extension}`)
  expect(body).toMatchObject({
    value: [
      { name: 'ByRule', etag: expect.any(String) },
      { name: 'configurationAccessEndpoint', id: configuration },
    ],
    nextLink: null,
  })
  simulator.azure.remove(machine)
  expect(at((await question('GET', `${endpoint}/associations`)).body, 'value')).toEqual([])
})
