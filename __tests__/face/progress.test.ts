import { afterEach, describe, expect, it } from '@jest/globals'
import type { Change } from '../../src/plan/plan.ts'
import { commands } from '../../src/commands/commands.ts'
import { createLog } from '../../src/job/log.ts'
import { encodePlanData } from '../../src/render/carried/planData.ts'
import { commentMarker } from '../../src/render/carried/commentMarker.ts'
import type { Run } from '../../src/run.ts'
import { makeShow, type Show } from '../../src/publish/liveComment.ts'
import { repository, serveGitHub, type ServedGitHub } from '../github/serve.ts'
import { outcome, plan, report } from '../render/builders.ts'
import { articleChanges } from '../render/situations.ts'
import { lastLine } from './comments.ts'

/** How often the comment of an apply is edited, and what it shows meanwhile. */

let served: ServedGitHub
afterEach(() => served.close())

const thePlan = plan(articleChanges)
const reviewed = {
  formatVersion: 1,
  topology: 'production',
  fingerprint: thePlan.fingerprint,
  blocked: false,
  salt: 'ab'.repeat(16),
  digests: [],
} as const

/** An apply that was reviewed on pull request 7, with a clock that the test controls. */
async function begin(): Promise<{ show: Show; turn: (seconds: number) => void; log: string[] }> {
  const body = `${commentMarker('production')}\n\nplanned\n\n${encodePlanData(reviewed)}`
  served = await serveGitHub({
    pulls: [{ number: 7, mergedAt: '2026-01-01T00:00:00Z', mergeCommitSha: 'merge' }],
    comments: [{ issue: 7, body }],
  })
  const log: string[] = []
  let now = 1_000_000
  const run: Run = {
    marks: new Map(),
    inputs: {
      command: 'apply',
      topologyFiles: ['x.yml'],
      egressFiles: [],
      cloud: 'AzureCloud',
      githubToken: 'x',
      comment: 'always',
      requireReviewedPlan: true,
      maxDeletes: 10,
      maxReplacements: 20,
      failOnDrift: true,
      verifyWindowMinutes: 15,
      verifyWaitMinutes: 0,
      failOnSilent: true,
      waitTimeoutMinutes: 30,
      maxConcurrency: 8,
      checkNetwork: true,
    },
    context: {
      event: 'push',
      action: '',
      command: 'apply',
      approval: 'reviewed',
      repository,
      sha: 'merge',
      ref: 'refs/heads/main',
      actor: 'octocat',
      isFork: false,
      isDependabot: false,
      runUrl: 'https://github.com/octo-org/octo-repo/actions/runs/1',
      workflow: '.github/workflows/private-link.yml',
      commits: [],
    },
    traits: commands.apply,
    log: createLog((line) => log.push(line)),
    connect: () => Promise.reject(new Error('nobody asks Azure here')),
    github: served.client,
    stop: new AbortController().signal,
    giveUp: new AbortController().signal,
    readFile: () => Promise.reject(new Error('nobody reads files here')),
    createFile: () => Promise.reject(new Error('nothing is written here')),
    env: {},
    clashes: new Map(),
    today: '2026-01-01',
  }
  const show = makeShow('x.yml', run, () => now)
  const review = { pullRequest: 7, commentUrl: '', plan: reviewed, groups: [], isApplied: false }
  show.review({ state: 'found', reviews: [review] })
  return { show, turn: (seconds) => void (now += seconds * 1000), log }
}

const progress = (count: number, running: readonly Change[] = []) => ({
  ended: articleChanges.slice(0, count).map((change) => outcome(change, 'done', 1000)),
  running,
})

const applied = report({
  command: 'apply',
  result: 'applied',
  plan: thePlan,
  outcomes: articleChanges.map((change) => outcome(change, 'done', 1000)),
})

/** The written headings, in order. */
const told = () =>
  served.github.requests
    .filter(({ method }) => method === 'PATCH')
    .map(({ body }) => /^## (.*)$/m.exec((JSON.parse(body) as { body: string }).body)?.[1])

/** Lets pending writes finish. */
const settle = async (count: number) => {
  for (let n = 0; n < 200 && told().length < count; n++) await new Promise((r) => setTimeout(r, 10))
}

describe('the progress of an apply', () => {
  it('is shown at the start and then at most once a minute', async () => {
    const { show, turn } = await begin()
    show.begin(thePlan)
    await settle(1)
    for (let second = 1; second <= 130; second++) {
      turn(1)
      show.progress(thePlan, progress(Math.floor(second / 15)))
      if (second === 60 || second === 120) await settle(1 + second / 60)
    }
    await show.finish(applied)
    expect(told()).toEqual([
      '⏳ production: applying, 0 of 12 changes done',
      '⏳ production: applying, 4 of 12 changes done',
      '⏳ production: applying, 8 of 12 changes done',
      '✅ production: 12 changes applied',
    ])
    const bodies = served.github.comments.map(({ body }) => lastLine(body))
    expect(bodies).toEqual([encodePlanData(reviewed)])
  })

  it('that GitHub was too slow for is not shown late', async () => {
    const { show, turn } = await begin()
    show.begin(thePlan)
    turn(60)
    show.progress(thePlan, progress(4))
    turn(60)
    show.progress(thePlan, progress(8))
    await show.finish(applied)
    expect(told()).toEqual([
      '⏳ production: applying, 8 of 12 changes done',
      '✅ production: 12 changes applied',
    ])
  })

  it('that cannot be written does not prevent the final comment', async () => {
    const { show, turn, log } = await begin()
    served.github.addFault({
      match: { method: 'PATCH' },
      times: 1,
      do: { status: 403, body: { message: 'Resource not accessible by integration' } },
    })
    show.begin(thePlan)
    await settle(1)
    turn(60)
    show.progress(thePlan, progress(4))
    await show.finish(applied)
    expect(told()).toEqual([
      '⏳ production: applying, 0 of 12 changes done',
      '✅ production: 12 changes applied',
    ])
    expect(log.join('')).toContain('Give the job the permission `pull-requests: write`')
  })
})
