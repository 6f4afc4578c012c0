import { describe, expect, it } from '@jest/globals'
import { expandEstate } from '../../simulator/estate.ts'
import type { Simulator } from '../../simulator/simulator.ts'
import { run, withSimulator } from '../safety/runs.ts'
import { hub, small } from '../safety/situations.ts'
import { opened, seedGitHub, topologyFile } from '../support/repository.ts'
import { headings, situationsOf } from './comments.ts'

/** Runs without credentials, and runs without a pull request. */

const files = { [topologyFile]: small }
const broken = { [topologyFile]: small.replace('vm-03', 'vm-03/x') }

function withGitHub(use: (simulator: Simulator) => Promise<void>): Promise<void> {
  return withSimulator({ estate: expandEstate(hub), github: seedGitHub() }, use)
}

/** A fork gets a read-only token and cannot sign in. */
function readOnly({ github }: Simulator): void {
  if (github) github.knobs.readOnly = true
}

const armRequests = ({ azure }: Simulator) => azure.requests.length
const githubWrites = ({ github }: Simulator) =>
  (github?.requests ?? []).filter(({ method, path }) => method !== 'GET' && path !== '/graphql')

const unchecked =
  '**Not checked:** whether the resources exist, which regions they are in, what would change in Azure, and whether anything would lose its connection.'

describe('a pull request from a fork', () => {
  it('is validated offline, and says in the summary what was not checked', () =>
    withGitHub(async (simulator) => {
      readOnly(simulator)
      const result = await run(simulator, opened(files, { fork: true, idToken: false }))
      expect(result.outputs).toMatchObject({
        result: 'validated',
        'failure-reason': '',
        'has-changes': 'false',
        'comment-url': '',
      })
      expect(result.exitCode).toBe(0)
      expect(result.summary).toContain(
        '## ☑️ production: the file is valid; not compared with Azure',
      )
      expect(result.summary).toContain(unchecked)
      expect(result.stdout).toMatch(
        /^::notice .*title=Azure Monitor Private Link%3A not-confirmed/m,
      )
      expect(armRequests(simulator)).toBe(0)
      // The run tries to write the comment: only GitHub knows what the token may do.
      expect(githubWrites(simulator)).toMatchObject([{ method: 'POST', status: 403 }])
      expect(headings(simulator)).toEqual([])
      const told = result.stdout.split('\n').filter((line) => line.startsWith('::warning'))
      expect(told).toEqual([expect.stringContaining('its merge applies nothing')])
    }))

  it('with errors in the file fails, with the errors on their lines', () =>
    withGitHub(async (simulator) => {
      readOnly(simulator)
      const result = await run(simulator, opened(broken, { fork: true, idToken: false }))
      expect(result.outputs).toMatchObject({
        result: 'failed',
        'failure-reason': 'invalid-topology',
      })
      expect(result.exitCode).toBe(1)
      expect(result.stdout).toMatch(
        /^::error title=[^,]*,file=\.github\/azure-monitor-private-link\.yml,line=8,col=5::/m,
      )
      expect(armRequests(simulator)).toBe(0)
    }))

  it('gets its comment if its token may write one', () =>
    withGitHub(async (simulator) => {
      await run(simulator, opened(files, { fork: true }))
      expect(headings(simulator)).toEqual([
        'github-actions[bot]: ## 📝 production: 4 to create and 1 to replace',
      ])
    }))
})

describe('a pull request from Dependabot', () => {
  it('without credentials is validated, which the comment says if the token may write it', () =>
    withGitHub(async (simulator) => {
      const job = { actor: 'dependabot[bot]', idToken: false }
      const result = await run(simulator, opened(files, job))
      expect(result.outputs).toMatchObject({ result: 'validated' })
      expect(result.exitCode).toBe(0)
      expect(simulator.github?.comments[0]?.body).toContain(unchecked)
    }))

  it('with a read-only token gets no warning about the token', () =>
    withGitHub(async (simulator) => {
      readOnly(simulator)
      const job = { actor: 'dependabot[bot]', idToken: false }
      const result = await run(simulator, opened(files, job))
      expect(result.exitCode).toBe(0)
      expect(result.stdout).not.toMatch(/warning/i)
      expect(result.summary).toContain(unchecked)
    }))
})

describe('a merge queue', () => {
  it('gets a plan without a comment', () =>
    withGitHub(async (simulator) => {
      const result = await run(simulator, {
        event: 'merge_group',
        ref: 'refs/heads/gh-readonly-queue/main/pr-7-abc',
        payload: { action: 'checks_requested', merge_group: { head_sha: 'a'.repeat(40) } },
        files,
      })
      expect(result.outputs).toMatchObject({
        result: 'changes',
        'to-create': '4',
        'comment-url': '',
      })
      expect(result.exitCode).toBe(0)
      expect(githubWrites(simulator)).toEqual([])
      expect(situationsOf(simulator)).toEqual([])
    }))
})
