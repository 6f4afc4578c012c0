import { afterEach, describe, expect, it } from '@jest/globals'
import { readBaseFile } from '../../src/github/baseFile.ts'
import { readRunContext, type RunContext } from '../../src/github/event.ts'
import { checkStanding } from '../../src/github/pullRequest.ts'
import { findReviewedPlan } from '../../src/github/reviewedPlan.ts'
import { commentMarker } from '../../src/render/carried/commentMarker.ts'
import { encodePlanData, type PlanData } from '../../src/render/carried/planData.ts'
import { sha256Hex } from '../../src/resources/id.ts'
import type { CommentSeed, GitHubSeed, PullSeed } from '../../simulator/github/state.ts'
import { serveGitHub, type ServedGitHub } from './serve.ts'

let served: ServedGitHub
afterEach(() => served.close())

const sha = 'c'.repeat(40)
const plan: PlanData = {
  formatVersion: 1,
  topology: 'production',
  fingerprint: `sha256:${sha256Hex('plan')}`,
  blocked: false,
  digests: ['AAAAAAAAAAAA'],
}
const bodyOf = (data: PlanData, topology = data.topology) =>
  `${commentMarker(topology)}\nThe plan\n\n${encodePlanData(data)}`
const reviewed: CommentSeed = { issue: 7, body: bodyOf(plan) }
const merged: PullSeed = { number: 7, mergedAt: '2026-01-02T00:00:00Z', mergeCommitSha: sha }

async function look(seed: Partial<GitHubSeed>, run: Partial<RunContext> = {}) {
  served = await serveGitHub({ pulls: [merged], comments: [reviewed], ...seed })
  return findReviewedPlan(served.client, { ...push(), ...run }, 'production')
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
    runId: 1,
    runAttempt: 1,
  })
}

describe('the reviewed plan of a push', () => {
  it('is in the comment on the pull request that was merged', async () => {
    expect(await look({})).toEqual({
      state: 'found',
      pullRequest: 7,
      commentUrl: 'https://github.com/octo-org/octo-repo/pull/7#issuecomment-3000000001',
      plan,
    })
  })

  it('may have been edited by us: each plan edits it', async () => {
    const comment = { ...reviewed, editedBy: 'github-actions[bot]' }
    expect(await look({ comments: [comment] })).toMatchObject({ state: 'found' })
  })

  it('is the newest of two', async () => {
    const newer = { ...plan, fingerprint: `sha256:${sha256Hex('newer')}` }
    expect(await look({ comments: [reviewed, { issue: 7, body: bodyOf(newer) }] })).toMatchObject({
      plan: { fingerprint: newer.fingerprint },
    })
  })

  it('is found behind many pull requests of the commit', async () => {
    const others = Array.from({ length: 120 }, (_, n) => ({
      number: 100 + n,
      mergedAt: '2026-01-03T00:00:00Z',
    }))
    const pulls = [...others, merged]
    const commitPulls = { [sha]: pulls.map(({ number }) => number) }
    expect(await look({ pulls, commitPulls })).toMatchObject({ state: 'found', pullRequest: 7 })
  })

  it('is of the pull request merged last, when none was merged as this commit', async () => {
    const pulls = [
      { ...merged, number: 6, mergeCommitSha: 'x', mergedAt: '2026-01-01T00:00:00Z' },
      { ...merged, mergeCommitSha: 'y' },
    ]
    expect(await look({ pulls, commitPulls: { [sha]: [6, 7] } })).toMatchObject({ pullRequest: 7 })
  })
})

describe('there is no reviewed plan', () => {
  it.each<[string, Partial<GitHubSeed>, string]>([
    [
      'of a commit pushed without a pull request',
      { pulls: [], commitPulls: { [sha]: [] }, comments: [] },
      'Commit ccccccc did not come into main by a pull request.',
    ],
    [
      'of a pull request that is open',
      { pulls: [{ number: 7 }], commitPulls: { [sha]: [7] } },
      'Commit ccccccc did not come into main by a pull request.',
    ],
    [
      'of a pull request merged into another branch',
      { pulls: [{ ...merged, base: { ref: 'release' } }], commitPulls: { [sha]: [7] } },
      'Commit ccccccc did not come into main by a pull request.',
    ],
    [
      'without a comment',
      { comments: [] },
      'Pull request #7 has no plan comment of this action for topology production.',
    ],
    [
      'in a comment by someone else',
      { comments: [{ ...reviewed, login: 'mallory' }] },
      'Pull request #7 has no plan comment of this action for topology production.',
    ],
    [
      'in a comment by a person called like us',
      { comments: [{ ...reviewed, login: 'github-actions' }] },
      'Pull request #7 has no plan comment of this action for topology production.',
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
      'The plan on pull request #7 was blocked, and a blocked plan is no review.',
    ],
    [
      'that can be read',
      { comments: [{ issue: 7, body: `${commentMarker('production')}\nThe plan` }] },
      'The plan comment on pull request #7 carries no plan that can be read.',
    ],
  ])('%s', async (_, seed, why) => {
    expect(await look(seed)).toMatchObject({ state: 'not-found', why })
  })

  it.each([
    [
      'the editor is gone',
      { editor: null, lastEditedAt: '2026-01-01T00:00:00Z' },
      'someone unknown',
    ],
    ['GitHub does not tell of edits', { editor: null }, 'someone unknown'],
  ])('when %s', async (_, node, who) => {
    const author = { login: 'github-actions', __typename: 'Bot' }
    expect(await lookAtHistory({ author, ...node })).toEqual({
      state: 'not-found',
      pullRequest: 7,
      why: `The plan comment on pull request #7 was edited by ${who} after this action wrote it.`,
    })
  })

  it('when GitHub says that we did not write it, whatever the names', async () => {
    const author = { login: 'github-actions', __typename: 'Bot' }
    const node = { author, lastEditedAt: null, viewerDidAuthor: false }
    expect(await lookAtHistory(node)).toMatchObject({ state: 'not-found' })
  })

  it('when the comment is deleted while we read it', async () => {
    expect(await lookAtHistory(null)).toMatchObject({
      why: 'The plan comment on pull request #7 was deleted while we read it.',
    })
  })

  it('but when GitHub can not be asked, that is an error', async () => {
    served = await serveGitHub({ pulls: [merged], comments: [reviewed] })
    served.github.addFault({ match: { path: /comments/ }, do: { status: 500 } })
    await expect(findReviewedPlan(served.client, push(), 'production')).rejects.toMatchObject({
      reason: 'github-error',
    })
  })
})

it('without viewerDidAuthor, the login tells', async () => {
  const author = { login: 'github-actions', __typename: 'Bot' }
  expect(await lookAtHistory({ author, lastEditedAt: null })).toMatchObject({ state: 'found' })
})

/** Looks while GraphQL tells this of the comment; who asks is answered first. */
async function lookAtHistory(history: object | null) {
  served = await serveGitHub({ pulls: [merged], comments: [reviewed] })
  const answer = (data: object) =>
    served.github.addFault({
      match: { path: /graphql/ },
      times: 1,
      do: { status: 200, body: { data } },
    })
  answer({ viewer: { login: 'github-actions[bot]' } })
  answer({ node: history && { body: reviewed.body, ...history } })
  return findReviewedPlan(served.client, push(), 'production')
}

describe('an event with a pull request needs no search', () => {
  const pullRequest = {
    number: 7,
    headSha: 'a',
    headRef: 'topic',
    baseSha: 'b',
    baseRef: 'main',
    merged: true,
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
        why: 'Pull request #7 is merged; its plan comment stays as it was reviewed.',
      },
    ],
    [
      'closed unmerged',
      { number: 7, head: { sha: 'a' }, state: 'closed' as const },
      { current: false, why: 'Pull request #7 is closed; its plan comment stays as it is.' },
    ],
  ])('%s', async (_, pull, expected) => {
    served = await serveGitHub({ pulls: [pull] })
    const event = { ...push(), number: 7, headSha: 'a', headRef: '', baseSha: '', baseRef: '' }
    const standing = checkStanding(served.client, {
      ...event,
      merged: false,
      fork: false,
      author: '',
    })
    expect(await standing).toEqual(expected)
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
    expect(found).toEqual({ state: 'unknown', why: expect.stringMatching(/^[A-Z].*\.$/) })
  })

  it('is unknown when it is a folder there', async () => {
    await open()
    expect(await readBaseFile(served.client, '.github', 'base')).toEqual({
      state: 'unknown',
      why: '.github is not a file there.',
    })
  })
})
