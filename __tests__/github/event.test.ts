import { describe, expect, it } from '@jest/globals'
import { readRunContext, type EventSource } from '../../src/github/event.ts'

const repository = { full_name: 'octo-org/octo-repo', default_branch: 'main' }
const pull = (more: object = {}, base = 'main') => ({
  number: 7,
  merged: false,
  head: { sha: 'head-sha', ref: 'topic', repo: { full_name: 'octo-org/octo-repo' } },
  base: { sha: 'base-sha', ref: base },
  user: { login: 'octocat' },
  ...more,
})

function source(eventName: string, payload: object, more: Partial<EventSource> = {}): EventSource {
  return {
    eventName,
    payload: { repository, ...payload },
    sha: 'run-sha',
    ref: 'refs/heads/main',
    actor: 'octocat',
    repository: 'octo-org/octo-repo',
    serverUrl: 'https://github.com',
    runId: 42,
    runAttempt: 1,
    workflowRef: 'octo-org/octo-repo/.github/workflows/x.yml@refs/heads/main',
    ...more,
  }
}

describe('command: auto', () => {
  it.each([
    ['a pull request opened', 'pull_request', { action: 'opened', pull_request: pull() }, 'plan'],
    ['new commits', 'pull_request', { action: 'synchronize', pull_request: pull() }, 'plan'],
    [
      'closed as merged',
      'pull_request',
      { action: 'closed', pull_request: pull({ merged: true }) },
      'apply',
    ],
    [
      'merged into another branch',
      'pull_request',
      { action: 'closed', pull_request: pull({ merged: true }, 'release') },
      'plan',
    ],
    ['closed unmerged', 'pull_request', { action: 'closed', pull_request: pull() }, 'plan'],
    [
      'a label on a merged pull request',
      'pull_request',
      { action: 'labeled', pull_request: pull({ merged: true }) },
      'plan',
    ],
    [
      'merged, with the token of the base',
      'pull_request_target',
      { action: 'closed', pull_request: pull({ merged: true }) },
      'plan',
    ],
    ['a merge queue', 'merge_group', { action: 'checks_requested', merge_group: {} }, 'plan'],
    ['a schedule', 'schedule', { schedule: '17 5 * * *' }, 'drift'],
    ['by hand', 'workflow_dispatch', { inputs: {} }, 'plan'],
    ['any other event', 'issue_comment', { action: 'created' }, 'plan'],
    ['no event at all', '', {}, 'plan'],
  ])('%s', (_, event, payload, command) => {
    expect(readRunContext('auto', true, source(event, payload)).command).toBe(command)
  })

  it.each([
    ['the default branch', 'refs/heads/main', { repository }, 'apply'],
    ['another branch', 'refs/heads/topic', { repository }, 'plan'],
    ['a branch named like it', 'refs/heads/feature/main', { repository }, 'plan'],
    ['a tag named like it', 'refs/tags/main', { repository }, 'plan'],
    ['a deleted branch', 'refs/heads/main', { repository, deleted: true }, 'plan'],
    ['an unknown repository', 'refs/heads/main', { repository: undefined }, 'plan'],
    ['an old server', 'refs/heads/main', { repository: { master_branch: 'main' } }, 'apply'],
    ['no branch at all', 'refs/heads/', { repository: { default_branch: '' } }, 'plan'],
  ])('push to %s', (_, ref, payload, command) => {
    expect(readRunContext('auto', true, source('push', payload, { ref })).command).toBe(command)
  })
})

describe('the approval that an apply needs', () => {
  it.each([
    ['push', 'apply', true, 'reviewed'],
    ['push', 'auto', true, 'reviewed'],
    ['push', 'apply', false, 'none needed'],
    ['pull_request', 'apply', true, 'reviewed'],
    ['pull_request', 'apply', false, 'reviewed'],
    ['pull_request_target', 'apply', false, 'reviewed'],
    ['pull_request_review', 'apply', false, 'reviewed'],
    ['issue_comment', 'apply', false, 'reviewed'],
    ['merge_group', 'apply', false, 'reviewed'],
    ['repository_dispatch', 'apply', false, 'reviewed'],
    ['repository_dispatch', 'apply', true, 'reviewed'],
    ['workflow_dispatch', 'apply', true, 'own'],
    ['schedule', 'apply', true, 'own'],
    ['workflow_dispatch', 'auto', true, 'none needed'],
    ['schedule', 'auto', true, 'none needed'],
    ['push', 'plan', true, 'none needed'],
    ['push', 'drift', true, 'none needed'],
  ] as const)('%s with command: %s, require-reviewed-plan: %s', (event, choice, required, yes) => {
    const run = readRunContext(choice, required, source(event, {}))
    expect(run.approval).toBe(yes)
    if (choice !== 'auto') expect(run.command).toBe(choice)
  })
})

describe('the pull request', () => {
  it('is read completely', () => {
    const payload = { action: 'opened', pull_request: pull() }
    const run = readRunContext('auto', true, source('pull_request', payload, { runAttempt: 2 }))
    expect(run).toEqual({
      event: 'pull_request',
      action: 'opened',
      command: 'plan',
      approval: 'none needed',
      repository: { owner: 'octo-org', repo: 'octo-repo', defaultBranch: 'main' },
      sha: 'run-sha',
      ref: 'refs/heads/main',
      actor: 'octocat',
      pullRequest: {
        number: 7,
        headSha: 'head-sha',
        headRef: 'topic',
        baseSha: 'base-sha',
        baseRef: 'main',
        merged: false,
        mergeCommit: '',
        fork: false,
        author: 'octocat',
      },
      isFork: false,
      isDependabot: false,
      runUrl: 'https://github.com/octo-org/octo-repo/actions/runs/42/attempts/2',
      run: { id: 42, attempt: 2 },
      workflow: '.github/workflows/x.yml',
      commits: [],
    })
  })

  it.each([
    ['this repository, in another case', { full_name: 'Octo-Org/octo-repo' }, false],
    ['a fork', { full_name: 'someone/octo-repo', fork: true }, true],
    ['this repository, itself a fork', { full_name: 'octo-org/octo-repo', fork: true }, false],
    ['a fork that was deleted', null, true],
    ['an unknown repository, as in events of tools that run workflows locally', undefined, false],
    ['a fork without a name', { fork: true }, true],
  ])('from %s', (_, repo, isFork) => {
    const head = { sha: 'head-sha', ref: 'topic', repo }
    const payload = { pull_request: pull({ head }) }
    expect(readRunContext('auto', true, source('pull_request', payload)).isFork).toBe(isFork)
  })

  it('of Dependabot is recognised by the actor of the run', () => {
    const payload = { pull_request: pull() }
    const run = source('pull_request', payload, { actor: 'dependabot[bot]' })
    expect(readRunContext('auto', true, run).isDependabot).toBe(true)
  })

  it('does not exist for a merge queue, so that there is no comment', () => {
    const run = readRunContext('auto', true, source('merge_group', { merge_group: {} }))
    expect(run).not.toHaveProperty('pullRequest')
  })
})

it.each([null, 'text', 7, [], { pull_request: 7 }, { pull_request: { number: '7' } }])(
  'a payload of %j breaks nothing',
  (payload) => {
    const run = readRunContext('auto', true, { ...source('pull_request', {}), payload })
    expect(run).toMatchObject({ command: 'plan', isFork: false, runUrl: expect.any(String) })
  },
)
