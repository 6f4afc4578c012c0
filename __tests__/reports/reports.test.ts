import { describe, expect, test } from '@jest/globals'
import { estates } from './judges/estates.ts'
import { reviews } from './judges/reviews.ts'
import { type PlayedRun, playReport } from './playReport.ts'
import { listReports, readReport } from './report.ts'

const names = listReports()
const judges = { ...reviews, ...estates }

/** `SHOW_REPORTS=1 npm test -- __tests__/reports -t name` prints the result of each run. */
function show(name: string, runs: readonly PlayedRun[]): void {
  if (process.env['SHOW_REPORTS'] === undefined) return
  const lines = runs.map(({ step, end, writes, annotations }) =>
    [
      `${name}: ${step.run ?? ''} ${step.number ?? ''} ${step.topology ?? ''} → ${end}`,
      ...writes.map(({ method, path, status }) => `  ${method} ${path} ${status}`),
      ...annotations.map((line) => `  ${line}`),
    ].join('\n'),
  )
  process.stderr.write(`${lines.join('\n')}\n`)
}

describe('public reports, replayed with the bundle, give the right result', () => {
  const known = names.filter((name) => judges[name] !== undefined)
  for (const name of known) {
    test(name, async () => {
      const runs = await playReport(readReport(name))
      show(name, runs)
      expect(runs.map(({ end }) => end)).not.toContain('(nothing)')
      judges[name]?.(runs)
    })
  }
  test('and each of them has a judge', () => {
    expect(names.filter((name) => !known.includes(name))).toEqual([])
  })
  if (names.length === 0) test.skip('none is here', () => undefined)
})
