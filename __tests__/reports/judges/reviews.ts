import { expect } from '@jest/globals'
import type { Judges } from '../judge.ts'
import type { PlayedRun } from '../playReport.ts'

/** Warnings that are about GitHub, not about a place in the file. */
function ofGitHub({ annotations }: PlayedRun): readonly string[] {
  return annotations.filter((line) => line.startsWith('::warning') && !line.includes('file='))
}

const endsOf = (runs: readonly PlayedRun[]) => runs.map(({ end }) => end)

/** Reports on reviews, GitHub and sign-in. */
export const reviews: Judges = {
  'locked-conversation': (runs) => {
    expect(endsOf(runs)).toEqual(['changes', 'applied', 'changes'])
    const [, push, plan] = runs
    for (const run of [push, plan]) {
      const told = run === undefined ? [] : ofGitHub(run)
      expect(told).toEqual([expect.stringContaining('unlock it')])
      expect(told[0]).not.toContain('pull-requests: write')
    }
  },

  'oidc-merge-group-subject': (runs) => {
    expect(endsOf(runs)).toEqual(['failed: auth-failed'])
    const [told = ''] = runs[0]?.annotations ?? []
    expect(told).not.toContain('federated-credential create')
    expect(told).toContain('new branch for each group')
    expect(told).toContain('repo:acme/monitoring:environment:')
    expect(told).toContain('repo:acme/monitoring:ref:refs/heads/gh-readonly-queue/main/*')
  },
}
