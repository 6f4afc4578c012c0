import { existsSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { judgeFidelity } from '../fidelity/judge.ts'
import { makeGate } from './gate.ts'
import { expectGolden, isUpdating } from './goldens.ts'
import { type GoldenName, play } from './play.ts'
import { readScenarios } from './scenario.ts'

/** Concurrent scenarios per jest worker: they mostly wait. */
const atATime = 3

/** Goldens that are compared only if the folder has them: other goldens and judges mostly cover them. */
const optional: readonly GoldenName[] = ['plan.json', 'egress.json']

/**
 * One test per scenario. The scenarios are split over several test files, so that jest runs them in several
 * workers.
 */
export function testScenarios(part: number, parts: number): void {
  const mine = readScenarios().filter((_, index) => index % parts === part)
  const gate = makeGate(atATime)
  const fidelity = judgeFidelity()
  describe(`scenarios, part ${part + 1} of ${parts}`, () => {
    test.concurrent.each(mine.map((scenario) => [scenario.name, scenario] as const))(
      '%s',
      async (_, scenario) => {
        const { goldens, broken, requests } = await gate(() => play(scenario))
        if (!isUpdating) expect(broken).toEqual([])
        for (const [name, text] of Object.entries(goldens)) {
          const file = path.join(scenario.folder, name)
          if (optional.includes(name as GoldenName) && !existsSync(file)) continue
          expectGolden(file, text)
        }
        expect(broken).toEqual([])
        expect(await fidelity.judge(scenario.name, requests)).toEqual([])
      },
    )
    afterAll(() => console.info(fidelity.tell()))
  })
}
