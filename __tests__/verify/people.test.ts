import { afterEach, expect, it } from '@jest/globals'
import { expandEstate } from '../../simulator/estate.ts'
import { applyJob, merge, planJob, repository, verifyJob } from '../../simulator/demo/repository.ts'
import { estate as demo } from '../../simulator/demo/estate.ts'
import { type JobResult, runJob } from '../../simulator/job/job.ts'
import { type Simulator, startSimulator } from '../../simulator/simulator.ts'
import { runtime } from '../support/play.ts'
import { find } from './harness.ts'

let simulator: Simulator | undefined
afterEach(async () => {
  await simulator?.close()
})

async function open(): Promise<Simulator> {
  simulator = await startSimulator({
    estate: expandEstate(demo),
    knobs: { queryEndpoints: 'self', caller: 'inside' },
    github: structuredClone(repository),
  })
  return simulator
}

const outputs = ({ outputs: given, exitCode }: JobResult) => [
  given['result'],
  given['failure-reason'],
  exitCode,
]

it('on a push the plan comment gets a section, a later apply still finds its review, and the next verify replaces the section', async () => {
  const azure = await open()
  const body = () => azure.github?.comments[0]?.body ?? ''
  await runJob(azure, planJob, runtime)
  merge(azure)
  expect(outputs(await runJob(azure, applyJob, runtime))).toEqual(['applied', '', 0])
  azure.azure.knobs.clockOffsetMs += 10 * 60_000
  const first = await runJob(azure, verifyJob, runtime)
  expect(outputs(first)).toEqual(['receiving', '', 0])
  expect(JSON.parse(first.file('verify-json'))).toMatchObject({
    formatVersion: 1,
    topology: 'production',
    counts: { receiving: 6, silent: 0, unknown: 0 },
  })
  expect(body()).toContain('**Telemetry**')

  // The plan comment can be applied again; its data is intact.
  azure.azure.remove(
    find(
      azure,
      'vm-01/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint',
    ),
  )
  azure.azure.knobs.clockOffsetMs += 60 * 60_000
  const silent = await runJob(azure, verifyJob, runtime)
  expect(outputs(silent)).toEqual(['silent', 'telemetry-silent', 1])
  expect(body()).toMatch(/🔴 \*\*3 of 2 machines and 2 clusters send\*\*|1 is silent/)
  expect(body().split('azure-monitor-private-link:verify -->')).toHaveLength(2)

  expect(outputs(await runJob(azure, applyJob, runtime))).toEqual(['applied', '', 0])
  const relaxed = { ...verifyJob, inputs: { command: 'verify', 'fail-on-silent': 'false' } }
  expect((await runJob(azure, relaxed, runtime)).exitCode).toBe(0)
}, 300_000)

it('without a plan comment no section is written; on a schedule one issue is kept up to date, and closed when nothing is silent', async () => {
  const azure = await open()
  expect(outputs(await runJob(azure, verifyJob, runtime))).toEqual([
    'silent',
    'telemetry-silent',
    1,
  ])
  expect(azure.github?.comments).toEqual([])

  const scheduled = { ...verifyJob, event: 'schedule' as const }
  await runJob(azure, scheduled, runtime)
  await runJob(azure, scheduled, runtime)
  expect(azure.github?.issues.map(({ state, title }) => [state, title])).toEqual([
    ['open', 'Telemetry of private link topology production is silent'],
  ])
  await runJob(
    azure,
    { event: 'workflow_dispatch', files: applyJob.files, inputs: { command: 'apply' } },
    runtime,
  )
  azure.azure.knobs.clockOffsetMs += 10 * 60_000
  expect(outputs(await runJob(azure, scheduled, runtime))).toEqual(['receiving', '', 0])
  expect(azure.github?.issues.map(({ state }) => state)).toEqual(['closed'])
}, 300_000)
