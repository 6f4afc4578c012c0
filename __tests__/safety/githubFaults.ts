import { expandEstate } from '../../simulator/estate.ts'
import type { GitHubFault, GitHubFaultEffect } from '../../simulator/github/github.ts'
import { runOf, type Job, type JobResult } from '../../simulator/job/job.ts'
import type { Simulator } from '../../simulator/simulator.ts'
import {
  merge,
  opened,
  pullNumber,
  pushed,
  seedGitHub,
  topologyFile,
} from '../support/repository.ts'
import { judgeLog } from '../support/results.ts'
import { type Cell, messageOf } from './matrix.ts'
import { atMost, endOf, run, tallyOf, withSimulator } from './runs.ts'
import { hub, small } from './situations.ts'

interface GitHubClass {
  readonly name: string
  readonly match: GitHubFault['match']
  /** The job that makes the call: a first plan, a plan that finds its comment, an apply after the merge. */
  readonly job: 'first plan' | 'second plan' | 'push'
}

const comments = /\/issues\/\d+\/comments$/
const comment = /\/issues\/comments\/\d+$/

export const githubClasses: readonly GitHubClass[] = [
  {
    name: 'GitHub, plan: find the comment',
    match: { method: 'GET', path: comments },
    job: 'first plan',
  },
  { name: 'GitHub, plan: write it', match: { method: 'POST', path: comments }, job: 'first plan' },
  {
    name: 'GitHub, plan: bring it up to date',
    match: { method: 'PATCH', path: comment },
    job: 'second plan',
  },
  {
    name: 'GitHub, push: find the pull request',
    match: { method: 'GET', path: /\/commits\/[^/]+\/pulls$/ },
    job: 'push',
  },
  {
    name: 'GitHub, push: who am I, who edited it (GraphQL)',
    match: { path: /\/graphql$/ },
    job: 'push',
  },
  { name: 'GitHub, push: find the comment', match: { method: 'GET', path: comments }, job: 'push' },
  {
    name: 'GitHub, push: bring it up to date',
    match: { method: 'PATCH', path: comment },
    job: 'push',
  },
]

interface GitHubTrouble {
  readonly name: string
  readonly effect: GitHubFaultEffect
  readonly times?: number
}

const says = (status: number, message: string, headers: Readonly<Record<string, string>> = {}) => ({
  status,
  headers,
  body: { message, status: String(status) },
})
const page = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>'

export const githubTroubles: readonly GitHubTrouble[] = [
  { name: '408', effect: says(408, 'Request timed out'), times: 1 },
  {
    name: '429, Retry-After: 1',
    effect: says(429, 'Too many requests', { 'retry-after': '1' }),
    times: 1,
  },
  { name: '500', effect: says(500, 'Server Error'), times: 1 },
  { name: '502 with HTML', effect: { status: 502, body: page }, times: 1 },
  { name: '503', effect: says(503, 'Service unavailable'), times: 1 },
  { name: 'reset before', effect: 'reset', times: 1 },
  { name: 'reset after commit', effect: 'reset-after-commit', times: 1 },
  { name: 'hang', effect: 'hang', times: 1 },
  { name: '401', effect: says(401, 'Bad credentials') },
  { name: '403', effect: says(403, 'Resource not accessible by integration') },
  { name: '404', effect: says(404, 'Not Found') },
  { name: '503 for ever', effect: says(503, 'Service unavailable') },
]

const estate = expandEstate(hub)
const files = { [topologyFile]: small }

/** A fault, and the classes of one job that it applies to. */
interface Play {
  readonly trouble: GitHubTrouble
  readonly job: GitHubClass['job']
  readonly calls: readonly GitHubClass[]
}

/** A temporary fault applies to all calls of a job at once; a permanent one to each class in a separate job. */
function listPlays(): readonly Play[] {
  const jobs = [...new Set(githubClasses.map(({ job }) => job))]
  return githubTroubles.flatMap((trouble): readonly Play[] =>
    trouble.times === undefined
      ? githubClasses.map((call) => ({ trouble, job: call.job, calls: [call] }))
      : jobs.map((job) => ({
          trouble,
          job,
          calls: githubClasses.filter((call) => call.job === job),
        })),
  )
}

/** Runs every cell; returns violations and results. */
export async function githubMatrix(
  atATime: number,
): Promise<{ readonly broken: readonly string[]; readonly found: readonly Cell[] }> {
  const comment = await planComment()
  const played = await atMost(
    atATime,
    listPlays().map((one) => () => play(one, comment)),
  )
  return {
    broken: played.flatMap(({ problems }) => problems),
    found: played.flatMap(({ cells }) => cells),
  }
}

/** The comment of a plan of `small`. */
async function planComment(): Promise<string> {
  return await withSimulator({ estate, github: seedGitHub() }, async (simulator) => {
    await run(simulator, opened(files))
    return simulator.github?.comments[0]?.body ?? ''
  })
}

async function play(
  { trouble, job, calls }: Play,
  comment: string,
): Promise<{ readonly cells: readonly Cell[]; readonly problems: readonly string[] }> {
  const comments = job === 'first plan' ? [] : [{ issue: pullNumber, body: comment }]
  const github = { ...seedGitHub(), comments }
  return await withSimulator({ estate, github }, async (simulator) => {
    // The run that wrote the comment, which an apply checks with GitHub.
    const written = simulator.github?.state.startRun(runOf(simulator, opened(files)))
    if (written !== undefined) simulator.github?.state.endRun(written.id, 'success')
    if (job === 'push') merge(simulator)
    for (const { match } of calls) {
      simulator.github?.addFault({
        match,
        do: trouble.effect,
        ...(trouble.times === undefined ? {} : { times: trouble.times }),
      })
    }
    const result = await run(simulator, jobs[job])
    const outcome = outcomeOf(job, result)
    const tally = job === 'push' ? { tally: tallyOf(result) } : {}
    const message = messageOf(result)
    const problems = judgePlay({ trouble, job, calls }, { simulator, result, outcome })
    const names = calls.map(({ name }) => name).join(' + ')
    return {
      cells: calls.map(({ name }) => ({
        row: name,
        column: trouble.name,
        outcome,
        message,
        ...tally,
      })),
      problems: problems.map((problem) => `${trouble.name}, ${names}: ${problem}`),
    }
  })
}

const jobs: Readonly<Record<GitHubClass['job'], Job>> = {
  'first plan': opened(files),
  // A different plan: one machine was removed from the file.
  'second plan': opened({ [topologyFile]: small.replace('  - rg-app/vm-03\n', '') }),
  push: pushed(files),
}

function outcomeOf(job: GitHubClass['job'], result: JobResult): string {
  const { result: end, reason } = endOf(result)
  const isFine = end === (job === 'push' ? 'applied' : 'changes')
  if (!isFine) return `${end === 'partial' ? '◐' : '❌'} ${reason}`
  return messageOf(result) === '' ? '✅' : '⚠️'
}

function judgePlay(
  { trouble, job, calls }: Play,
  seen: {
    readonly simulator: Simulator
    readonly result: JobResult
    readonly outcome: string
  },
): readonly string[] {
  const { simulator, result, outcome } = seen
  const { comments: written = [] } = simulator.github ?? {}
  const isRiddenOut = trouble.times !== undefined
  return [
    ...(/bug in the action/i.test(result.stdout + result.summary)
      ? ['it takes itself for a bug']
      : []),
    ...(result.file('plan-json') === '' ? ['the plan is lost'] : []),
    ...(isRiddenOut && outcome !== '✅'
      ? [`it is not ridden out: ${outcome}, ${messageOf(result)}`]
      : []),
    ...(isRiddenOut && written.length !== 1 ? [`there are ${written.length} comments`] : []),
    ...(outcome.startsWith('✅') || messageOf(result) !== '' ? [] : ['nothing is said of it']),
    ...calls.filter((call) => !wasStruck(simulator, call)).map((call) => `${call.name} was spared`),
    ...(job === 'push' || endOf(result).exitCode === 0 ? [] : ['a plan fails for its comment']),
    ...judgeLog(result, simulator),
  ]
}

function wasStruck({ github }: Simulator, { match }: GitHubClass): boolean {
  return (github?.requests ?? []).some(
    ({ method, path }) =>
      (match.method === undefined || match.method === method) && match.path?.test(path) === true,
  )
}
