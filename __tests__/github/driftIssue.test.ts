import { afterEach, describe, expect, it } from '@jest/globals'
import { GitHubError } from '../../src/errors.ts'
import {
  type IssueRequest,
  explainIssueFailure,
  issueLabel,
  keepIssue,
} from '../../src/github/keepIssue.ts'
import { driftMarker } from '../../src/render/carried/driftMarker.ts'
import { serveGitHub, type ServedGitHub } from './serve.ts'

let served: ServedGitHub
afterEach(() => served.close())

const marker = driftMarker('production')
const body = (text: string) => `${marker}\n\n${text}`
const title = 'Azure differs'

async function open(): Promise<void> {
  served = await serveGitHub({ pulls: [{ number: 7 }] })
}

function keep(text: string | undefined, topology = 'production') {
  const marked = text === undefined ? undefined : `${driftMarker(topology)}\n\n${text}`
  const request: IssueRequest = {
    marker: driftMarker(topology),
    farewell: 'It is as it should be.',
    ...(marked !== undefined && { open: { title, body: marked } }),
  }
  return keepIssue(served.client, request)
}

const issues = () => served.github.issues.map(({ number, body, state }) => [number, state, body])
const writes = () =>
  served.github.requests
    .filter(({ method, path }) => method !== 'GET' && path !== '/graphql')
    .map(({ method, path }) => `${method} ${path.replace('/repos/octo-org/octo-repo', '')}`)

describe('the one issue on the drift of a topology', () => {
  it('is opened with its label when there is none', async () => {
    await open()
    await expect(keep('drift')).resolves.toEqual({
      action: 'opened',
      url: 'https://github.com/octo-org/octo-repo/issues/8',
    })
    expect(served.github.issues).toMatchObject([
      { number: 8, title, body: body('drift'), labels: [issueLabel], state: 'open' },
    ])
  })

  it('is not opened without drift', async () => {
    await open()
    await expect(keep(undefined)).resolves.toBeUndefined()
    expect(issues()).toEqual([])
  })

  it('is updated in place', async () => {
    await open()
    await keep('drift')
    await expect(keep('more drift')).resolves.toMatchObject({ action: 'updated' })
    expect(issues()).toEqual([[8, 'open', body('more drift')]])
  })

  it('is not rewritten when it says the same', async () => {
    await open()
    await keep('drift')
    const before = writes().length
    await expect(keep('drift')).resolves.toMatchObject({ action: 'unchanged' })
    expect(writes()).toHaveLength(before)
  })

  it('is closed with a comment', async () => {
    await open()
    await keep('drift')
    await expect(keep(undefined)).resolves.toMatchObject({ action: 'closed' })
    expect(served.github.issues).toMatchObject([{ state: 'closed', stateReason: 'completed' }])
    expect(served.github.comments).toMatchObject([{ issue: 8, body: 'It is as it should be.' }])
    await expect(keep(undefined)).resolves.toBeUndefined()
    expect(served.github.comments).toHaveLength(1)
  })

  it('is reopened if we closed it', async () => {
    await open()
    await keep('drift')
    await keep(undefined)
    await expect(keep('drift')).resolves.toMatchObject({ action: 'reopened' })
    expect(issues()).toEqual([[8, 'open', body('drift')]])
  })

  it('stays closed if a user closed it, until the drift changes', async () => {
    await open()
    await keep('drift')
    served.github.state.turnIssue(8, 'closed', 'octocat', 'not_planned')
    await expect(keep('drift')).resolves.toMatchObject({ action: 'left closed' })
    await expect(keep('other drift')).resolves.toMatchObject({ action: 'opened' })
    expect(issues()).toEqual([
      [8, 'closed', body('drift')],
      [9, 'open', body('other drift')],
    ])
  })

  it('is found behind hundreds of others, even when closed', async () => {
    await open()
    await keep('drift')
    await keep(undefined)
    for (let n = 0; n < 250; n++) {
      served.github.state.addIssue(`Issue ${n}`, 'x', [issueLabel], 'octocat')
    }
    await expect(keep('drift')).resolves.toMatchObject({ action: 'reopened' })
    expect(served.github.issues).toHaveLength(251)
  })

  it('is found, and labelled again, when its label was removed', async () => {
    await open()
    await keep('drift')
    const [issue] = served.github.issues
    if (issue) issue.labels = ['ops']
    await expect(keep('drift')).resolves.toMatchObject({ action: 'updated' })
    expect(served.github.issues).toMatchObject([{ labels: ['ops', issueLabel] }])
  })

  it('is not one of another author or another topology', async () => {
    await open()
    served.github.state.addIssue(title, body('forged'), [issueLabel], 'mallory')
    await keep('drift in staging', 'staging')
    await expect(keep('drift')).resolves.toMatchObject({ action: 'opened' })
    expect(served.github.issues.map((issue) => issue.body)).toEqual([
      body('forged'),
      `${driftMarker('staging')}\n\ndrift in staging`,
      body('drift'),
    ])
  })

  it('is closed in all its copies', async () => {
    await open()
    for (const text of ['one', 'two']) {
      served.github.state.addIssue(title, body(text), [issueLabel], 'github-actions[bot]')
    }
    await keep(undefined)
    expect(issues().map(([, state]) => state)).toEqual(['closed', 'closed'])
  })
})

describe('an issue that cannot be written', () => {
  it('says which permission is missing', async () => {
    await open()
    served.github.knobs.readOnly = true
    const error = await keep('drift').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(GitHubError)
    expect(explainIssueFailure(error as GitHubError)).toBe(
      'Could not write the issue: GitHub answered 403: Resource not accessible by integration. Give the job the permission `issues: write`; pull requests from forks and Dependabot never get it.',
    )
  })

  it('says when the repository has none', async () => {
    await open()
    served.github.addFault({
      match: { method: 'GET', path: /\/issues$/ },
      do: { status: 410, body: { message: 'Issues are disabled for this repo' } },
    })
    const error = await keep('drift').catch((thrown: unknown) => thrown)
    expect(explainIssueFailure(error as GitHubError)).toBe(
      'Issues are disabled in this repository, so the report is only in the step summary.',
    )
  })
})
