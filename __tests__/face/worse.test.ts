import { describe, expect, it } from '@jest/globals'
import { expandEstate } from '../../simulator/estate.ts'
import type { EstateSeed, Simulator } from '../../simulator/simulator.ts'
import { estateAfter, run, withSimulator } from '../safety/runs.ts'
import { hub, renamed, small } from '../safety/situations.ts'
import { commits, opened, seedGitHub, topologyFile } from '../support/repository.ts'

/**
 * A plan that gets worse is announced in a separate comment, because GitHub sends no notification
 * when the plan comment is edited.
 */

const shortCommit = commits.head.slice(0, 7)
const tagged = small.replace('rg-monitor }', 'rg-monitor, tags: { team: platform } }')
const without = tagged.replace('  - rg-app/vm-03\n', '')
const emptied = without
  .replace(/ {2}- \{ resource: rg-app\/vm-02.*\n/, '')
  .replace('machines:\n', '')
const broken = tagged.replace('vm-03', 'vm-99')
const invalid = tagged.replace('version: 1', 'version: 2')

/** Plans one file after the other on one pull request, and returns the short comments of each. */
async function push(
  simulator: Simulator,
  topologies: readonly string[],
  inputs: Readonly<Record<string, string>> = {},
): Promise<readonly (readonly string[])[]> {
  const notes: string[][] = []
  for (const topology of topologies) {
    const before = simulator.github?.comments.length ?? 0
    await run(simulator, opened({ [topologyFile]: topology }, { inputs }))
    const after = simulator.github?.comments.slice(before) ?? []
    notes.push(after.map(({ body }) => body).filter((body) => body.includes(':worse ')))
  }
  return notes
}

async function onApplied(use: (simulator: Simulator) => Promise<void>): Promise<void> {
  const estate: EstateSeed = await estateAfter(expandEstate(hub), small)
  await withSimulator({ estate, knobs: { scopedWriteMs: 0 }, github: seedGitHub() }, use)
}

describe('a plan that got worse', () => {
  it('by a delete is announced once, in five lines, with a link to the plan', () =>
    onApplied(async (simulator) => {
      const notes = await push(simulator, [tagged, without, without])
      expect(notes.map((texts) => texts.length)).toEqual([0, 1, 0])
      const [note = ''] = notes[1] ?? []
      const [marker = '', ...lines] = note.split('\n')
      expect(marker).toMatch(
        /^<!-- azure-monitor-private-link:worse topology="production" plan="[0-9a-f]{16}" -->$/,
      )
      const id = simulator.github?.comments[0]?.id ?? 0
      expect(lines).toEqual([
        '',
        `**production**: the plan got worse with <code>${shortCommit}</code>: **1 new delete**.`,
        '',
        `See [the updated plan](https://github.com/octo-org/platform/pull/7#issuecomment-${id}).`,
      ])
    }))

  it('is announced whenever it gets worse, but not when it gets better', () =>
    onApplied(async (simulator) => {
      const notes = await push(simulator, [tagged, without, emptied, without, tagged])
      const counts = notes.map(([note = '']) => /: \*\*(.+?)\*\*\./.exec(note)?.[1] ?? '')
      expect(counts).toEqual(['', '1 new delete', '3 new deletes', '', ''])
    }))

  it('by replacements and errors is announced', () =>
    onApplied(async (simulator) => {
      const notes = await push(simulator, [tagged, renamed, broken])
      const counts = notes.map(([note = '']) => /: \*\*(.+?)\*\*\./.exec(note)?.[1] ?? '')
      expect(counts).toEqual([
        '',
        '2 new deletes and 2 new replacements',
        '1 new delete and 1 new error',
      ])
    }))

  it('is compared with the last actual plan, skipping a file that could not be planned', () =>
    onApplied(async (simulator) => {
      const notes = await push(simulator, [without, invalid, without, emptied])
      const counts = notes.map(([note = '']) => /: \*\*(.+?)\*\*\./.exec(note)?.[1] ?? '')
      expect(counts).toEqual(['', '1 new error', '', '3 new deletes'])
    }))

  it('is not announced if no comment may be written', () =>
    onApplied(async (simulator) => {
      await push(simulator, [tagged, without], { comment: 'never' })
      expect(simulator.github?.comments).toEqual([])
    }))
})
