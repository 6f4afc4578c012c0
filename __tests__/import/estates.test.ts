import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { expandEstate } from '../../simulator/estate.ts'
import { estate as demoEstate } from '../../simulator/demo/estate.ts'
import { applyJob, merge, planJob, repository } from '../../simulator/demo/repository.ts'
import { runJob } from '../../simulator/job/job.ts'
import { startSimulator } from '../../simulator/simulator.ts'
import { expectGolden } from '../support/goldens.ts'
import { runtime } from '../support/play.ts'
import { topologyFile } from '../support/repository.ts'
import { halfDone, scopeOf, terraform } from './estates.ts'
import { importEstate, importFrom, type ImportRun } from './run.ts'

const golden = (name: string) => path.join(import.meta.dirname, 'golden', name)

function expectImported(run: ImportRun): void {
  expect(`${run.outputs['result'] ?? ''} ${run.outputs['failure-reason'] ?? ''}`).toBe('imported ')
  expect(run.exitCode).toBe(0)
  expect(run.outputs['imported-file']).toBe(topologyFile)
  expect(Object.keys(run.workspace)).toContain(topologyFile)
}

describe('The import of three estates', () => {
  test('the demo after its apply: gives its own file back, with an empty plan', async () => {
    // Resource Graph still shows the initial state.
    const knobs = { resourceGraphLagMs: Infinity }
    const github = repository
    const simulator = await startSimulator({ estate: expandEstate(demoEstate), github, knobs })
    try {
      await runJob(simulator, planJob, runtime)
      merge(simulator)
      const applied = await runJob(simulator, applyJob, runtime)
      expect(applied.outputs['result']).toBe('applied')
      const before = JSON.stringify(simulator.azure.snapshot())
      const asked = simulator.azure.requests.length
      const run = await runJob(
        simulator,
        {
          event: 'workflow_dispatch',
          files: {},
          inputs: { command: 'import', scope: scopeOf('rg-monitor/ampls-hub') },
        },
        runtime,
      )
      const methods = simulator.azure.requests.slice(asked).map(({ method }) => method)
      expect([...new Set(methods)].sort()).toEqual(['GET', 'POST'])
      expect(JSON.stringify(simulator.azure.snapshot())).toBe(before)
      expect(run.outputs).toMatchObject({ result: 'imported', 'has-changes': 'false' })
      expectGolden(golden('demo.yml'), run.workspace[topologyFile] ?? '')
    } finally {
      await simulator.close()
    }
  })

  test('the article’s commands, stopped half-way: the plan holds what is wrong, and nothing else', async () => {
    const run = await importEstate(halfDone, scopeOf('my-resource-group/my-ampls'))
    expectImported(run)
    expectGolden(golden('half-done.yml'), run.text ?? '')
    expect(
      run.changes.map((change) => change.replace(/\/subscriptions\/.*\/providers\//, '')),
    ).toEqual([
      'create Microsoft.Insights/privateLinkScopes/my-ampls/scopedResources/my-ampls-my-security-1ca8bc4e',
      'replace Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint',
      'create Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint',
    ])
    for (const words of [
      'imported, 2 to create and 1 to replace',
      'Application Insights component',
      'my-deleted-law',
      'my-deleted-dce',
      'my-idle-dce',
      'remote write',
    ]) {
      expect(run.summary).toContain(words)
    }
  })

  test('Terraform’s names in three subscriptions: an empty plan', async () => {
    const run = await importEstate(terraform, scopeOf('rg-prd-weu-mon-001/ampls-prd-weu-001'))
    expectImported(run)
    expectGolden(golden('terraform.yml'), run.text ?? '')
    expect(run.changes).toEqual([])
  })

  test('gives the same bytes again, whatever the order and paging of the answers', async () => {
    const scope = scopeOf('rg-prd-weu-mon-001/ampls-prd-weu-001')
    const { text } = await importEstate(terraform, scope)
    const knobs = { shuffle: 7, pageSize: 2, graphPageSize: 2 }
    const again = await importEstate(terraform, scope, { knobs })
    expect(again.text).toBe(text)
  })
})

describe('The file of an import', () => {
  test('gives the same plan when planned like any other file', async () => {
    const scope = scopeOf('my-resource-group/my-ampls')
    const simulator = await startSimulator({ estate: expandEstate(halfDone) })
    try {
      const imported = await importFrom(simulator, scope)
      const plan = await runJob(
        simulator,
        {
          event: 'workflow_dispatch',
          files: { [topologyFile]: imported.text ?? '' },
          inputs: { command: 'plan' },
        },
        runtime,
      )
      expect(plan.outputs['fingerprint']).toBe(imported.outputs['fingerprint'])
      expect(plan.outputs['result']).toBe('changes')
    } finally {
      await simulator.close()
    }
  })
})
