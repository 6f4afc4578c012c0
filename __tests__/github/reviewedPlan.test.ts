import { afterEach, describe, expect, it } from '@jest/globals'
import { readBaseFile } from '../../src/github/baseFile.ts'
import { readRunContext, type RunContext } from '../../src/github/event.ts'
import { checkWritable } from '../../src/github/pullRequest.ts'
import { findReviewedPlan } from '../../src/github/reviewedPlan.ts'
import { commentMarker } from '../../src/render/carried/commentMarker.ts'
import { encodePlanData, type PlanData } from '../../src/render/carried/planData.ts'
import { sha256Hex } from '../../src/resources/id.ts'
import type { CommentSeed, GitHubSeed, PullSeed, RunSeed } from '../../simulator/github/state.ts'
import { serveGitHub, type ServedGitHub } from './serve.ts'

let served: ServedGitHub
afterEach(() => served.close())

const sha = 'c'.repeat(40)
const head = 'd'.repeat(40)
const workflow = '.github/workflows/private-link.yml'
const plan: PlanData = {
  formatVersion: 1,
  topology: 'production',
  fingerprint: `sha256:${sha256Hex('plan')}`,
  blocked: false,
  salt: 'ab'.repeat(16),
  digests: ['cd'.repeat(16)],
  run: { id: 4711, attempt: 1 },
}
const bodyOf = (data: PlanData, topology = data.topology) =>
  `${commentMarker(topology)}\nThe plan\n\n${encodePlanData(data)}`
const search = { topology: 'production', file: 'x.yml' }
const reviewed: CommentSeed = { issue: 7, body: bodyOf(plan) }
const merged: PullSeed = {
  number: 7,
  mergedAt: '2026-01-02T00:00:00Z',
  mergeCommitSha: sha,
  head: { sha: head },
}

async function look(seed: Partial<GitHubSeed>, run: Partial<RunContext> = {}) {
  served = await serveGitHub({ pulls: [merged], comments: [reviewed], ...seed })
  startRuns()
  return findReviewedPlan(served.client, { ...push(), ...run }, search)
}

/** The finished run that made the plan, and the running one that applies it. */
function startRuns(plan: Partial<RunSeed> = {}): void {
  const { state } = served.github
  const run = { event: 'pull_request', path: workflow, headSha: head, headBranch: 'topic' }
  state.startRun({ ...run, ...plan })
  state.endRun(4711, 'success')
  state.startRun({ event: 'push', path: workflow, headSha: sha, headBranch: 'main' })
}

function push(): RunContext {
  return readRunContext('auto', true, {
    eventName: 'push',
    payload: { repository: { default_branch: 'main' } },
    sha,
    ref: 'refs/heads/main',
    actor: 'octocat',
    repository: 'octo-org/octo-repo',
    serverUrl: 'https://github.com',
    runId: 4712,
    runAttempt: 1,
    workflowRef: `octo-org/octo-repo/${workflow}@refs/heads/main`,
  })
}

describe('the reviewed plan of a push', () => {
  it('is in the comment on the pull request that was merged', async () => {
    expect(await look({})).toEqual({
      state: 'found',
      reviews: [
        {
          pullRequest: 7,
          commentUrl: 'https://github.com/octo-org/octo-repo/pull/7#issuecomment-3000000001',
          plan,
          groups: [],
          isApplied: false,
        },
      ],
    })
  })

  it('may have been edited by us, as each plan does', async () => {
    const comment = { ...reviewed, editedBy: 'github-actions[bot]' }
    expect(await look({ comments: [comment] })).toMatchObject({ state: 'found' })
  })

  it('is the newest of two', async () => {
    const newer = { ...plan, fingerprint: `sha256:${sha256Hex('newer')}` }
    expect(await look({ comments: [reviewed, { issue: 7, body: bodyOf(newer) }] })).toMatchObject({
      reviews: [{ plan: { fingerprint: newer.fingerprint } }],
    })
  })

  it('is found behind many pull requests of the commit', async () => {
    const others = Array.from({ length: 120 }, (_, n) => ({
      number: 100 + n,
      mergedAt: '2026-01-03T00:00:00Z',
    }))
    const pulls = [...others, merged]
    const commitPulls = { [sha]: pulls.map(({ number }) => number) }
    expect(await look({ pulls, commitPulls })).toMatchObject({
      state: 'found',
      reviews: [{ pullRequest: 7 }],
    })
  })

  it('belongs to the pull request merged last if none was merged as this commit', async () => {
    const pulls = [
      { ...merged, number: 6, mergeCommitSha: 'x', mergedAt: '2026-01-01T00:00:00Z' },
      { ...merged, mergeCommitSha: 'y' },
    ]
    expect(await look({ pulls, commitPulls: { [sha]: [6, 7] } })).toMatchObject({
      reviews: [{ pullRequest: 7 }],
    })
  })
})

describe('there is no reviewed plan', () => {
  it.each<[string, Partial<GitHubSeed>, string]>([
    [
      'of a commit pushed without a pull request',
      { pulls: [], commitPulls: { [sha]: [] }, comments: [] },
      'GitHub shows no pull request for commit ccccccc. Either it was pushed directly to main, or GitHub does not show it yet; then run the job again.',
    ],
    [
      'of a pull request that is open',
      { pulls: [{ number: 7 }], commitPulls: { [sha]: [7] } },
      'Commit ccccccc did not reach main through a pull request.',
    ],
    [
      'of a pull request merged into another branch',
      { pulls: [{ ...merged, base: { ref: 'release' } }], commitPulls: { [sha]: [7] } },
      'Commit ccccccc did not reach main through a pull request.',
    ],
    [
      'without a comment',
      { comments: [] },
      'Pull request #7 has no plan comment of this action for topology production.',
    ],
    [
      'in a comment by someone else',
      { comments: [{ ...reviewed, login: 'mallory' }] },
      "Pull request #7 has a plan comment by mallory; this job's token writes as github-actions[bot] and trusts only its own comments.",
    ],
    [
      'in a comment by a person called like us',
      { comments: [{ ...reviewed, login: 'github-actions' }] },
      "Pull request #7 has a plan comment by github-actions; this job's token writes as github-actions[bot] and trusts only its own comments.",
    ],
    [
      'in the comment of another topology',
      { comments: [{ issue: 7, body: bodyOf({ ...plan, topology: 'staging' }) }] },
      'Pull request #7 has no plan comment of this action for topology production.',
    ],
    [
      'for another topology, in our comment',
      { comments: [{ issue: 7, body: bodyOf({ ...plan, topology: 'staging' }, 'production') }] },
      'The plan comment on pull request #7 is for topology staging, not production.',
    ],
    [
      'that someone edited',
      { comments: [{ ...reviewed, editedBy: 'mallory' }] },
      'The plan comment on pull request #7 was edited by mallory after this action wrote it.',
    ],
    [
      'that a person called like us edited',
      { comments: [{ ...reviewed, editedBy: 'github-actions' }] },
      'The plan comment on pull request #7 was edited by github-actions after this action wrote it.',
    ],
    [
      'that someone edited, with an older one beside it',
      { comments: [reviewed, { ...reviewed, editedBy: 'mallory' }] },
      'The plan comment on pull request #7 was edited by mallory after this action wrote it.',
    ],
    [
      'that was blocked',
      { comments: [{ issue: 7, body: bodyOf({ ...plan, blocked: true }) }] },
      'The plan on pull request #7 was blocked, and a blocked plan does not count as a review.',
    ],
    [
      'that can be read',
      { comments: [{ issue: 7, body: `${commentMarker('production')}\nThe plan` }] },
      'The plan comment on pull request #7 holds no readable plan.',
    ],
  ])('%s', async (_, seed, why) => {
    expect(await look(seed)).toMatchObject({ state: 'not-found', why })
  })

  it.each([
    [
      'the editor is gone',
      { editor: null, lastEditedAt: '2026-01-01T00:00:00Z' },
      'an unknown account',
    ],
    ['GitHub does not show edits', { editor: null }, 'an unknown account'],
  ])('when %s', async (_, node, who) => {
    const author = { login: 'github-actions', __typename: 'Bot' }
    expect(await lookAtHistory({ author, ...node })).toEqual({
      state: 'not-found',
      pullRequest: 7,
      why: `The plan comment on pull request #7 was edited by ${who} after this action wrote it.`,
    })
  })

  it('when GitHub says that another account wrote it, despite the same name', async () => {
    const author = { login: 'github-actions', __typename: 'Bot' }
    const node = { author, lastEditedAt: null, viewerDidAuthor: false }
    expect(await lookAtHistory(node)).toMatchObject({ state: 'not-found' })
  })

  it('when the comment is deleted while we read it', async () => {
    expect(await lookAtHistory(null)).toMatchObject({
      why: 'The plan comment on pull request #7 was deleted while it was being read.',
    })
  })

  it('but an unreachable GitHub is an error', async () => {
    served = await serveGitHub({ pulls: [merged], comments: [reviewed] })
    served.github.addFault({ match: { path: /comments/ }, do: { status: 500 } })
    await expect(findReviewedPlan(served.client, push(), search)).rejects.toMatchObject({
      reason: 'github-error',
    })
  })
})

describe('the origin of the comment', () => {
  const from = async (run: Partial<RunSeed>, more: Partial<PlanData> = {}) => {
    const body = bodyOf({ ...plan, ...more })
    served = await serveGitHub({ pulls: [merged], comments: [{ issue: 7, body }] })
    startRuns(run)
    return findReviewedPlan(served.client, push(), search)
  }
  const edit = (text = bodyOf(plan)) => {
    const [comment] = served.github.comments
    served.github.editComment(comment?.id ?? 0, `${text} `, served.github.state.login)
  }

  it.each<[string, Partial<RunSeed>, Partial<PlanData>, string]>([
    ['another event', { event: 'workflow_dispatch' }, {}, 'made by a run of workflow_dispatch'],
    [
      'pull_request_target',
      { event: 'pull_request_target' },
      {},
      'only a run of pull_request counts as a review',
    ],
    [
      'another workflow',
      { path: '.github/workflows/ci.yml' },
      {},
      'not by .github/workflows/private-link.yml',
    ],
    [
      'another commit',
      { headSha: 'e'.repeat(40) },
      {},
      'was made for commit eeeeeee, but ddddddd was merged',
    ],
    [
      'a run that there is not',
      {},
      { run: { id: 99, attempt: 1 } },
      'names run 99, which does not exist',
    ],
    [
      'an attempt that there was not',
      {},
      { run: { id: 4711, attempt: 2 } },
      'names run 4711, which does not exist',
    ],
  ])('%s: is refused', async (_, run, more, why) => {
    expect(await from(run, more)).toMatchObject({
      state: 'not-found',
      why: expect.stringContaining(why),
    })
  })

  it('without a run: is refused', async () => {
    const { formatVersion, topology, fingerprint, blocked, salt } = plan
    const anonymous = { formatVersion, topology, fingerprint, blocked, salt }
    served = await serveGitHub({
      pulls: [merged],
      comments: [{ issue: 7, body: bodyOf(anonymous) }],
    })
    startRuns()
    expect(await findReviewedPlan(served.client, push(), search)).toMatchObject({
      why: 'The plan comment on pull request #7 names no run that made it.',
    })
  })

  it('with a full workflow path including the branch, as GitHub writes it', async () => {
    const path = `octo-org/octo-repo/${workflow}@main`
    expect(await from({ path })).toMatchObject({ state: 'found' })
  })

  it('edited by our own account after the end of its run: is refused', async () => {
    await look({})
    edit()
    expect(await findReviewedPlan(served.client, push(), search)).toMatchObject({
      why: 'The plan comment on pull request #7 was edited after the run that it names had ended.',
    })
  })

  it('edited after the end of an attempt that GitHub does not show: is refused', async () => {
    await look({})
    // Another attempt is running; its end is not the end of the attempt that made the plan.
    const run = { event: 'pull_request', path: workflow, headSha: head, headBranch: 'topic' }
    served.github.state.startRun(run, 4711)
    served.github.addFault({ match: { path: /attempts\/1$/ }, do: { status: 404 } })
    edit()
    expect(await findReviewedPlan(served.client, push(), search)).toMatchObject({
      state: 'not-found',
    })
  })

  it('edited by the run that applies it: is accepted until the end of that run', async () => {
    await look({})
    edit(bodyOf({ ...plan, wrote: { id: 4712, attempt: 1 } }))
    expect(await findReviewedPlan(served.client, push(), search)).toMatchObject({ state: 'found' })
    served.github.state.endRun(4712, 'failure')
    expect(await findReviewedPlan(served.client, push(), search)).toMatchObject({ state: 'found' })
    edit(bodyOf({ ...plan, wrote: { id: 4712, attempt: 1 }, blocked: false }) + ' ')
    expect(await findReviewedPlan(served.client, push(), search)).toMatchObject({
      state: 'not-found',
    })
    // An edit between two attempts doesn't belong to the next one.
    const { state } = served.github
    state.startRun({ event: 'push', path: workflow, headSha: sha, headBranch: 'main' }, 4712)
    const again = { ...push(), run: { id: 4712, attempt: 2 } }
    expect(await findReviewedPlan(served.client, again, search)).toMatchObject({
      state: 'not-found',
    })
  })

  it.each<[string, Partial<RunSeed>]>([
    ['of another commit', { headSha: 'e'.repeat(40) }],
    ['on another branch', { headBranch: 'topic' }],
    ['by hand', { event: 'workflow_dispatch' }],
  ])('edited by a run %s: is refused', async (_, run) => {
    await look({})
    const { state } = served.github
    const apply = { event: 'push', path: workflow, headSha: sha, headBranch: 'main' }
    state.startRun({ ...apply, ...run }, 5000)
    edit(bodyOf({ ...plan, wrote: { id: 5000, attempt: 1 } }))
    expect(await findReviewedPlan(served.client, push(), search)).toMatchObject({
      state: 'not-found',
    })
  })

  it.each(['refuses to show runs', 'shows no runs at all'])(
    'GitHub %s: is believed, and told',
    async (how) => {
      await look({})
      if (how === 'refuses to show runs') served.github.knobs.actions = false
      else served.github.state.runs.length = 0
      expect(await findReviewedPlan(served.client, push(), search)).toMatchObject({
        state: 'found',
        reviews: [{ unconfirmed: expect.stringMatching(/\.$/) }],
      })
    },
  )
})

describe('seconds after the merge', () => {
  it('GitHub is queried again for 20 s', async () => {
    served = await serveGitHub({ pulls: [merged], comments: [reviewed] })
    startRuns()
    served.github.knobs.lateAssociation = 6
    expect(await findReviewedPlan(served.client, push(), search)).toMatchObject({ state: 'found' })
    expect(served.waits).toEqual([1000, 2000, 3000, 4000, 5000, 5000])
  })

  it('and no longer', async () => {
    served = await serveGitHub({ pulls: [merged], comments: [reviewed] })
    startRuns()
    served.github.knobs.lateAssociation = 7
    expect(await findReviewedPlan(served.client, push(), search)).toMatchObject({
      state: 'not-found',
    })
  })
})

describe('reviews since the last apply', () => {
  const old = 'e'.repeat(40)
  const older = 'f'.repeat(40)
  const shown = (situation: string) =>
    `<!-- azure-monitor-private-link:shown {"v":1,"situation":"${situation}","d":[0,""],"r":[0,""],"e":[0,""]} -->`
  const commentOf = (issue: number, situation: string): CommentSeed => ({
    issue,
    body: `${commentMarker('production')}\nThe plan\n\n${shown(situation)}\n\n${encodePlanData({ ...plan, run: { id: 4700 + issue, attempt: 1 } })}`,
  })
  const pull = (number: number, mergeCommitSha: string): PullSeed => ({
    number,
    mergedAt: '2026-01-02T00:00:00Z',
    mergeCommitSha,
    head: { sha: String(number).repeat(40) },
  })

  /** Pull requests 5, 6 and 7 were merged in that order; their comments show these situations. */
  async function search567(five: string, six: string, seven: string, wanted: number) {
    served = await serveGitHub({
      pulls: [pull(5, older), pull(6, old), pull(7, sha)],
      comments: [commentOf(5, five), commentOf(6, six), commentOf(7, seven)],
      commits: [older, old, sha].map((one) => ({
        sha: one,
        date: '2026-01-02T00:00:00Z',
        paths: ['x.yml'],
      })),
    })
    for (const number of [5, 6, 7]) {
      const run = { event: 'pull_request', path: workflow, headBranch: 'topic' }
      served.github.state.startRun({ ...run, headSha: String(number).repeat(40) }, 4700 + number)
    }
    served.github.state.startRun(
      { event: 'push', path: workflow, headSha: sha, headBranch: 'main' },
      4712,
    )
    const isEnough = (reviews: readonly unknown[]) => reviews.length >= wanted
    const found = await findReviewedPlan(served.client, push(), { ...search, isEnough })
    return found.state === 'found' ? found.reviews.map(({ pullRequest }) => pullRequest) : found
  }

  it.each<[string, [string, string, string], number, number[]]>([
    ['are as many as needed', ['planned', 'planned', 'planned'], 1, [7]],
    ['go back as far as needed', ['planned', 'planned', 'planned'], 9, [7, 6, 5]],
    ['end at an applied one', ['planned', 'applied', 'planned'], 9, [7]],
    ['continue past a partially applied one', ['planned', 'partial', 'planned'], 9, [7, 6, 5]],
    ['are only the own one if that was applied', ['planned', 'planned', 'applied'], 9, [7]],
  ])('%s', async (_, situations, wanted, numbers) => {
    expect(await search567(...situations, wanted)).toEqual(numbers)
  })
})

it('without viewerDidAuthor, the login decides', async () => {
  const author = { login: 'github-actions', __typename: 'Bot' }
  expect(await lookAtHistory({ author, lastEditedAt: null })).toMatchObject({ state: 'found' })
})

/** Searches while GraphQL returns this history of the comment, after the query for our account. */
async function lookAtHistory(history: object | null) {
  served = await serveGitHub({ pulls: [merged], comments: [reviewed] })
  startRuns()
  const answer = (data: object) =>
    served.github.addFault({
      match: { path: /graphql/ },
      times: 1,
      do: { status: 200, body: { data } },
    })
  answer({ viewer: { login: 'github-actions[bot]' } })
  answer({ node: history && { body: reviewed.body, ...history } })
  return findReviewedPlan(served.client, push(), search)
}

describe('an event with a pull request needs no search', () => {
  const pullRequest = {
    number: 7,
    headSha: head,
    headRef: 'topic',
    baseSha: 'b',
    baseRef: 'main',
    merged: true,
    mergeCommit: sha,
    fork: false,
    author: 'octocat',
  }

  it.each([
    ['merged', pullRequest, { state: 'found' }],
    [
      'open',
      { ...pullRequest, merged: false },
      { state: 'not-found', why: 'Pull request #7 is not merged.' },
    ],
    [
      'merged elsewhere',
      { ...pullRequest, baseRef: 'release' },
      { state: 'not-found', why: 'Pull request #7 was merged into release, not into main.' },
    ],
  ])('%s', async (_, pull, expected) => {
    expect(await look({}, { pullRequest: pull })).toMatchObject(expected)
    expect(served.github.requests.some(({ path }) => path.includes('/commits/'))).toBe(false)
  })
})

describe('whether a plan may still be shown on its pull request', () => {
  it.each([
    ['open at the same commit', { number: 7, head: { sha: 'a' } }, { current: true }],
    [
      'with newer commits',
      { number: 7, head: { sha: 'newer' } },
      {
        current: false,
        why: 'Pull request #7 has newer commits; their run writes the plan comment.',
      },
    ],
    [
      'merged',
      { ...merged, head: { sha: 'a' } },
      {
        current: false,
        why: 'Pull request #7 is merged, and its plan comment is the review.',
      },
    ],
    [
      'closed unmerged',
      { number: 7, head: { sha: 'a' }, state: 'closed' as const },
      { current: false, why: 'Pull request #7 is closed.' },
    ],
  ])('%s', async (_, pull, expected) => {
    served = await serveGitHub({ pulls: [pull] })
    const event = { ...push(), number: 7, headSha: 'a', headRef: '', baseSha: '', baseRef: '' }
    const writable = checkWritable(served.client, {
      ...event,
      merged: false,
      mergeCommit: '',
      fork: false,
      author: '',
    })
    expect(await writable).toEqual(expected)
  })
})

describe('a topology file as the base branch has it', () => {
  const path = '.github/a folder/größe#1?.yml'
  const open = async () => {
    served = await serveGitHub({ files: { base: { [path]: 'version: 1\n', 'README.md': '' } } })
  }

  it('is read, whatever its name', async () => {
    await open()
    expect(await readBaseFile(served.client, path, 'base')).toEqual({
      state: 'found',
      text: 'version: 1\n',
    })
  })

  it('is absent when the repository can be listed there', async () => {
    await open()
    expect(await readBaseFile(served.client, 'new.yml', 'base')).toEqual({ state: 'absent' })
  })

  it.each([
    ['the commit is not known', (github: ServedGitHub['github']) => [github, 'other'] as const],
    [
      'the token may not read',
      (github: ServedGitHub['github']) => {
        github.knobs.hidden = true
        return [github, 'base'] as const
      },
    ],
    [
      'GitHub has a fault',
      (github: ServedGitHub['github']) => {
        github.addFault({ match: { path: /contents\/.+/ }, do: { status: 500 } })
        return [github, 'base'] as const
      },
    ],
    ['the event names no commit', (github: ServedGitHub['github']) => [github, ''] as const],
  ])('is unknown when %s', async (_, prepare) => {
    await open()
    const [, commit] = prepare(served.github)
    const found = await readBaseFile(served.client, path, commit)
    expect(found).toMatchObject({ state: 'unknown', why: expect.stringMatching(/^[A-Z].*\.$/) })
  })

  it('is unknown when it is a folder there', async () => {
    await open()
    expect(await readBaseFile(served.client, '.github', 'base')).toEqual({
      state: 'unknown',
      why: '.github is not a file there.',
    })
  })
})
