import { describe, expect, it } from '@jest/globals'
import { expandEstate } from '../../simulator/estate.ts'
import type { Job } from '../../simulator/job/job.ts'
import type { EstateSeed, Simulator } from '../../simulator/simulator.ts'
import { estateAfter, run, withSimulator } from '../safety/runs.ts'
import { hub, small } from '../safety/situations.ts'
import { commits, merge, opened, pushed, seedGitHub, topologyFile } from '../support/repository.ts'
import { stable, subscription } from '../support/stable.ts'

/** What a scheduled run does about drift: one issue, its text, and the exit code. */

const files = { [topologyFile]: small }
const group = `/subscriptions/${subscription}/resourceGroups`
const association = (machine: string) =>
  `${group}/rg-app/providers/Microsoft.Compute/virtualMachines/${machine}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`
const legacy = `${group}/rg-old/providers/Microsoft.Insights/dataCollectionEndpoints/dce-eus`
const endpoint = `${group}/rg-monitor/providers/Microsoft.Insights/dataCollectionEndpoints/dce-production-northeurope`

function scheduled(more: Partial<Job> = {}): Job {
  return { event: 'schedule', sha: commits.merge, files, ...more }
}

/** Azure after `small` was applied, and a branch whose file was last changed on 2 January 2026. */
async function onApplied(use: (simulator: Simulator) => Promise<void>): Promise<void> {
  const estate: EstateSeed = await estateAfter(expandEstate(hub), small)
  const commit = { sha: commits.merge, date: '2026-01-02T00:00:00Z', paths: [topologyFile] }
  const github = { ...seedGitHub(), commits: [commit] }
  await withSimulator({ estate, knobs: { scopedWriteMs: 0 }, github }, use)
}

/** Associates a machine with another endpoint, as a user would. */
function move({ azure }: Simulator, machine: string, at: string): void {
  azure.put({
    id: association(machine),
    properties: { dataCollectionEndpointId: legacy },
    systemData: {
      lastModifiedBy: 'ops@contoso.example',
      lastModifiedByType: 'User',
      lastModifiedAt: at,
    },
  })
}

const issues = ({ github }: Simulator) => github?.issues ?? []

describe('drift', () => {
  it('is reported in one issue, which says who changed what and when, and is closed when the drift is gone', () =>
    onApplied(async (simulator) => {
      const clean = await run(simulator, scheduled())
      expect(clean.outputs).toMatchObject({ result: 'clean' })
      expect(clean.exitCode).toBe(0)
      expect(issues(simulator)).toEqual([])

      move(simulator, 'vm-02', '2026-01-05T08:30:00Z')
      const drift = await run(simulator, scheduled())
      expect(drift.outputs).toMatchObject({ result: 'drift', 'to-replace': '1' })
      expect(drift.exitCode).toBe(1)
      expect(issues(simulator)).toHaveLength(1)
      const [issue] = issues(simulator)
      expect(issue?.title).toBe('Azure differs from private link topology production')
      expect(issue?.body.split('\n')[0]).toBe(
        '<!-- azure-monitor-private-link:drift topology="production" -->',
      )
      expect(stable(issue?.body ?? '')).toBe(
        [
          '**Azure differs from the file in 1 place**, because Azure was changed after the file. [.github/azure-monitor-private-link.yml](file) was last changed on 2026-01-02 00:00 UTC (<code>ccccccc</code>).',
          '### Changed in Azure',
          '- **[vm-02](portal)** gets its configuration from dce-eus, but the file requires **dce-production-northeurope**. Last changed by <code>ops@&#8203;contoso.example</code> on 2026-01-05 08:30 UTC.',
          '### What to do',
          '- To make Azure match the file, run the apply workflow: by hand with <code>command: apply</code>, or by merging any change to the file.\n- To keep what Azure has, change <code>.github/azure-monitor-private-link.yml</code> in a pull request.',
          'Each drift run updates this issue, and closes it when nothing differs any more. If you close it yourself, it stays closed until something else differs.',
        ].join('\n\n'),
      )

      const updated = issue?.updatedAt
      const again = await run(simulator, scheduled({ env: { GITHUB_RUN_ID: '4712' } }))
      expect(again.stdout).toContain('Drift issue unchanged')
      expect(issues(simulator)[0]?.updatedAt).toBe(updated)

      await run(simulator, scheduled({ inputs: { command: 'apply' } }))
      await run(simulator, scheduled())
      expect(issues(simulator)).toMatchObject([
        { state: 'closed', closedBy: 'github-actions[bot]' },
      ])
      expect(simulator.github?.comments.map(({ body }) => body)).toEqual([
        expect.stringMatching(
          /^Azure matches the file again \(\[workflow run\]\(https:\/\/github\.com\/octo-org\/platform\/actions\/runs\/\d+\)\)\.$/,
        ),
      ])

      move(simulator, 'vm-03', '2026-01-06T08:30:00Z')
      await run(simulator, scheduled())
      expect(issues(simulator)).toMatchObject([{ number: issue?.number, state: 'open' }])
    }))

  it('is separated from changes not applied yet, and from differences of unknown age', () =>
    onApplied(async (simulator) => {
      move(simulator, 'vm-02', '2026-01-05T08:30:00Z')
      move(simulator, 'vm-03', '2026-01-01T08:30:00Z')
      const ahead = small.replace('  - rg-app/vm-03\n', '  - rg-app/vm-03\n  - rg-app/vm-01\n')
      const closed = `${ahead}accessModes: { query: PrivateOnly }\n`
      await run(simulator, scheduled({ files: { [topologyFile]: closed } }))
      const body = stable(issues(simulator)[0]?.body ?? '')
      const groups = Object.fromEntries(
        body
          .split('\n### ')
          .slice(1)
          .map((text) => [text.split('\n')[0] ?? '', text.match(/^- .*$/gm) ?? []]),
      )
      expect(groups['Changed in Azure']).toHaveLength(1)
      expect(groups['Changed in Azure']?.[0]).toContain('vm-02')
      expect(groups['Not applied yet']?.some((line) => line.includes('[vm-03]'))).toBe(true)
      expect(groups['Not applied yet']?.some((line) => line.includes('vm-01'))).toBe(true)
      expect(groups['Unknown reason']).toHaveLength(1)
      expect(groups['Unknown reason']?.[0]).toContain(
        'query is Open, but the file requires **PrivateOnly**',
      )
    }))

  it('by deletion is recognized if the pull request shows that the object was applied', () =>
    withSimulator(
      {
        estate: expandEstate(hub),
        knobs: { scopedWriteMs: 0 },
        github: {
          ...seedGitHub(),
          commits: [{ sha: commits.merge, date: '2026-01-02T00:00:00Z', paths: [topologyFile] }],
        },
      },
      async (simulator) => {
        await run(simulator, opened(files))
        merge(simulator)
        await run(simulator, pushed(files))
        simulator.azure.remove(association('vm-03'))
        await run(simulator, scheduled())
        const body = issues(simulator)[0]?.body ?? ''
        expect(body).toMatch(/### Changed in Azure\n\n- \*\*\[vm-03\]/)
        expect(body).toMatch(/, and \[pull request 7\]\(.*\) shows that it was applied\./)
      },
    ))

  it('is reported too if the history of the file cannot be read', () =>
    onApplied(async (simulator) => {
      move(simulator, 'vm-02', '2026-01-05T08:30:00Z')
      simulator.github?.addFault({
        match: { method: 'GET', path: /\/commits$/ },
        do: { status: 403, body: { message: 'Resource not accessible by integration' } },
      })
      const drift = await run(simulator, scheduled())
      expect(drift.outputs).toMatchObject({ result: 'drift' })
      expect(drift.stdout).toContain('Give the job the permission `contents: read`')
      expect(issues(simulator)[0]?.body).toContain('### Unknown reason')
    }))

  it('without issues: write is a warning with the remedy', () =>
    onApplied(async (simulator) => {
      move(simulator, 'vm-02', '2026-01-05T08:30:00Z')
      simulator.github?.addFault({
        match: { method: 'POST', path: /\/issues$/ },
        do: { status: 403, body: { message: 'Resource not accessible by integration' } },
      })
      const drift = await run(simulator, scheduled({ inputs: { 'fail-on-drift': 'false' } }))
      expect(drift.outputs).toMatchObject({ result: 'drift', 'failure-reason': '' })
      expect(drift.exitCode).toBe(0)
      expect(drift.stdout).toContain('Give the job the permission `issues: write`')
      expect(drift.summary).toContain('Azure differs from the file in 1 place')
    }))

  it('gives no issue without a token, with comment: never, or on another branch', () =>
    onApplied(async (simulator) => {
      move(simulator, 'vm-02', '2026-01-05T08:30:00Z')
      const jobs = [
        scheduled({ inputs: { 'github-token': '' } }),
        scheduled({ inputs: { comment: 'never' } }),
        {
          ...scheduled({ inputs: { command: 'drift' } }),
          event: 'workflow_dispatch',
          ref: 'refs/heads/topic',
        },
        opened(files, { inputs: { command: 'drift' } }),
      ]
      for (const job of jobs) {
        const result = await run(simulator, job)
        expect(result.outputs).toMatchObject({ result: 'drift' })
      }
      expect(issues(simulator)).toEqual([])
    }))

  it('that is blocked by errors is reported too, with the errors', () =>
    onApplied(async (simulator) => {
      move(simulator, 'vm-02', '2026-01-05T08:30:00Z')
      move(simulator, 'vm-03', '2026-01-05T08:30:00Z')
      const drift = await run(simulator, scheduled({ inputs: { 'max-replacements': '1' } }))
      expect(drift.outputs).toMatchObject({ result: 'failed', 'failure-reason': 'limit-exceeded' })
      expect(issues(simulator)[0]?.body).toContain('### Errors')
    }))

  it('that could not be checked leaves the issue unchanged', () =>
    onApplied(async (simulator) => {
      move(simulator, 'vm-02', '2026-01-05T08:30:00Z')
      await run(simulator, scheduled())
      const { body } = issues(simulator)[0] ?? {}
      simulator.azure.addFault({
        match: { method: 'POST', path: /oauth2/ },
        do: { status: 400, body: { error: 'invalid_client', error_description: 'AADSTS7000222' } },
      })
      const failed = await run(simulator, scheduled())
      expect(failed.outputs).toMatchObject({ result: 'failed', 'failure-reason': 'auth-failed' })
      expect(issues(simulator)).toMatchObject([{ state: 'open', body }])
    }))

  it('of an endpoint shows its current and required settings', () =>
    onApplied(async (simulator) => {
      const live = simulator.azure
        .snapshot()
        .resources.find(({ id }) => id.toLowerCase() === endpoint.toLowerCase())
      if (live === undefined) throw new Error('the endpoint is not there')
      simulator.azure.put({
        ...live,
        properties: { ...live.properties, networkAcls: { publicNetworkAccess: 'Enabled' } },
        systemData: {
          lastModifiedBy: '00000000-0000-4000-8000-00000000feed',
          lastModifiedByType: 'Application',
          lastModifiedAt: '2026-01-05T08:30:00Z',
        },
      })
      await run(simulator, scheduled())
      expect(stable(issues(simulator)[0]?.body ?? '')).toContain(
        '- Endpoint **[dce-production-northeurope](portal)**: public network access is Enabled, but the file requires **Disabled**. Last changed by <code>00000000-0000-4000-8000-00000000feed</code> (Application) on 2026-01-05 08:30 UTC.',
      )
    }))
})
