import { describe, expect, test } from '@jest/globals'
import { load } from 'js-yaml'
import type { Estate } from '../../simulator/estate.ts'
import { startJob } from '../../simulator/job/job.ts'
import { linkName } from '../../src/resources/names.ts'
import { markOf } from '../../src/resources/ownership.ts'
import { runtime } from '../support/play.ts'
import { dispatched, topologyFile } from '../support/repository.ts'
import { halfDone, hub, idIn, scopeOf } from './estates.ts'
import { importEstate, importFrom, type ImportRun, withEstate } from './run.ts'

const scope = scopeOf('my-resource-group/my-ampls')

function expectFailed(run: ImportRun, reason: string, ...words: readonly string[]): void {
  expect(run.outputs).toMatchObject({ result: 'failed', 'failure-reason': reason })
  expect(run.outputs['imported-file']).toBe('')
  expect(run.exitCode).toBe(1)
  expect(run.text).toBeUndefined()
  for (const word of words) expect(run.stdout).toContain(word)
}

/** A scope with one machine and its endpoint, plus the given resources. */
function small(more: Partial<Estate> = {}, links: Readonly<Record<string, string>> = {}): Estate {
  return {
    subscription: hub,
    scope: { id: 'my-resource-group/my-ampls', links: { dce: 'rg/dce-weu', ...links } },
    machines: { 'rg/vm-1': { location: 'westeurope', endpoint: 'rg/dce-weu' } },
    endpoints: { 'rg/dce-weu': 'westeurope' },
    ...more,
  }
}

describe('A scope that cannot be imported', () => {
  test('does not exist, or is of another cloud or tenant', async () => {
    await withEstate(halfDone, {}, async (simulator) => {
      const gone = await importFrom(simulator, scopeOf('my-resource-group/nothing'))
      expectFailed(gone, 'invalid-input', 'scope', 'nothing', 'the input cloud')
      const elsewhere = scopeOf('rg/ampls', '99999999-9999-9999-9999-999999999999')
      expectFailed(await importFrom(simulator, elsewhere), 'invalid-input', 'the input cloud')
    })
  })

  test('cannot be read', async () => {
    const run = await importEstate({ ...halfDone, unreadable: [scope] }, scope)
    expectFailed(run, 'forbidden', 'this identity may not read', 'Reader role')
  })

  test.each([
    ['', 'missing'],
    ['my-ampls', 'is not a resource id'],
    [
      idIn(hub, 'rg', 'Microsoft.HybridCompute/privateLinkScopes', 'x'),
      'is the id of another type',
    ],
    [
      '/subscriptions/x/resourceGroups/rg/providers/Microsoft.Insights/privateLinkScopes/x',
      'is not',
    ],
  ])('is written as %j', async (written, words) => {
    const run = await importEstate(small(), written, { inputs: { name: 'Not A Name' } })
    expectFailed(run, 'invalid-input', words, 'name')
    expect(run.requests).toEqual([])
  })
})

describe('The file to write', () => {
  test('exists: it is left unchanged, and no request is sent to Azure', async () => {
    const files = { [topologyFile]: 'mine\n' }
    const run = await importEstate(small(), scope, { files })
    expect(run.outputs).toMatchObject({ result: 'failed', 'failure-reason': 'invalid-input' })
    expect(run.text).toBe('mine\n')
    expect(run.stdout).toContain('already exists')
    expect(run.requests).toEqual([])
  })

  test('may be any path in the workspace, also in a folder that does not exist yet', async () => {
    const file = 'infra/private-link/hub.yml'
    const run = await importEstate(small(), scope, { inputs: { 'topology-file': file } })
    expect(run.outputs).toMatchObject({ result: 'imported', 'imported-file': file })
    expect(Object.keys(run.workspace)).toEqual([file])
  })

  test('is complete or absent, whenever the job is killed', async () => {
    await withEstate(halfDone, { readMs: 30 }, async (simulator) => {
      for (const after of [3, 9, 15]) {
        const start = simulator.azure.requests.length
        const inputs = { command: 'import', scope }
        const job = await startJob(simulator, dispatched({}, { inputs }), runtime)
        const isTime = () => simulator.azure.requests.length - start >= after
        while (!isTime()) await new Promise((resolve) => setTimeout(resolve, 5))
        job.kill('SIGKILL')
        expect(Object.keys((await job.done).workspace)).toEqual([])
      }
    })
  })
})

describe('What cannot be read or does not exist', () => {
  test('targets, rules and workspaces: remarks in the file and in the summary, no entries', async () => {
    const other = '22222222-2222-2222-2222-222222222222'
    const hidden = idIn(other, 'rg-far', 'Microsoft.Compute/virtualMachines', 'vm-far')
    const run = await importEstate(
      small(
        {
          otherSubscriptions: [other],
          machines: {
            'rg/vm-1': { location: 'westeurope', endpoint: 'rg/dce-weu', rules: ['rg/dcr-1'] },
            'rg/vm-2': { location: 'westeurope', endpoint: 'rg/dce-weu', rules: ['rg/dcr-2'] },
            [hidden]: { location: 'westeurope', endpoint: 'rg/dce-weu' },
          },
          logWorkspaces: { 'rg/law-hidden': 'westeurope', 'rg/law-linked': 'westeurope' },
          rules: {
            'rg/dcr-1': { location: 'westeurope', logs: ['rg/law-hidden', 'rg/law-gone'] },
            'rg/dcr-2': { location: 'westeurope', logs: ['rg/law-hidden'] },
          },
          unreadable: [
            `/subscriptions/${other}`,
            idIn(hub, 'rg', 'Microsoft.OperationalInsights/workspaces', 'law-hidden'),
            idIn(hub, 'rg', 'Microsoft.OperationalInsights/workspaces', 'law-linked'),
            idIn(hub, 'rg', 'Microsoft.Insights/dataCollectionRules', 'dcr-2'),
          ],
        },
        { law: 'log:rg/law-linked' },
      ),
      scope,
    )
    expect(run.outputs).toMatchObject({ result: 'imported', 'failure-reason': '' })
    expect(run.exitCode).toBe(0)
    const lines = (run.text ?? '').split('\n')
    const said = lines.filter((line) => line.trim().startsWith('#')).join(' ')
    const written = lines.filter((line) => !line.trim().startsWith('#')).join('\n')
    for (const name of ['vm-far', 'law-hidden', 'law-gone', 'law-linked', 'dcr-2']) {
      expect(said).toContain(name)
      expect(written).not.toContain(name)
      expect(run.summary).toContain(name)
    }
    expect(written).toContain('rg/vm-1')
    expect(run.codes.filter((code) => code.startsWith('error'))).toEqual([])
    expect(run.codes).toContain('warning unreadable-resource')
  })

  test('links: an empty scope is a short file', async () => {
    const empty = { subscription: hub, scope: { id: 'my-resource-group/my-ampls' } }
    const run = await importEstate(empty, scope)
    expect(run.outputs).toMatchObject({ result: 'imported', 'has-changes': 'false' })
    expect(run.text).toContain('The scope links nothing yet.')
    expect(load(run.text ?? '')).toEqual({
      version: 1,
      name: 'my-ampls',
      subscription: hub,
      privateLinkScope: 'my-resource-group/my-ampls',
      accessModes: { ingestion: 'Open', query: 'Open' },
      dataCollectionEndpoints: { resourceGroup: 'my-resource-group' },
    })
  })
})

describe('Resources that use the scope and cannot be entries', () => {
  test('a flexible scale set, and a type that has no section: comments', async () => {
    const hci = idIn(hub, 'rg', 'Microsoft.AzureStackHCI/virtualMachines', 'hci')
    const association = `${hci}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`
    const properties = {
      dataCollectionEndpointId: idIn(
        hub,
        'rg',
        'Microsoft.Insights/dataCollectionEndpoints',
        'dce-weu',
      ),
    }
    const set = { location: 'westeurope', endpoint: 'rg/dce-weu' }
    const run = await importEstate(
      small({
        scaleSets: { 'rg/flexible': { ...set, orchestration: 'Flexible' }, 'rg/uniform': set },
        resources: [
          { id: hci, location: 'westeurope' },
          { id: association, properties },
        ],
      }),
      scope,
    )
    expect(run.outputs).toMatchObject({ result: 'imported', 'has-changes': 'false' })
    expect(load(run.text ?? '')).toMatchObject({
      machines: [
        'rg/vm-1',
        idIn(hub, 'rg', 'Microsoft.Compute/virtualMachineScaleSets', 'uniform'),
      ],
    })
    for (const name of ['rg/flexible', 'rg/hci']) expect(run.summary).toContain(name)
  })
})

describe('Names', () => {
  test('that YAML would not read as strings, and two workspaces with one name', async () => {
    const run = await importEstate(
      small(
        {
          logWorkspaces: {
            'rg/null': 'westeurope',
            'rg/1e3': 'westeurope',
            'rg-2/on': 'westeurope',
          },
          monitorWorkspaces: { 'rg/on': 'westeurope' },
        },
        { n: 'log:rg/null', e: 'log:rg/1e3', o: 'log:rg-2/on', m: 'auto:rg/on' },
      ),
      scope,
      { inputs: { name: 'null' } },
    )
    expect(run.outputs).toMatchObject({ result: 'imported', 'has-changes': 'false' })
    expect(run.text).toContain("name: 'null'")
    expect(load(run.text ?? '')).toMatchObject({
      name: 'null',
      azureMonitorWorkspaces: { 'on-metrics': 'rg/on' },
      logAnalyticsWorkspaces: { null: 'rg/null', 'ws-1e3': 'rg/1e3', 'on-logs': 'rg-2/on' },
    })
  })

  const mark = { 'azure-monitor-private-link': markOf('prod', scope) }
  const tags = { ...mark, '*x': '&y: #1', null: 'on', '🔥': '1e3' }

  test('of the topology come from the existing mark, and tags stay text', async () => {
    const endpoints = {
      'rg/dce-weu': { location: 'westeurope', tags, publicNetworkAccess: 'Enabled' },
    }
    const run = await importEstate(small({ endpoints }), scope)
    expect(run.outputs).toMatchObject({ result: 'imported', 'has-changes': 'false' })
    expect(load(run.text ?? '')).toMatchObject({
      name: 'prod',
      dataCollectionEndpoints: {
        resourceGroup: 'rg',
        publicNetworkAccess: 'Enabled',
        tags: { '*x': '&y: #1', null: 'on', '🔥': '1e3' },
      },
    })
  })

  test('of leftovers: an import that would delete them is refused', async () => {
    const idle = idIn(hub, 'rg', 'Microsoft.Insights/dataCollectionEndpoints', 'dce-idle')
    const estate = small(
      {
        endpoints: {
          'rg/dce-weu': 'westeurope',
          'rg/dce-idle': { location: 'eastus', tags: mark },
        },
      },
      { [linkName('prod', idle)]: 'rg/dce-idle' },
    )
    await withEstate(estate, {}, async (simulator) => {
      expectFailed(await importFrom(simulator, scope), 'invalid-input', 'prod', 'dce-idle')
      const other = await importFrom(simulator, scope, { inputs: { name: 'hub' } })
      expect(other.outputs).toMatchObject({ result: 'imported', 'has-changes': 'false' })
      expect(other.text).toContain('formerNames: [prod]')
    })
  })
})
