import { describe, expect, it } from '@jest/globals'
import { findNewer } from '../../src/commands/superseded.ts'
import { GitHubError } from '../../src/errors.ts'
import type { Run } from '../../src/run.ts'
import type { Topology } from '../../src/topology/topology.ts'

/** The context of one file of a run whose check for a newer commit always fails. */
function contextOf(run: Run, lines: string[], file: string) {
  return {
    run,
    topology: { file } as Topology,
    findReview: undefined,
    log: { info: (line: string) => void lines.push(line), progress: () => undefined, group: fail },
    checkCurrency: () => Promise.reject(new GitHubError('Could not read it.', { remedy: 'Wait.' })),
  }
}
const fail = () => Promise.reject(new Error('not called'))

describe('a check for a newer commit that fails', () => {
  it('is logged once per run, however often it is repeated', async () => {
    const lines: string[] = []
    const run = {} as Run
    const first = contextOf(run, lines, 'a.yml')
    for (const context of [first, first, first, contextOf(run, lines, 'b.yml')]) {
      expect(await findNewer(context)).toEqual({ state: 'unknown', why: 'Could not read it.' })
    }
    expect(lines).toEqual(['Could not check for a newer commit: Could not read it.'])
    await findNewer(contextOf({} as Run, lines, 'a.yml'))
    expect(lines).toHaveLength(2)
  })
})
