import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { expandEstate } from '../../simulator/estate.ts'
import { call } from '../../simulator/job/commandLine.ts'
import { runJob } from '../../simulator/job/job.ts'
import { type Simulator, startSimulator } from '../../simulator/simulator.ts'
import { linkNames } from '../../src/explain/chain.ts'
import { runtime } from '../support/play.ts'
import { dispatched, seedGitHub, topologyFile } from '../support/repository.ts'
import { estate, find, topologyText } from '../verify/harness.ts'

/** `explain` with the built bundle: in a terminal, and as a step of a job. vm-2 has lost its association. */

interface ExplainJson {
  readonly formatVersion: number
  readonly target: string
  readonly links: readonly {
    readonly link: string
    readonly state: string
    readonly detail: string
    readonly remedy: string
  }[]
}

let azure: Simulator
beforeAll(async () => {
  azure = await startSimulator({
    estate: expandEstate(estate),
    knobs: { queryEndpoints: 'self', caller: 'inside' },
    github: seedGitHub(),
  })
  azure.azure.remove(
    find(
      azure,
      'vm-2/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint',
    ),
  )
})
afterAll(async () => azure.close())

const files = { [topologyFile]: topologyText }

function checkJson(text: string): void {
  const { formatVersion, target, links, ...others } = JSON.parse(text) as ExplainJson
  expect([formatVersion, others]).toEqual([1, {}])
  expect(target).toMatch(/\/virtualMachines\/vm-2$/)
  expect(links.map(({ link }) => link)).toEqual([...linkNames])
  expect(links.map(({ state }) => state).slice(2, 5)).toEqual(['ok', 'broken', 'unknown'])
  for (const link of links) expect(Object.keys(link)).toEqual(['link', 'state', 'detail', 'remedy'])
}

it('in a terminal: the first broken link is marked, exit code 0, or 2 with --detailed-exitcode; --json prints only the document', async () => {
  const shown = await call(azure, { args: ['explain', 'vm-2'], files }, runtime)
  expect([shown.exitCode, shown.stderr]).toEqual([0, ''])
  expect(shown.stdout).toMatch(/^❌ vm-2: the chain breaks at “association”\n/)
  expect(shown.stdout).toContain('✘ association ← first broken')
  expect(shown.stdout).toContain('fixes this (create): apply it.')
  expect(shown.stdout).not.toMatch(/<|\*\*|&#/)
  const args = ['explain', '--target', 'rg-app/vm-2', '--json', '--detailed-exitcode']
  const json = await call(azure, { args, files }, runtime)
  expect([json.exitCode, json.stderr]).toEqual([2, ''])
  checkJson(json.stdout)
})

it('as a step of a job: writes summary and output, and does not fail the step', async () => {
  const inputs = { command: 'explain', target: 'vm-2' }
  const result = await runJob(azure, dispatched(files, { inputs }), runtime)
  expect(result).toMatchObject({
    exitCode: 0,
    outputs: { result: 'broken', 'failure-reason': '', 'has-changes': 'false', 'plan-json': '' },
  })
  expect(result.summary).toContain('the chain breaks at “association”')
  checkJson(result.file('explain-json'))
})
