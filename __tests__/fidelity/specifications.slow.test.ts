import { beforeAll, describe, expect, test } from '@jest/globals'
import { runJob } from '../../simulator/job/job.ts'
import { startSimulator } from '../../simulator/simulator.ts'
import { dispatched, topologyFile } from '../support/repository.ts'
import { readScenarios, type Scenario } from '../support/scenario.ts'
import { runtime } from './runs.ts'
import { describeWith, hasShared } from './shared.ts'
import type { Held, Specification } from './specification.ts'
import { openSpecification } from './specification.ts'
import { strange } from './violations.ts'

const isAsked = process.env['SLOW'] === '1'
if (!isAsked) {
  console.warn('!!! SKIPPED: the scenarios are held against the specifications with SLOW=1 only.')
}
const suite = isAsked ? describeWith('specs') : describe.skip

suite('every request of every scenario, and every answer', () => {
  let specification: Specification | undefined
  const counts = { requests: 0, specified: 0 }

  beforeAll(async () => {
    if (hasShared('specs')) specification = await openSpecification()
  })

  test.each(readScenarios().map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    async (_, scenario) => {
      if (specification === undefined) throw new Error('../shared/specs is not here')
      const held = await playAndHold(scenario, specification)
      counts.requests += held.length
      counts.specified += held.filter(({ operation }) => operation !== undefined).length
      console.info(`${counts.specified} of ${counts.requests} requests so far`)
      expect(strange(held)).toEqual([])
    },
    240_000,
  )
})

/** Plans, lets others do what the scenario says, and applies; what came of it is the scenario's own test's. */
async function playAndHold(
  { estate, topology, spec }: Scenario,
  specification: Specification,
): Promise<readonly Held[]> {
  const { knobs = {}, inputs = {}, between, later, faults = [] } = spec
  const simulator = await startSimulator({ estate, knobs })
  try {
    const files = { [topologyFile]: topology }
    const run = (command: string) =>
      runJob(simulator, dispatched(files, { inputs: { ...inputs, command } }), runtime)
    const end = setTimeout(() => {
      for (const resource of later?.put ?? []) simulator.azure.put(resource)
    }, later?.afterMs ?? 0)
    await run('plan')
    clearTimeout(end)
    for (const resource of between?.put ?? []) simulator.azure.put(resource)
    for (const id of between?.remove ?? []) simulator.azure.remove(id)
    for (const { match, ...fault } of faults) {
      const { path, ...rest } = match
      simulator.azure.addFault({
        ...fault,
        match: { ...rest, ...(path === undefined ? {} : { path: new RegExp(path, 'i') }) },
      })
    }
    await run('apply')
    const answered = simulator.azure.requests.filter(
      ({ host, status, responseBody }) =>
        // What a fault put in the service's place is no answer of the simulator's.
        host === 'arm' && status !== 0 && !(status >= 500 && typeof responseBody !== 'object'),
    )
    return await specification.hold(answered)
  } finally {
    await simulator.close()
  }
}
