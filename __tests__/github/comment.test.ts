import { afterEach, describe, expect, it } from '@jest/globals'
import { GitHubError } from '../../src/errors.ts'
import { findSelf, isSameActor, readActor } from '../../src/github/actor.ts'
import { findExisting, postComment } from '../../src/github/postComment.ts'
import { postOnce } from '../../src/github/ownComments.ts'
import { commentMarker } from '../../src/render/carried/commentMarker.ts'
import type { GitHubSeed } from '../../simulator/github/state.ts'
import { serveGitHub, type ServedGitHub } from './serve.ts'

let served: ServedGitHub
afterEach(() => served.close())

const marker = commentMarker('production')
const text = (body: string) => `${marker}\n${body}`

async function open(seed: Partial<GitHubSeed> = {}): Promise<void> {
  served = await serveGitHub({ pulls: [{ number: 7 }, { number: 8 }], ...seed })
}

function post(body: string, more: { create?: boolean; topology?: string } = {}) {
  return postComment(served.client, {
    pullRequest: 7,
    topology: 'production',
    body,
    create: true,
    ...more,
  })
}

const bodies = () => served.github.comments.map(({ body }) => body)
const writes = () =>
  served.github.requests.filter(({ method, path }) => method !== 'GET' && path !== '/graphql')

describe('a comment that is written once', () => {
  it('is not written again by the same account', async () => {
    await open({ comments: [{ issue: 7, body: '<!-- x -->\nsomebody', login: 'octocat' }] })
    await expect(postOnce(served.client, 7, '<!-- x -->\none')).resolves.toBe(true)
    await expect(postOnce(served.client, 7, '<!-- x -->\ntwo')).resolves.toBe(false)
    await expect(postOnce(served.client, 7, '<!-- y -->\none')).resolves.toBe(true)
    expect(bodies()).toEqual(['<!-- x -->\nsomebody', '<!-- x -->\none', '<!-- y -->\none'])
  })
})

describe('the one comment of a topology', () => {
  it('is written when there is none', async () => {
    await open()
    const posted = await post('the plan')
    const [comment] = served.github.comments
    expect(comment).toMatchObject({ issue: 7, body: text('the plan') })
    expect(posted).toEqual({
      action: 'created',
      url: `https://github.com/octo-org/octo-repo/pull/7#issuecomment-${comment?.id ?? 0}`,
    })
  })

  it('is not given a second marker', async () => {
    await open()
    await post(text('the plan'))
    expect(bodies()).toEqual([text('the plan')])
  })

  it('is updated in place', async () => {
    await open({ comments: [{ issue: 7, body: text('old') }] })
    const [comment] = served.github.comments
    await expect(post('new')).resolves.toEqual({
      action: 'updated',
      url: `https://github.com/octo-org/octo-repo/pull/7#issuecomment-${comment?.id ?? 0}`,
      before: text('old'),
    })
    expect(bodies()).toEqual([text('new')])
  })

  it('is written to the comment that was found before', async () => {
    await open({ comments: [{ issue: 7, body: text('old') }] })
    const where = { pullRequest: 7, topology: 'production' }
    const existing = await findExisting(served.client, where)
    expect(existing.before).toBe(text('old'))
    const body = `${existing.before ?? ''} and more`
    await postComment(served.client, { ...where, existing, body, create: true })
    expect(bodies()).toEqual([text('old and more')])
  })

  it('replaces only the comment from when the name could not be read', async () => {
    const former = `${commentMarker('.github/a.yml')}\nno plan`
    await open({
      comments: [
        { issue: 7, body: former },
        { issue: 7, body: former, login: 'octocat' },
        { issue: 8, body: former },
      ],
    })
    await postComment(served.client, {
      pullRequest: 7,
      topology: 'production',
      body: 'the plan',
      create: true,
      formerly: '.github/a.yml',
    })
    expect(served.github.comments.map(({ issue, login }) => [issue, login])).toEqual([
      [7, 'octocat'],
      [8, 'github-actions[bot]'],
      [7, 'github-actions[bot]'],
    ])
  })

  it.each([
    ['the same', text('plan')],
    ['the same with line ends of Windows', text('plan').replaceAll('\n', '\r\n')],
    ['the same with blanks at its end', `${text('plan')}\n\n`],
  ])('is not rewritten when it says %s', async (_, body) => {
    await open({ comments: [{ issue: 7, body }] })
    await expect(post('plan')).resolves.toMatchObject({ action: 'unchanged' })
    expect(writes()).toEqual([])
  })

  it('is found behind hundreds of others', async () => {
    const others = Array.from({ length: 230 }, (_, n) => ({
      issue: 7,
      body: `comment ${n}`,
      login: 'octocat',
    }))
    await open({ comments: [...others, { issue: 7, body: text('old') }] })
    await expect(post('new')).resolves.toMatchObject({ action: 'updated' })
    expect(served.github.comments).toHaveLength(231)
  })

  it('is created again when it was deleted meanwhile', async () => {
    await open({ comments: [{ issue: 7, body: text('old') }] })
    served.github.addFault({
      match: { method: 'PATCH' },
      times: 1,
      do: { status: 404, body: { message: 'Not Found' } },
    })
    await expect(post('new')).resolves.toMatchObject({ action: 'created' })
  })

  it('is the newest of two', async () => {
    await open({
      comments: [
        { issue: 7, body: text('first') },
        { issue: 7, body: text('second') },
      ],
    })
    await post('new')
    expect(bodies()).toEqual([text('first'), text('new')])
  })

  it('is replaced when another account edited it and restored its text', async () => {
    await open({ comments: [{ issue: 7, body: text('plan'), editedBy: 'mallory' }] })
    const [old] = served.github.comments
    await expect(post('plan')).resolves.toMatchObject({ action: 'created' })
    expect(bodies()).toEqual([text('plan')])
    expect(served.github.comments[0]).toMatchObject({ lastEditedAt: null })
    expect(served.github.comments[0]?.id).not.toBe(old?.id)
  })

  it.each(['a"b-->c d/\u00e9.yml', '--><img src=x>', 'line\nbreak', '" -->\n<!-- x'])(
    'of a file called %j is found again, and the name does not break out of the marker',
    async (topology) => {
      await open()
      expect(commentMarker(topology)).toMatch(
        /^<!-- azure-monitor-private-link:comment topology="[^"<>\n]*" -->$/,
      )
      await post('old', { topology })
      await expect(post('new', { topology })).resolves.toMatchObject({ action: 'updated' })
    },
  )
})

describe('comments of others are left alone', () => {
  it.each([
    ['by a person', { issue: 7, body: text('old'), login: 'octocat' }],
    ['by a person with our name', { issue: 7, body: text('old'), login: 'github-actions' }],
    ['by another app', { issue: 7, body: text('old'), login: 'other[bot]' }],
    ['of another topology', { issue: 7, body: `${commentMarker('staging')}\nold` }],
    ['with the marker further down', { issue: 7, body: `quote\n${text('old')}` }],
    ['on another pull request', { issue: 8, body: text('old') }],
  ])('a comment %s', async (_, comment) => {
    await open({ comments: [comment] })
    await expect(post('new')).resolves.toMatchObject({ action: 'created' })
    expect(bodies()).toEqual([comment.body, text('new')])
  })
})

describe('when no comment may be created', () => {
  it('none is created', async () => {
    await open()
    await expect(post('new', { create: false })).resolves.toBeUndefined()
    expect(bodies()).toEqual([])
  })

  it('an existing comment is still updated', async () => {
    await open({ comments: [{ issue: 7, body: text('old') }] })
    await post('new', { create: false })
    expect(bodies()).toEqual([text('new')])
  })
})

describe('a fault during the write', () => {
  it('leaves one comment when the answer to a write was lost', async () => {
    await open()
    served.github.addFault({
      match: { method: 'POST', path: /comments/ },
      times: 1,
      do: 'reset-after-commit',
    })
    await expect(post('plan')).resolves.toMatchObject({ action: 'created' })
    expect(bodies()).toEqual([text('plan')])
  })

  it('leaves one comment when the write was lost', async () => {
    await open()
    served.github.addFault({ match: { method: 'POST', path: /comments/ }, times: 1, do: 'reset' })
    await post('plan')
    expect(bodies()).toEqual([text('plan')])
  })

  it('is an error for a warning when the job may not write', async () => {
    await open()
    served.github.knobs.readOnly = true
    await expect(post('plan')).rejects.toThrow(GitHubError)
  })

  it('is an error when writing fails repeatedly', async () => {
    await open()
    served.github.addFault({ match: { method: 'POST', path: /comments/ }, do: { status: 502 } })
    await expect(post('plan')).rejects.toMatchObject({ status: 502 })
  })
})

describe('our account', () => {
  it.each([
    ['a workflow', 'github-actions[bot]', { login: 'github-actions', isBot: true }],
    ['an app', 'my-app[bot]', { login: 'my-app', isBot: true }],
    ['a user, or an app that is not marked as one', 'octocat', { login: 'octocat' }],
  ])('%s, from viewer', async (_, login, self) => {
    await open({ login })
    await expect(findSelf(served.client)).resolves.toEqual(self)
  })

  it('a user, from GET /user when GraphQL is disabled', async () => {
    await open({ login: 'octocat' })
    served.github.addFault({ match: { path: /graphql/ }, do: { status: 404 } })
    await expect(findSelf(served.client)).resolves.toEqual({ login: 'octocat', isBot: false })
  })

  it('the workflow, by default', async () => {
    await open()
    served.github.addFault({ match: { path: /graphql/ }, do: { status: 403 } })
    await expect(findSelf(served.client)).resolves.toEqual({ login: 'github-actions', isBot: true })
  })

  it.each([
    [
      'REST and GraphQL name the same app',
      { login: 'a[bot]', type: 'Bot' },
      { login: 'a', __typename: 'Bot' },
      true,
    ],
    [
      'a person is named like an app',
      { login: 'a', type: 'User' },
      { login: 'a', __typename: 'Bot' },
      false,
    ],
    ['the case differs', { login: 'A' }, { login: 'a' }, true],
    ['the names differ', { login: 'a' }, { login: 'b' }, false],
  ])('%s', (_, a, b, same) => {
    const [first, second] = [readActor(a), readActor(b)]
    if (!first || !second) throw new Error('no actor')
    expect(isSameActor(first, second)).toBe(same)
  })

  it('undefined for a deleted account', () => {
    expect(readActor(null)).toBeUndefined()
  })
})
