import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:tls'
import { expect, test } from '@jest/globals'
import { at } from '../../../simulator/azure/json.ts'
import { type CommittedWrite, startSimulator } from '../../../simulator/simulator.ts'
import { configuration, insights, machine, start, subscription, until } from './ask.ts'

const endpoint = `${insights}/dataCollectionEndpoints/Dce-1`
const link = `${insights}/privateLinkScopes/Scope/scopedResources/link`

test('A1 it answers over TLS on this machine and leaves nothing behind', async () => {
  const simulator = await startSimulator({
    estate: { subscriptions: [subscription], resources: [] },
  })
  const { port } = new URL(simulator.url)
  const ca = readFileSync(simulator.caFile)
  for (const host of ['localhost', '127.0.0.1']) {
    const names = await new Promise<string>((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port: Number(port),
        ca,
        servername: host === 'localhost' ? host : '',
      }
      const socket = connect(options, () => {
        resolve(socket.getPeerCertificate().subjectaltname ?? '')
        socket.destroy()
      })
      socket.on('error', reject)
    })
    expect(names).toContain(host)
  }
  await simulator.close()
  expect(existsSync(simulator.caFile)).toBe(false)
})

test('A2 a short id is in the first subscription and its type name as registered', async () => {
  const id = '/resourceGroups/RG-2/providers/microsoft.insights/DATACOLLECTIONENDPOINTS/MyDce'
  const rule = '/resourcegroups/rg/providers/Microsoft.Insights/dataCollectionRules/r'
  const { simulator, question } = await start([
    { id, location: 'westeurope' },
    { id: rule, location: 'westeurope', properties: { dataCollectionEndpointId: id } },
  ])
  const written = simulator.azure.snapshot().resources.map((resource) => resource.id)
  const full = `/subscriptions/${subscription}/resourceGroups/RG-2/providers/Microsoft.Insights/dataCollectionEndpoints/MyDce`
  expect(written).toContain(full)
  const read = await question('GET', `/subscriptions/${subscription}${rule}`)
  expect(at(read.body, 'properties', 'dataCollectionEndpointId')).toBe(
    `/subscriptions/${subscription}${id}`,
  )
  const groups = await question('GET', `/subscriptions/${subscription}/resourceGroups`)
  expect(at(groups.body, 'value')).toMatchObject([{ name: 'rg' }, { name: 'RG-2' }])
})

test('A3 a snapshot is a seed of the same state', async () => {
  const { simulator, question } = await start(
    [],
    { scopedWriteMs: 0 },
    { resourceGroups: ['empty'] },
  )
  await question('PUT', configuration, { properties: { dataCollectionEndpointId: endpoint } })
  await question('PUT', link, { properties: { linkedResourceId: endpoint } })
  const snapshot = simulator.azure.snapshot()
  const modes = { queryAccessMode: 'Open', ingestionAccessMode: 'Open', exclusions: [] }
  expect(snapshot).toEqual({
    subscriptions: [subscription],
    resources: [
      { id: machine, location: 'westeurope' },
      { id: configuration, properties: { dataCollectionEndpointId: endpoint } },
      { id: endpoint, location: 'westeurope' },
      {
        id: `${insights}/privateLinkScopes/Scope`,
        location: 'global',
        properties: { accessModeSettings: modes },
      },
      { id: link, properties: { linkedResourceId: endpoint } },
    ],
    resourceGroups: [`/subscriptions/${subscription}/resourceGroups/empty`],
  })
  const again = await startSimulator({ estate: snapshot })
  expect(again.azure.snapshot()).toEqual(snapshot)
  await again.close()
})

test('A4 Azure can be changed without a request', async () => {
  const { simulator, question } = await start()
  const told: CommittedWrite[] = []
  simulator.azure.onCommit((write) => void told.push(write))
  const systemData = { lastModifiedBy: 'policy', lastModifiedByType: 'ManagedIdentity' }
  const properties = { dataCollectionEndpointId: endpoint, description: 'by policy' }
  simulator.azure.put({ id: configuration, properties, systemData })
  const read = await question('GET', configuration)
  expect(read.body).toMatchObject({ properties, systemData })
  simulator.azure.remove(machine)
  expect((await question('GET', machine)).status).toBe(404)
  expect(simulator.azure.snapshot().resources.map(({ id }) => id)).not.toContain(configuration)
  expect(told).toEqual([])
})

test('A5 every request is recorded', async () => {
  const { simulator, question } = await start()
  simulator.azure.addFault({ match: { method: 'DELETE' }, do: 'reset-before' })
  await question('GET', endpoint, undefined, { 'x-ms-client-request-id': 'mine' })
  await question('PUT', endpoint, { location: 'westeurope', tags: { a: 'b' } })
  await expect(question('DELETE', endpoint)).rejects.toThrow('socket hang up')
  const client = '00000000-0000-4000-8000-00000000c11e'
  expect(simulator.azure.requests).toMatchObject([
    {
      n: 1,
      method: 'GET',
      path: endpoint,
      host: 'arm',
      status: 200,
      apiVersion: '2022-06-01',
      clientRequestId: 'mine',
      principal: client,
    },
    { n: 2, method: 'PUT', requestBody: { tags: { a: 'b' } }, responseBody: { name: 'Dce-1' } },
    { n: 3, method: 'DELETE', status: 0 },
  ])
})

test('A6 a commit is reported before its answer, a long-running one also at its end', async () => {
  const { simulator, question } = await start([], { scopedWriteMs: 5 })
  const told: string[] = []
  let answered = false
  const stop = simulator.azure.onCommit(async (write) => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    const state = String(at(write.after, 'properties', 'provisioningState'))
    told.push(`${write.n} ${write.method} ${write.phase} ${state} ${answered ? 'late' : 'in time'}`)
  })
  await question('PUT', endpoint, { location: 'westeurope' })
  answered = true
  expect(told).toEqual(['1 PUT committed undefined in time'])
  answered = false
  await question('PUT', link, { properties: { linkedResourceId: endpoint } })
  expect(told.slice(1, 2)).toEqual(['2 PUT accepted Provisioning in time'])
  await until(() => told.length === 3)
  expect(told[2]).toMatch(/^2 PUT finished Succeeded/)
  stop()
  await question('PUT', endpoint, { location: 'westeurope' })
  expect(told).toHaveLength(3)
})

test('A7 a fault answers, waits, cuts or hangs', async () => {
  const { simulator, question } = await start([], { readMs: 1, writeMs: 1 })
  const { azure } = simulator
  azure.addFault({
    match: { method: 'GET' },
    after: 1,
    times: 1,
    do: { status: 503, body: { a: 1 }, headers: { 'retry-after': '7' } },
  })
  expect((await question('GET', endpoint)).status).toBe(200)
  const busy = await question('GET', endpoint)
  expect([busy.status, busy.body, busy.headers['retry-after']]).toEqual([503, { a: 1 }, '7'])
  expect((await question('GET', endpoint)).status).toBe(200)
  azure.addFault({ match: { path: /Dce-1$/ }, times: 1, do: 'html-502' })
  const page = await question('GET', endpoint)
  expect([page.status, page.headers['content-type'], page.text.slice(0, 6)]).toEqual([
    502,
    'text/html',
    '<html>',
  ])
  azure.addFault({ match: { host: 'arm' }, times: 1, do: { delayMs: 30 } })
  const begun = Date.now()
  await question('GET', endpoint)
  expect(Date.now() - begun).toBeGreaterThanOrEqual(29)
  const wanted = { location: 'westeurope', tags: { x: '1' } }
  azure.addFault({ match: { method: 'PUT' }, times: 1, do: 'reset-before' })
  await expect(question('PUT', endpoint, wanted)).rejects.toThrow('socket hang up')
  expect(at((await question('GET', endpoint)).body, 'tags')).toBeUndefined()
  azure.addFault({ match: { method: 'PUT' }, times: 1, do: 'reset-after-commit' })
  await expect(question('PUT', endpoint, wanted)).rejects.toThrow('socket hang up')
  expect(at((await question('GET', endpoint)).body, 'tags')).toEqual({ x: '1' })
  azure.addFault({ match: { method: 'DELETE' }, do: 'hang' })
  const hung = question('DELETE', endpoint).then(
    () => 'answered',
    () => 'cut',
  )
  const first = await Promise.race([
    hung,
    new Promise((resolve) => setTimeout(() => resolve('waiting'), 20)),
  ])
  expect(first).toBe('waiting')
})

test('A8 a created endpoint can be missing for some reads', async () => {
  const { simulator, question } = await start()
  simulator.azure.addFault({ match: { method: 'PUT' }, times: 1, do: '404-after-create', gets: 2 })
  const made = `${insights}/dataCollectionEndpoints/made`
  expect((await question('PUT', made, { location: 'westeurope' })).status).toBe(200)
  const statuses = [
    await question('GET', made),
    await question('GET', made),
    await question('GET', made),
  ]
  expect(statuses.map(({ status }) => status)).toEqual([404, 404, 200])
})

test('A9 the same server answers for GitHub', async () => {
  const repository = { owner: 'o', name: 'r', defaultBranch: 'main' }
  const github = {
    repository,
    token: 'job-token',
    pulls: [{ number: 7 }],
    comments: [{ issue: 7, body: 'hello' }],
  }
  const { simulator, question } = await start([], {}, {}, github)
  const headers = { authorization: 'Bearer job-token', 'user-agent': 'test' }
  const list = `${simulator.githubUrl}/repos/o/r/issues/7/comments`
  const { status, body } = await question('GET', list, undefined, headers)
  expect([status, body]).toMatchObject([200, [{ body: 'hello' }]])
  expect(JSON.stringify(body)).toContain(`"${simulator.githubUrl}/repos/o/r/issues/comments/`)
  for (const path of ['/_github/graphql', '/_github/api/graphql']) {
    const reply = await question('POST', path, { query: '{ viewer { login } }' }, headers)
    expect(reply.status).toBe(200)
  }
  const without = await start()
  expect((await without.question('GET', '/_github/api/user')).status).toBe(404)
})
