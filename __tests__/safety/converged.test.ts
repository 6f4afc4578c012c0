import { describe, expect, test } from '@jest/globals'
import { expandEstate } from '../../simulator/estate.ts'
import type { CommittedWrite, RecordedRequest, Simulator } from '../../simulator/simulator.ts'
import { applyPlan } from '../../src/azure/write/applyPlan.ts'
import type { Change } from '../../src/plan/plan.ts'
import type { Resource } from '../../src/resources/resource.ts'
import { fakeArm } from '../azure/connection/support.ts'
import { dispatched, opened, seedGitHub, topologyFile } from '../support/repository.ts'
import { judgeLog } from '../support/results.ts'
import { subscription } from '../support/stable.ts'
import { applyJob, endOf, estateAfter, run, withSimulator, writesOf } from './runs.ts'
import { closed, firstTime, hub, moved, open, renamed, shrunk, small } from './situations.ts'

const applied = { exitCode: 0, result: 'applied', reason: '' }
const settled = { exitCode: 0, result: 'no-changes', reason: '' }

const situations = [
  ['everything is new', undefined, firstTime],
  ['most is given up', firstTime, shrunk],
  ['a machine moves, another leaves', small, moved],
  ['machines move to an endpoint of another name', small, renamed],
  ['endpoints are closed to public networks', open, closed],
] as const

describe('with a Resource Graph that shows none of the changes', () => {
  test.each(situations)(
    '%s: applied is verified, and a second run is empty',
    async (_, earlier, topology) => {
      const bare = expandEstate(hub)
      const estate = earlier === undefined ? bare : await estateAfter(bare, earlier)
      await withSimulator(
        { estate, knobs: { resourceGraphLagMs: Infinity } },
        async (simulator) => {
          const writes: CommittedWrite[] = []
          simulator.azure.onCommit((write) => {
            if (write.phase !== 'finished') writes.push(write)
          })
          expect(endOf(await run(simulator, applyJob(topology)))).toEqual(applied)
          const last = Math.max(...writes.map(({ n }) => n))
          const unread = writes.filter((write) => !wasReadAfter(simulator, write, last))
          expect(unread.map(({ id }) => id)).toEqual([])

          const count = writesOf(simulator).length
          expect(endOf(await run(simulator, applyJob(topology)))).toEqual(settled)
          const plan = await run(simulator, dispatched({ [topologyFile]: topology }))
          expect(endOf(plan)).toEqual(settled)
          expect(writesOf(simulator)).toHaveLength(count)
        },
      )
    },
  )
})

/** True when the object was read from the provider after the last write; links are read as a list. */
function wasReadAfter({ azure }: Simulator, { id }: CommittedWrite, last: number): boolean {
  const where = id.toLowerCase().replace(/\/scopedresources\/[^/]+$/, '/scopedresources')
  return azure.requests.some(
    (r) => r.n > last && r.method === 'GET' && r.path.toLowerCase() === where,
  )
}

describe('when something keeps undoing the changes', () => {
  test('the apply does not end as applied, and reports what is left', async () => {
    const estate = expandEstate(hub)
    await withSimulator({ estate }, async (simulator) => {
      const { azure } = simulator
      azure.onCommit(({ id, before, phase }) => {
        if (
          phase !== 'committed' ||
          before === undefined ||
          !/vm-02\/.*configurationAccess/i.test(id)
        )
          return
        const undo = {
          ...before,
          systemData: { lastModifiedBy: 'policy', lastModifiedByType: 'ManagedIdentity' },
        }
        setTimeout(() => azure.put(undo), 1)
      })
      const result = await run(simulator, applyJob(small))
      expect(endOf(result)).toEqual({ exitCode: 1, result: 'partial', reason: 'not-converged' })
      expect(result.summary).toContain('1 difference left')
      expect(result.summary).toContain('vm-02')
      expect(judgeLog(result, simulator)).toEqual([])
    })
  })
})

describe('when Azure cannot be read again', () => {
  test('the report lists what was written, and says that it is not verified', async () => {
    await withSimulator({ estate: expandEstate(hub) }, async (simulator) => {
      let writes = 0
      simulator.azure.onCommit(({ phase }) => {
        if (phase === 'finished' || ++writes < 5) return
        simulator.azure.addFault({
          match: { method: 'GET', path: /\/scopedResources$/i },
          do: { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'No.' } } },
        })
      })
      const result = await run(simulator, applyJob(small))
      expect(endOf(result)).toEqual({ exitCode: 1, result: 'partial', reason: 'forbidden' })
      expect(result.stdout).toContain('whether Azure matches the file now could not be checked')
      expect(result.file('plan-markdown')).toContain('✅ done')
    })
  })
})

describe('a run that is not an apply writes nothing', () => {
  test.each(situations)(
    '%s: plan and drift, by an identity that may only read',
    async (_, earlier, topology) => {
      const bare = expandEstate(hub)
      const estate = earlier === undefined ? bare : await estateAfter(bare, earlier)
      const denied = [
        { action: '*/write', scope: '/' },
        { action: '*/delete', scope: '/' },
      ]
      await withSimulator(
        { estate: { ...estate, denied }, github: seedGitHub() },
        async (simulator) => {
          const before = simulator.azure.snapshot()
          const files = { [topologyFile]: topology }
          // Network neighbours would block it, which another suite tests.
          const inputs = { 'check-network': 'false' }
          const drift = dispatched(files, { inputs: { ...inputs, command: 'drift' } })
          const planned = await run(simulator, opened(files, { inputs }))
          expect(endOf(planned)).toMatchObject({ result: 'changes' })
          expect(endOf(await run(simulator, drift))).toMatchObject({ result: 'drift' })
          expect(
            simulator.azure.requests
              .filter(mayWrite)
              .map(({ method, path }) => `${method} ${path}`),
          ).toEqual([])
          expect(simulator.azure.snapshot()).toEqual(before)
        },
      )
    },
  )

  function mayWrite({ host, method, path }: RecordedRequest): boolean {
    if (host !== 'arm' || method === 'GET' || method === 'HEAD') return false
    return !/^\/providers\/Microsoft\.ResourceGraph\/resources$/.test(path)
  }

  test('not even when its plan is passed to the apply code: the transport refuses', async () => {
    const nothing = { state: 404, body: {} }
    const { arm, sent } = fakeArm(() => ({ status: nothing.state, body: {} }), {
      writes: 'refused',
    })
    const outcomes = await applyPlan(everyChange, {
      arm,
      owner: {
        name: 'production',
        formerNames: [],
        privateLinkScope: { id: { key: scope.toLowerCase() } },
      },
      scopeId: scope,
      waitMs: 1000,
      maxConcurrency: 8,
      stop: new AbortController().signal,
      giveUp: new AbortController().signal,
      beforeDestructiveWrite: () => Promise.resolve(),
      findDark: () => Promise.resolve([]),
      onProgress: () => undefined,
    })
    expect(sent.filter(({ method }) => method !== 'GET')).toEqual([])
    const tried = outcomes.filter(({ result }) => result === 'failed')
    expect(tried.map(({ change }) => change.key)).toEqual(['create endpoint', 'link', 'associate'])
    expect(tried.map(({ problem }) => problem?.code)).toEqual(Array(3).fill('WriteRefused'))
  })

  test('not even through the SDK, with any of its operations', async () => {
    const { arm, sent } = fakeArm(() => ({ status: 200, body: { value: [] } }), {
      writes: 'refused',
    })
    const client = arm.monitor(subscription) as unknown as Record<string, unknown>
    const attempts = Object.values(client).flatMap((group) => operationsOf(group))
    expect(attempts.length).toBeGreaterThan(30)
    await Promise.all(attempts.map((attempt) => attempt().catch(() => undefined)))
    expect(sent.length).toBeGreaterThan(5)
    expect(sent.filter(({ method }) => !['GET', 'HEAD'].includes(method))).toEqual([])
  })
})

/** Every operation of a group of the SDK, with plausible arguments. */
function operationsOf(group: unknown): (() => Promise<unknown>)[] {
  if (typeof group !== 'object' || group === null) return []
  return Object.values(group)
    .filter((operation) => typeof operation === 'function')
    .map((operation: (...args: unknown[]) => unknown) => async () => {
      const answer = await operation('a', 'b', { location: 'westeurope' }, {}, {})
      const pages = answer as Partial<AsyncIterable<unknown>>
      if (pages[Symbol.asyncIterator] === undefined) return
      const iterator = (pages as AsyncIterable<unknown>)[Symbol.asyncIterator]()
      await iterator.next()
    })
}

const group = `/subscriptions/${subscription}/resourceGroups/rg`
const scope = `${group}/providers/Microsoft.Insights/privateLinkScopes/hub`
const dce = `${group}/providers/Microsoft.Insights/dataCollectionEndpoints/dce`
const target = `${group}/providers/Microsoft.Compute/virtualMachines/vm`

/** A change of every kind, for objects that Azure doesn't have. */
const everyChange: readonly Change[] = [
  change('create endpoint', {
    kind: 'dataCollectionEndpoint',
    id: dce,
    location: 'westeurope',
    publicNetworkAccess: 'Disabled',
    tags: {},
  }),
  change('link', {
    kind: 'scopedResource',
    id: `${scope}/scopedResources/x`,
    linkedResourceId: dce,
  }),
  change('associate', {
    kind: 'association',
    id: `${target}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`,
    target,
    endpointId: dce,
  }),
]

function change(key: string, after: Resource): Change {
  return {
    key,
    id: after.id,
    kind: after.kind,
    action: 'create',
    before: null,
    after,
    rule: 'config-endpoint',
    reason: 'It is tried.',
    dependsOn: [],
    digest: '0'.repeat(64),
  } as Change
}
