import { describe, expect, it } from '@jest/globals'
import { expandEstate } from '../../simulator/estate.ts'
import type { GitHubSeed, Simulator } from '../../simulator/simulator.ts'
import { decodePlanData } from '../../src/render/carried/planData.ts'
import { run, withSimulator } from '../safety/runs.ts'
import { hub, small } from '../safety/situations.ts'
import {
  closedByMerge,
  dispatched,
  merge,
  opened,
  pullNumber,
  pushed,
  seedGitHub,
  topologyFile,
} from '../support/repository.ts'
import { headings, lastLine, situationsOf, textsOf } from './comments.ts'

/** The life of one plan comment, from the pull request to the end of the apply. */

const files = { [topologyFile]: small }
const estate = expandEstate(hub)
const bot = 'github-actions[bot]'

function withPullRequest(
  use: (simulator: Simulator) => Promise<void>,
  github: Partial<GitHubSeed> = {},
): Promise<void> {
  const knobs = { scopedWriteMs: 0 }
  return withSimulator({ estate, knobs, github: { ...seedGitHub(), ...github } }, use)
}

describe('one comment over its lifetime', () => {
  it.each([
    ['a push', pushed],
    ['the closing of the pull request', closedByMerge],
  ])('is planned, applying and applied by %s, and keeps what was reviewed', (_, job) =>
    withPullRequest(async (simulator) => {
      await run(simulator, opened(files))
      merge(simulator)
      const applied = await run(simulator, job(files))
      expect(applied.outputs).toMatchObject({ result: 'applied' })
      expect(situationsOf(simulator)).toEqual(['planned', 'applying', 'applied'])
      const texts = textsOf(simulator)
      expect(decodePlanData(texts[0] ?? '')?.digests).toHaveLength(5)
      expect(new Set(texts.map(lastLine)).size).toBe(1)
      expect(headings(simulator)).toEqual([`${bot}: ## ✅ production: 5 changes applied`])
      expect(applied.outputs['comment-url']).toMatch(/#issuecomment-\d+$/)
    }),
  )

  it('says what failed and what to do, and a re-run ends it', () =>
    withPullRequest(async (simulator) => {
      await run(simulator, opened(files))
      merge(simulator)
      simulator.azure.addFault({
        match: { method: 'PUT', path: /scopedResources/i },
        times: 1,
        do: {
          status: 403,
          body: { error: { code: 'LinkedAuthorizationFailed', message: 'No right to link it.' } },
        },
      })
      await run(simulator, pushed(files))
      const failed = textsOf(simulator).at(-1) ?? ''
      expect(failed).toContain('LinkedAuthorizationFailed')
      expect(failed).toContain('**What to do:**')
      await run(simulator, pushed(files))
      expect(situationsOf(simulator)).toEqual([
        'planned',
        'applying',
        'partial',
        'applying',
        'applied',
      ])
      expect(new Set(textsOf(simulator).map(lastLine)).size).toBe(1)
    }))

  it('shows an apply that could not even sign in, and is applied by a re-run', () =>
    withPullRequest(async (simulator) => {
      await run(simulator, opened(files))
      merge(simulator)
      simulator.azure.addFault({
        match: { method: 'POST', path: /oauth2/ },
        times: 1,
        do: {
          status: 400,
          body: { error: 'invalid_client', error_description: 'AADSTS7000222: expired.' },
        },
      })
      const refused = await run(simulator, pushed(files))
      expect(refused.outputs).toMatchObject({ result: 'failed', 'failure-reason': 'auth-failed' })
      await run(simulator, pushed(files))
      expect(situationsOf(simulator)).toEqual(['planned', 'unplanned', 'applying', 'applied'])
    }))

  it('is left unchanged by a re-run that finds everything applied', () =>
    withPullRequest(async (simulator) => {
      await run(simulator, opened(files))
      merge(simulator)
      await run(simulator, pushed(files))
      const before = simulator.github?.comments[0]?.body
      const again = await run(simulator, pushed(files))
      expect(again.outputs).toMatchObject({ result: 'no-changes' })
      expect(simulator.github?.comments[0]?.body).toBe(before)
    }))

  it('works without a required review too', () =>
    withPullRequest(async (simulator) => {
      await run(simulator, opened(files))
      merge(simulator)
      await run(simulator, pushed(files, { inputs: { 'require-reviewed-plan': 'false' } }))
      expect(situationsOf(simulator)).toEqual(['planned', 'applying', 'applied'])
    }))

  it('is not touched by a manually started apply', () =>
    withPullRequest(async (simulator) => {
      await run(simulator, opened(files))
      merge(simulator)
      await run(simulator, dispatched(files, { inputs: { command: 'apply' } }))
      expect(situationsOf(simulator)).toEqual(['planned'])
    }))

  it('does not block an apply if it cannot be written', () =>
    withPullRequest(async (simulator) => {
      await run(simulator, opened(files))
      merge(simulator)
      if (simulator.github) simulator.github.knobs.readOnly = true
      const applied = await run(simulator, pushed(files))
      expect(applied.outputs).toMatchObject({ result: 'applied', 'comment-url': '' })
      expect(applied.stdout.match(/pull-requests: write/g)).toHaveLength(1)
    }))
})

describe('a deleted comment', () => {
  it('is written again by the next plan', () =>
    withPullRequest(async (simulator) => {
      await run(simulator, opened(files))
      simulator.github?.deleteComment(simulator.github.comments[0]?.id ?? 0)
      await run(simulator, opened(files))
      expect(headings(simulator)).toEqual([
        `${bot}: ## 📝 production: 4 to create and 1 to replace`,
      ])
    }))

  it('approves nothing, and the apply says so', () =>
    withPullRequest(async (simulator) => {
      await run(simulator, opened(files))
      merge(simulator)
      simulator.github?.deleteComment(simulator.github.comments[0]?.id ?? 0)
      const refused = await run(simulator, pushed(files))
      expect(refused.outputs).toMatchObject({ 'failure-reason': 'plan-not-found' })
      expect(headings(simulator)).toEqual([])
    }))
})

describe('a pull request', () => {
  it('with hundreds of comments has exactly one of ours', () => {
    const others = Array.from({ length: 250 }, (_, n) => ({
      issue: pullNumber,
      body: `comment ${n}`,
      login: 'octocat',
    }))
    return withPullRequest(
      async (simulator) => {
        await run(simulator, opened(files))
        await run(simulator, opened(files))
        merge(simulator)
        const applied = await run(simulator, pushed(files))
        expect(applied.outputs).toMatchObject({ result: 'applied' })
        expect(simulator.github?.comments).toHaveLength(251)
      },
      { comments: others },
    )
  })

  it('that is closed keeps its comment, and gets no new one', () =>
    withPullRequest(async (simulator) => {
      const pull = simulator.github?.pulls[0]
      if (pull) pull.state = 'closed'
      const planned = await run(simulator, opened(files))
      expect(planned.outputs).toMatchObject({ result: 'changes', 'comment-url': '' })
      expect(planned.stdout).toContain('Pull request #7 is closed')
      expect(headings(simulator)).toEqual([])
    }))

  it('that is merged keeps the reviewed plan, whatever a re-run of its plan finds', () =>
    withPullRequest(async (simulator) => {
      await run(simulator, opened(files))
      merge(simulator)
      const other = { [topologyFile]: small.replace('  - rg-app/vm-03\n', '') }
      await run(simulator, opened(other))
      expect(situationsOf(simulator)).toEqual(['planned'])
    }))

  it('that was force-pushed shows only the plan of its newest commit', () =>
    withPullRequest(async (simulator) => {
      await run(simulator, opened(files))
      const pull = simulator.github?.pulls[0]
      if (pull) pull.head.sha = 'e'.repeat(40)
      const late = await run(simulator, opened(files))
      expect(late.stdout).toContain('has newer commits')
      expect(situationsOf(simulator)).toEqual(['planned'])
    }))

  it('with two topologies has a comment for each, and each is applied', () =>
    withPullRequest(async (simulator) => {
      const { azure } = simulator
      const hub = azure.snapshot().resources.find(({ id }) => /\/ampls-hub$/i.test(id))
      if (hub !== undefined) azure.put({ ...hub, id: hub.id.replace(/ampls-hub$/i, 'ampls-two') })
      const staging = small
        .replace('name: production', 'name: staging')
        .replace('ampls-hub', 'ampls-two')
        .replace(/machines:\n[^]*?dataCollection/, 'machines:\n  - rg-app/vm-01\ndataCollection')
      const both = { 'prod.yml': small, 'staging.yml': staging }
      const inputs = { 'topology-file': 'prod.yml\nstaging.yml' }
      const planned = await run(simulator, opened(both, { inputs }))
      expect(planned.outputs['comment-url']?.split('\n')).toHaveLength(2)
      merge(simulator)
      const applied = await run(simulator, pushed(both, { inputs }))
      expect(applied.outputs).toMatchObject({ result: 'applied' })
      expect(situationsOf(simulator)).toEqual(['planned', 'applying', 'applied'])
      expect(situationsOf(simulator, 'staging')).toEqual(['planned', 'applying', 'applied'])
      expect(simulator.github?.comments).toHaveLength(2)
    }))

  it('whose file initially had no name ends with one comment', () =>
    withPullRequest(async (simulator) => {
      const nameless = { [topologyFile]: small.replace('name: production', 'name: 7') }
      await run(simulator, opened(nameless))
      expect(headings(simulator)[0]).toContain('no plan')
      await run(simulator, opened(files))
      expect(headings(simulator)).toEqual([
        `${bot}: ## 📝 production: 4 to create and 1 to replace`,
      ])
    }))
})

describe('the input comment', () => {
  const satisfied = small.replace(/machines:\n[^]*?dataCollection/, 'dataCollection')
  const nothing = { [topologyFile]: satisfied.replace(/logAnalytics.*\n/, '') }

  it('always writes, even if there is nothing to do', () =>
    withPullRequest(async (simulator) => {
      await run(simulator, opened(nothing))
      expect(situationsOf(simulator)).toEqual(['nothing'])
    }))

  it('on-change writes nothing until there is a change, and then keeps the comment up to date', () =>
    withPullRequest(async (simulator) => {
      const inputs = { comment: 'on-change', 'check-network': 'false' }
      await run(simulator, opened(nothing, { inputs }))
      expect(situationsOf(simulator)).toEqual([])
      await run(simulator, opened(files, { inputs }))
      await run(simulator, opened(nothing, { inputs }))
      expect(situationsOf(simulator)).toEqual(['planned', 'nothing'])
    }))

  it('on-change reports errors', () =>
    withPullRequest(async (simulator) => {
      const unknown = { [topologyFile]: small.replace('vm-03', 'vm-99') }
      await run(simulator, opened(unknown, { inputs: { comment: 'on-change' } }))
      expect(situationsOf(simulator)).toEqual(['blocked'])
    }))

  it('never writes no comment, neither for a plan nor for an apply', () =>
    withPullRequest(async (simulator) => {
      const inputs = { comment: 'never', 'require-reviewed-plan': 'false' }
      const planned = await run(simulator, opened(files, { inputs }))
      expect(planned.outputs).toMatchObject({ result: 'changes', 'comment-url': '' })
      merge(simulator)
      const applied = await run(simulator, pushed(files, { inputs }))
      expect(applied.outputs).toMatchObject({ result: 'applied', 'comment-url': '' })
      const writes = simulator.github?.requests.filter(({ method }) => method !== 'GET')
      expect(writes).toEqual([])
    }))
})
