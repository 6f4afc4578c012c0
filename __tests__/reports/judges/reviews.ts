import { expect } from '@jest/globals'
import type { Judges } from '../judge.ts'
import type { PlayedRun } from '../playReport.ts'

/** Warnings that are about GitHub, not about a place in the file. */
function ofGitHub({ annotations }: PlayedRun): readonly string[] {
  return annotations.filter((line) => line.startsWith('::warning') && !line.includes('file='))
}

const endsOf = (runs: readonly PlayedRun[]) => runs.map(({ end }) => end)

const associations = (run: PlayedRun | undefined) =>
  (run?.writes ?? []).filter(({ path }) => /\/configurationAccessEndpoint$/i.test(path))

/** Reports about reviews, GitHub and sign-in. */
export const reviews: Judges = {
  'locked-conversation': (runs) => {
    expect(endsOf(runs)).toEqual(['changes', 'applied', 'changes'])
    const [, push, plan] = runs
    for (const run of [push, plan]) {
      const reported = run === undefined ? [] : ofGitHub(run)
      expect(reported).toEqual([expect.stringContaining('unlock it')])
      expect(reported[0]).not.toContain('pull-requests: write')
    }
  },

  'oidc-merge-group-subject': (runs) => {
    expect(endsOf(runs)).toEqual(['failed: auth-failed'])
    const [reported = ''] = runs[0]?.annotations ?? []
    expect(reported).not.toContain('federated-credential create')
    expect(reported).toContain('new branch for each group')
    expect(reported).toContain('repo:acme/monitoring:environment:')
    expect(reported).toContain('repo:acme/monitoring:ref:refs/heads/gh-readonly-queue/main/*')
  },

  'old-run-takes-a-machine-dark-again': (runs) => {
    const [, first, , second, again, drift] = runs
    expect(first?.end).toMatch(/^(?:applied|no-changes)$/)
    expect(second?.end).toMatch(/^(?:applied|no-changes)$/)
    expect(again?.end).toBe('superseded')
    expect(again?.result.exitCode).toBe(0)
    expect(again?.writes).toEqual([])
    const [reported = '', ...more] = (again?.annotations ?? []).filter((line) =>
      line.includes('superseded'),
    )
    expect(more).toEqual([])
    expect(reported).toMatch(/^::warning/)
    expect(reported).toContain('commit aaaaaaa')
    expect(reported).toContain('The run of that commit applies the file')
    // The comment of #7 keeps the report of its own apply.
    expect(again?.comments[7]).toBe(first?.comments[7])
    expect(drift?.end).toBe('clean')
  },

  'merge-queue-two-pull-requests-one-push': (runs) => {
    expect(endsOf(runs)).toEqual(['changes', 'changes', 'changes', 'applied'])
    expect(
      associations(runs.at(-1))
        .map(({ path }) => /vm-\d+/.exec(path)?.[0])
        .sort(),
    ).toEqual(['vm-01', 'vm-02'])
  },

  'commit-does-not-show-its-pull-request-yet': (runs) => {
    expect(endsOf(runs)).toEqual(['changes', 'applied', 'no-changes'])
  },

  'plan-by-app-token-apply-by-workflow-token': (runs) => {
    const [, push] = runs
    expect(push?.end).toBe('failed: plan-not-found')
    expect(push?.writes).toEqual([])
    const reported = push?.annotations.find((line) => line.includes('plan-not-found')) ?? ''
    expect(reported).toContain('#7 has a plan comment by acme-platform[bot]')
    expect(reported).toContain('writes as github-actions[bot] and trusts only its own')
    expect(reported).toContain('the same github-token')
  },

  'pull-request-target-from-a-fork': (runs) => {
    const [plan, push] = runs
    expect(plan?.end).toBe('changes')
    expect(plan?.comments[7]).toContain('📝 production')
    // Nothing is applied, because a run of pull_request_target does not count as a review.
    expect(push?.end).toBe('failed: plan-not-found')
    expect(push?.writes).toEqual([])
    expect(push?.annotations.join('\n')).toContain('only a run of pull_request counts as a review')
  },
}
