import { estate, subscription, topology, topologyFile } from './demo/estate.ts'
import { followJob } from './demo/follow.ts'
import { applyJob, merge, planAgainJob, planJob, repository, verifyJob } from './demo/repository.ts'
import { countRequests, requestKinds } from './demo/requests.ts'
import { comment, heading, logLine, say, table } from './demo/terminal.ts'
import { expandEstate } from './estate.ts'
import type { Job, JobResult } from './job/job.ts'
import { type RecordedRequest, type Simulator, startSimulator } from './simulator.ts'

/**
 * Demonstrates the action on this machine, with the built bundle and no account: a pull request gets its plan
 * comment, the merge applies it, the next plan finds nothing, and telemetry arrives privately. `npm run demo`;
 * `-- --markdown` prints the raw comment.
 */
async function main(): Promise<void> {
  const simulator = await startSimulator({
    estate: expandEstate(estate),
    knobs: {
      readMs: 20,
      writeMs: 60,
      scopedWriteMs: 800,
      queryEndpoints: 'self',
      // The verify job runs inside the private network, because these workspaces refuse public queries.
      caller: 'inside',
    },
    github: repository,
  })
  try {
    introduce(simulator)
    summarize([
      await plan(simulator),
      await apply(simulator),
      await planAgain(simulator),
      await verify(simulator),
    ])
  } finally {
    await simulator.close()
  }
}

interface Run {
  readonly name: string
  readonly job: JobResult
  readonly seconds: number
  readonly requests: readonly RecordedRequest[]
}

function introduce(simulator: Simulator): void {
  say(
    'Azure Monitor Private Link, from the pull request to telemetry that arrives privately.',
    `Azure, its sign-in and GitHub are simulated at ${simulator.url}; the action is dist/index.js, as GitHub runs it.`,
  )
  heading(`1. A pull request brings ${topologyFile}`)
  say(
    ...topology
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`.trimEnd()),
  )
}

async function plan(simulator: Simulator): Promise<Run> {
  heading('2. The action plans: the log of the job')
  const run = await follow(simulator, 'plan on the pull request', planJob)
  expect(run, run.job.outputs['result'] === 'changes', 'the plan has changes')
  expect(run, countRequests(run.requests, 'writes') === 0, 'the plan wrote nothing')
  const body = commentOf(simulator)
  expect(run, body !== '', 'the pull request has its comment')
  heading('3. The comment on the pull request')
  say(process.argv.includes('--markdown') ? body : comment(body))
  return run
}

async function apply(simulator: Simulator): Promise<Run> {
  heading('4. The merge: the push applies what was reviewed')
  say('  (A link takes 0.8 s here and 10 to 40 s in Azure; links are made one at a time.)')
  merge(simulator)
  const run = await follow(simulator, 'apply after the merge', applyJob)
  expect(run, run.job.outputs['result'] === 'applied', 'everything is applied')
  expect(run, isAsAsked(simulator), 'vm-02 has moved and ingestion is PrivateOnly')
  const [verdict = ''] = comment(commentOf(simulator)).trim().split('\n')
  say('', `  The comment on the pull request now begins with: ${verdict}`)
  return run
}

async function planAgain(simulator: Simulator): Promise<Run> {
  heading('5. Another plan: nothing left to do')
  const run = await follow(simulator, 'plan again', planAgainJob)
  expect(run, run.job.outputs['result'] === 'no-changes', 'the second plan is empty')
  expect(run, countRequests(run.requests, 'writes') === 0, 'the second plan wrote nothing')
  return run
}

async function verify(simulator: Simulator): Promise<Run> {
  heading('6. Ten minutes later: does telemetry arrive, and privately?')
  simulator.azure.knobs.clockOffsetMs += 10 * 60_000
  const run = await follow(simulator, 'verify', verifyJob)
  expect(run, run.job.outputs['result'] === 'receiving', 'everything that is expected arrives')
  expect(run, countRequests(run.requests, 'writes') === 0, 'verify wrote nothing')
  const shown = /\*\*Telemetry\*\*[^\n]*/.exec(commentOf(simulator))?.[0] ?? ''
  expect(run, shown.includes('2 arrived privately'), 'logs of both machines come privately')
  say('', `  The comment on the pull request now says: ${comment(shown).trim()}`)
  return run
}

async function follow(simulator: Simulator, name: string, job: Job): Promise<Run> {
  const before = simulator.azure.requests.length
  const begun = Date.now()
  const result = await followJob(simulator, job, (line) => {
    const shown = logLine(line)
    if (shown !== undefined) say(shown)
  })
  const seconds = (Date.now() - begun) / 1000
  const run = { name, job: result, seconds, requests: simulator.azure.requests.slice(before) }
  expect(run, result.exitCode === 0, 'the job succeeds')
  return run
}

function commentOf(simulator: Simulator): string {
  return simulator.github?.comments[0]?.body ?? ''
}

/** Checks the simulated Azure itself, not the action's report. */
function isAsAsked(simulator: Simulator): boolean {
  const propertiesOf = (ending: string): string =>
    JSON.stringify(
      simulator.azure
        .snapshot()
        .resources.find(({ id }) => id.toLowerCase().endsWith(ending.toLowerCase()))?.properties,
    ).toLowerCase()
  const endpoint = `/subscriptions/${subscription}/resourcegroups/rg-monitor/providers/microsoft.insights/datacollectionendpoints/dce-production-northeurope`
  return (
    propertiesOf(
      '/vm-02/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint',
    ).includes(endpoint) &&
    propertiesOf('/privateLinkScopes/ampls-hub').includes('"ingestionaccessmode":"privateonly"')
  )
}

/** Ends the demo with the whole log when a check fails. */
function expect(run: Pick<Run, 'job' | 'name'>, holds: boolean, what: string): void {
  if (holds) return
  const { stdout, stderr, outputs, exitCode } = run.job
  throw new Error(
    `NOT AS EXPECTED (${run.name}): that ${what}. Exit code ${exitCode ?? 'none'}, outputs ${JSON.stringify(outputs, null, 2)}\n${stdout}${stderr}`,
  )
}

function summarize(runs: readonly Run[]): void {
  heading('The cost: requests to Azure, and seconds')
  say(
    table([
      ['run', ...requestKinds, 'seconds', 'result'],
      ...runs.map((run) => [
        run.name,
        ...requestKinds.map((kind) => String(countRequests(run.requests, kind))),
        run.seconds.toFixed(1),
        run.job.outputs['result'] ?? '',
      ]),
    ]),
    '',
    'All as expected. The comment as Markdown: npm run demo -- --markdown',
  )
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
