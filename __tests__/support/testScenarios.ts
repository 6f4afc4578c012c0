import { existsSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { judgeFidelity } from '../fidelity/judge.ts'
import { makeGate } from './gate.ts'
import { expectGolden, isUpdating } from './goldens.ts'
import { type GoldenName, play } from './play.ts'
import { readScenarios } from './scenario.ts'

/** How many scenarios a worker of jest plays at a time: they wait more than they work. */
const atATime = 3

/** Held where the folder has them: what they say, other goldens and judges mostly say too. */
const optional: readonly GoldenName[] = ['plan.json', 'egress.json']

/**
 * One test a scenario. The scenarios are dealt out to several test files, so that jest plays them in
 * several workers.
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
