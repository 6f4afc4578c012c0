import { expect, test } from '@jest/globals'
import { at } from '../../../simulator/azure/json.ts'
import {
  configuration,
  inGroup,
  insights,
  machine,
  type Running,
  start,
  subscription,
} from './ask.ts'

const endpoint = `${insights}/dataCollectionEndpoints/Dce-1`
const account = {
  id: `${inGroup}/providers/Microsoft.Monitor/accounts/MyAmw`,
  location: 'westeurope',
}

test('I1 an Azure Monitor workspace has an id in lower case', async () => {
  const { question } = await start([account])
  const { body } = await question('GET', account.id)
  expect(body).toMatchObject({
    id: account.id.toLowerCase(),
    name: 'MyAmw',
    type: 'Microsoft.Monitor/accounts',
    properties: {
      metrics: {
        prometheusQueryEndpoint: expect.stringMatching(
          /^https:\/\/myamw-[a-z0-9]{4}\.westeurope\.prometheus\.monitor\.azure\.com$/,
        ),
      },
      publicNetworkAccess: 'Enabled',
    },
  })
  expect((await question('GET', `${inGroup}/providers/Microsoft.Monitor/accounts`)).body).toEqual({
    value: [body],
    nextLink: null,
  })
})

test('I2 its automatic endpoint and rule are in the managed group', async () => {
  const group = `/subscriptions/${subscription}/resourceGroups/MA_MyAmw_westeurope_managed/providers/Microsoft.Insights`
  const managed = ['dataCollectionEndpoints', 'dataCollectionRules'].map((type) => ({
    id: `${group}/${type}/myamw`,
    location: 'westeurope',
  }))
  const old = { id: `${inGroup}/providers/Microsoft.Monitor/accounts/old`, location: 'westeurope' }
  const given = { dataCollectionEndpointResourceId: endpoint }
  const own = {
    ...account,
    id: `${inGroup}/providers/Microsoft.Monitor/accounts/own`,
    properties: { defaultIngestionSettings: given },
  }
  const connection = {
    id: `${account.id}/privateEndpointConnections/pe.1`,
    properties: { privateLinkServiceConnectionState: { status: 'Approved' } },
  }
  const { question } = await start([account, ...managed, old, own, connection])
  const settings = async (id: string) =>
    at((await question('GET', id)).body, 'properties', 'defaultIngestionSettings')
  expect(await settings(account.id)).toEqual({
    dataCollectionRuleResourceId: `${group}/dataCollectionRules/myamw`,
    dataCollectionEndpointResourceId: `${group}/dataCollectionEndpoints/myamw`,
  })
  expect(await settings(old.id)).toBeUndefined()
  expect(await settings(own.id)).toEqual(given)
  const shown = {
    name: 'pe.1',
    properties: {
      groupIds: ['prometheusMetrics'],
      privateLinkServiceConnectionState: { status: 'Approved' },
    },
  }
  expect(
    at((await question('GET', account.id)).body, 'properties', 'privateEndpointConnections'),
  ).toMatchObject([shown])
  expect(
    at((await question('GET', `${account.id}/privateEndpointConnections`)).body, 'value'),
  ).toMatchObject([shown])
})

test('I3 a Log Analytics workspace has a customer id and open access', async () => {
  const id = `${inGroup}/providers/Microsoft.OperationalInsights/workspaces/Law`
  const { question } = await start([
    { id, location: 'westeurope', properties: { publicNetworkAccessForQuery: 'Disabled' } },
  ])
  const { body } = await question('GET', id)
  expect(body).toMatchObject({
    id,
    properties: {
      customerId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      publicNetworkAccessForIngestion: 'Enabled',
      publicNetworkAccessForQuery: 'Disabled',
      features: { enableLogAccessUsingOnlyResourcePermissions: true },
      workspaceCapping: { dailyQuotaGb: -1 },
      createdDate: expect.any(String),
    },
  })
  expect(body).not.toHaveProperty('properties.source')
  const old = await question('GET', `${id}?api-version=2020-08-01`)
  expect(at(old.body, 'id')).toBe(
    `/subscriptions/${subscription}/resourcegroups/rg/providers/microsoft.operationalinsights/workspaces/Law`,
  )
  expect(old.body).toHaveProperty('properties.source', 'Azure')
  expect(old.body).toHaveProperty('properties.sku.maxCapacityReservationLevel', 3000)
  const oldest = await question('GET', `${id}?api-version=2020-03-01-preview`)
  expect(oldest.body).not.toHaveProperty('properties.createdDate')
})

test('J1 clusters have their own case of ids and types', async () => {
  const aks = `${inGroup}/providers/Microsoft.ContainerService/managedClusters/Aks`
  const arc = `${inGroup}/providers/Microsoft.Kubernetes/connectedClusters/Arc`
  const { question } = await start([
    { id: aks, location: 'westeurope' },
    { id: arc, location: 'westeurope' },
  ])
  expect((await question('GET', aks)).body).toMatchObject({
    id: aks.replace('resourceGroups', 'resourcegroups'),
    type: 'Microsoft.ContainerService/ManagedClusters',
  })
  expect((await question('GET', arc)).body).toMatchObject({
    id: arc,
    type: 'microsoft.kubernetes/connectedclusters',
  })
})

test('J2 machines and extensions can be read and listed', async () => {
  const arc = `${inGroup}/providers/Microsoft.HybridCompute/machines/arc`
  const set = `${inGroup}/providers/Microsoft.Compute/virtualMachineScaleSets/set`
  const aks = `${inGroup}/providers/Microsoft.ContainerService/managedClusters/aks`
  const properties = { publisher: 'Microsoft.Azure.Monitor', type: 'AzureMonitorLinuxAgent' }
  const holders = [arc, set, aks].map((id) => ({ id, location: 'westeurope' }))
  const extensions = [machine, arc, set]
    .map((id) => ({ id: `${id}/extensions/agent`, location: 'westeurope', properties }))
    .concat({
      id: `${aks}/providers/Microsoft.KubernetesConfiguration/extensions/agent`,
      location: '',
      properties,
    })
  const { question } = await start([...holders, ...extensions])
  for (const { id } of extensions) {
    expect((await question('GET', id)).body).toMatchObject({ id, properties })
    const { body } = await question('GET', id.replace(/\/agent$/, ''))
    expect(at(body, 'value')).toMatchObject([{ name: 'agent' }])
  }
  expect((await question('GET', machine)).body).toMatchObject({
    id: machine,
    properties: { provisioningState: 'Succeeded' },
  })
  const list = await question('GET', `${inGroup}/providers/Microsoft.Compute/virtualMachines`)
  expect(at(list.body, 'value')).toMatchObject([{ id: machine.replace('/rg/', '/RG/') }])
})

async function query({ question }: Running, text: string): Promise<unknown> {
  const body = { query: text, options: { resultFormat: 'objectArray' } }
  const reply = await question('POST', '/providers/Microsoft.ResourceGraph/resources', body)
  return at(reply.body, 'data')
}

test('K1 every kind of object is in its table', async () => {
  const cluster = `${inGroup}/providers/Microsoft.ContainerService/managedClusters/aks`
  const running = await start([
    { id: `${machine}/extensions/agent`, location: 'westeurope' },
    { id: cluster, location: 'westeurope', tags: { a: 'b' } },
    { id: `${cluster}/providers/Microsoft.KubernetesConfiguration/extensions/x` },
    { id: configuration, properties: { dataCollectionEndpointId: endpoint } },
    {
      id: `${insights}/privateLinkScopes/Scope/scopedResources/l`,
      properties: { linkedResourceId: endpoint },
    },
    { id: `${insights}/privateLinkScopes/Scope/privateEndpointConnections/c` },
  ])
  const types = async (table: string): Promise<unknown> => {
    const rows = await query(running, `${table} | project type | order by type asc`)
    return Array.isArray(rows) ? rows.map((row) => at(row, 'type')) : rows
  }
  expect(await types('resources')).toEqual([
    'microsoft.compute/virtualmachines',
    'microsoft.compute/virtualmachines/extensions',
    'microsoft.containerservice/managedclusters',
    'microsoft.insights/datacollectionendpoints',
    'microsoft.insights/privatelinkscopes',
  ])
  expect(await types('insightsresources')).toEqual([
    'microsoft.insights/datacollectionruleassociations',
  ])
  expect(await types('kubernetesconfigurationresources')).toEqual([
    'microsoft.kubernetesconfiguration/extensions',
  ])
  expect(await types('resourcecontainers')).toEqual([
    'microsoft.resources/subscriptions',
    'microsoft.resources/subscriptions/resourcegroups',
  ])
  expect(await query(running, `resources | where name == 'aks'`)).toMatchObject([
    {
      id: cluster,
      resourceGroup: 'rg',
      subscriptionId: subscription,
      location: 'westeurope',
      tags: { a: 'b' },
      tenantId: running.simulator.tenant,
    },
  ])
})

test('K3 an answer that would be too large is refused, whatever the page size', async () => {
  const rule = (name: string) => ({
    id: `${insights}/dataCollectionRules/${name}`,
    location: 'westeurope',
    properties: { description: 'x'.repeat(9_000_000) },
  })
  const { question } = await start([rule('a'), rule('b')])
  const kql =
    "resources | where type has 'datacollectionrules' | project id, properties | order by id asc"
  const ask = async (top: number) =>
    await question('POST', '/providers/Microsoft.ResourceGraph/resources', {
      query: kql,
      options: { resultFormat: 'objectArray', $top: top },
    })
  const { status, body } = await ask(1000)
  expect([status, at(body, 'error', 'code')]).toEqual([400, 'BadRequest'])
  expect(at(body, 'error', 'details')).toEqual([
    {
      code: 'ResponsePayloadTooLarge',
      message: expect.stringMatching(
        /^Response payload size is 18\d{6}, and has exceeded the limit of 16777216\. Please consider querying less data at a time and make paginated call if needed\.$/,
      ),
    },
  ])
  const [first, token] = [await ask(1), '$skipToken']
  expect([first.status, at(first.body, 'count'), typeof at(first.body, token)]).toEqual([
    200,
    1,
    'string',
  ])
})

test('K4 make_list works, is refused, or cuts lists', async () => {
  const running = await start([{ id: `${machine}-2`, location: 'westeurope' }])
  const { simulator, question } = running
  const kql =
    "resources | where type has 'virtualmachines' | summarize n = count(), all = make_list(name) by subscriptionId"
  const rows = await query(running, kql)
  expect(rows).toMatchObject([{ n: 2, all: { length: 2 } }])
  simulator.azure.knobs.graphLists = 1
  expect(await query(running, kql)).toMatchObject([{ n: 2, all: { length: 1 } }])
  simulator.azure.knobs.graphLists = 'refused'
  const body = { query: kql }
  const refused = await question('POST', '/providers/Microsoft.ResourceGraph/resources', body)
  expect([refused.status, at(refused.body, 'error', 'code')]).toEqual([400, 'BadRequest'])
})

test('K2 rows lag behind, and unreadable ones are omitted', async () => {
  const other = '22222222-2222-2222-2222-222222222222'
  const unreadable = `${insights}/dataCollectionEndpoints/secret`
  const elsewhere = {
    id: `/subscriptions/${other}/resourceGroups/far/providers/Microsoft.Insights/dataCollectionEndpoints/far`,
    location: 'northeurope',
  }
  const running = await start(
    [{ id: unreadable, location: 'westeurope' }, elsewhere],
    { resourceGraphLagMs: Infinity },
    { subscriptions: [subscription, other], unreadable: [unreadable] },
  )
  const { simulator, question } = running
  const names = async (): Promise<unknown> => {
    const rows = await query(
      running,
      `resources | where type == 'microsoft.insights/datacollectionendpoints' | order by name asc`,
    )
    return Array.isArray(rows) ? rows.map((row) => at(row, 'name')) : rows
  }
  await question('PUT', `${insights}/dataCollectionEndpoints/new`, { location: 'westeurope' })
  await question('DELETE', endpoint)
  expect(await names()).toEqual(['Dce-1', 'far'])
  simulator.azure.knobs.resourceGraphLagMs = 60_000
  expect(await names()).toEqual(['Dce-1', 'far'])
  simulator.azure.knobs.resourceGraphLagMs = 0
  expect(await names()).toEqual(['far', 'new'])
})
