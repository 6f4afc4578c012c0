import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, it, test } from '@jest/globals'
import { type Estate, expandEstate, idOf } from '../../simulator/estate.ts'
import type { JobResult } from '../../simulator/job/job.ts'
import type { Fault, Knobs, RecordedRequest, Simulator } from '../../simulator/simulator.ts'
import { startSimulator } from '../../simulator/simulator.ts'
import { at } from './fields.ts'
import { runCommand } from './runs.ts'
import { talkTo } from './talk.ts'

/**
 * What only a live test can settle (facts, section 10), one way and the other. The points are those of
 * docs/live-checklist.md, by number; whichever way Azure turns out, the product must do the right thing.
 */

const subscription = '11111111-1111-1111-1111-111111111111'
const id = (type: Parameters<typeof idOf>[1], reference: string) =>
  idOf(subscription, type, reference)

const estate: Estate = {
  subscription,
  resourceGroups: ['rg-monitor'],
  scope: { id: 'rg-monitor/ampls-hub', privateEndpoints: { 'rg-net/pe': 'approved' } },
  logWorkspaces: { 'rg-monitor/law': 'westeurope', 'rg-other/law-2': 'westeurope' },
  machines: { 'rg-app/vm-01': 'westeurope', 'rg-other/vm-out': 'westeurope' },
}

const topology = `version: 1
name: small
subscription: ${subscription}
privateLinkScope: rg-monitor/ampls-hub
logAnalyticsWorkspaces:
  logs: rg-monitor/law
machines:
  - resource: rg-app/vm-01
    logs: logs
dataCollectionEndpoints:
  resourceGroup: rg-monitor
`

/** The same without its machine: association, link and endpoint are to go. */
const emptied = topology.replace(/machines:[\s\S]*?logs: logs\n/, '')

const endpoint = id('endpoint', 'rg-monitor/dce-small-westeurope')
const scope = id('scope', 'rg-monitor/ampls-hub')
const workspace = id('logWorkspace', 'rg-monitor/law')
const associationOf = (target: string) =>
  `${target}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`

interface Trial {
  readonly knobs?: Partial<Knobs>
  readonly estate?: Partial<Estate>
  readonly topology?: string
  readonly faults?: readonly Fault[]
  readonly inputs?: Readonly<Record<string, string>>
  /** Told of every write, once it is committed. */
  readonly onWrite?: (simulator: Simulator, method: string, id: string) => Promise<void> | void
  /** More after the first apply, which must have gone well. */
  readonly then?: (simulator: Simulator) => Promise<JobResult>
}

interface Tried {
  readonly result: string
  readonly reason: string
  readonly stdout: string
  readonly requests: readonly RecordedRequest[]
  /** Ids of what there is in the end, in lower case. */
  readonly there: readonly string[]
  readonly plan: unknown
}

/** Every request of every trial: what must never be among them is looked for at the end. */
const everything: RecordedRequest[] = []

async function tryOut(trial: Trial): Promise<Tried> {
  const simulator = await startSimulator({
    estate: expandEstate({ ...estate, ...trial.estate }),
    ...(trial.knobs ? { knobs: trial.knobs } : {}),
  })
  try {
    for (const fault of trial.faults ?? []) simulator.azure.addFault(fault)
    simulator.azure.onCommit(async ({ phase, method, id: written }) => {
      if (phase !== 'finished') await trial.onWrite?.(simulator, method, written)
    })
    const first = await runCommand(simulator, trial.topology ?? topology, 'apply', trial.inputs)
    if (trial.then !== undefined && first.outputs['result'] !== 'applied') {
      throw new Error(first.stdout)
    }
    const job = trial.then === undefined ? first : await trial.then(simulator)
    everything.push(...simulator.azure.requests)
    return {
      result: job.outputs['result'] ?? '',
      reason: job.outputs['failure-reason'] ?? '',
      stdout: job.stdout,
      requests: [...simulator.azure.requests],
      there: simulator.azure.snapshot().resources.map((one) => one.id.toLowerCase()),
      plan: job.file('plan-json') === '' ? undefined : JSON.parse(job.file('plan-json')),
    }
  } finally {
    await simulator.close()
  }
}

function requestsTo(tried: Tried, method: string, part: RegExp): readonly RecordedRequest[] {
  return tried.requests.filter((one) => one.method === method && part.test(one.path))
}

/** Another topology associates a machine of its own with our endpoint. */
function outsider(simulator: Simulator): void {
  const target = id('machine', 'rg-other/vm-out')
  simulator.azure.put({
    id: associationOf(target),
    properties: {
      dataCollectionEndpointId: endpoint,
      description: 'Managed by azure-monitor-private-link (topology: edge)',
    },
  })
}

describe('P1: a write to a scope that somebody else is writing to is refused with', () => {
  test.each([409, 400] as const)('%d: it is waited for, and written', async (busyStatus) => {
    let isTold = false
    const tried = await tryOut({
      knobs: { busyStatus, scopedWriteMs: 300 },
      estate: {
        scope: { id: 'rg-monitor/ampls-hub', links: { 'law-by-hand': 'log:rg-monitor/law' } },
      },
      // Between our endpoint's creation and its link: nothing else of ours is written to the scope.
      onWrite: async (simulator, method, written) => {
        if (isTold || method !== 'PUT' || !/dataCollectionEndpoints/i.test(written)) return
        isTold = true
        const talk = talkTo(simulator)
        const { status } = await talk.ask(
          'PUT',
          `${scope}/scopedResources/theirs?api-version=2021-07-01-preview`,
          { properties: { linkedResourceId: id('logWorkspace', 'rg-other/law-2') } },
        )
        talk.close()
        expect(status).toBe(200)
      },
    })
    expect(tried.result).toBe('applied')
    const writes = requestsTo(tried, 'PUT', /scopedResources\/small-dce/i)
    expect(writes.map(({ status }) => status)).toEqual([busyStatus, 200])
    expect(tried.there.filter((one) => one.includes('/scopedresources/')).length).toBe(3)
  })
})

describe('P2: a long-running write answers with', () => {
  test.each(['body', 'async-operation', 'location'] as const)(
    '%s: it is followed to its end, making and deleting',
    async (lro) => {
      const tried = await tryOut({
        knobs: { lro, retryAfterSeconds: 0 },
        then: (simulator) => runCommand(simulator, emptied, 'apply'),
      })
      expect(tried.result).toBe('applied')
      expect(tried.there).not.toContain(endpoint.toLowerCase())
      const statuses = requestsTo(tried, 'PUT', /scopedResources/i).map(({ status }) => status)
      expect(new Set(statuses)).toEqual(new Set([lro === 'body' ? 200 : 202]))
    },
  )
})

describe('P3: deleting an endpoint that others are associated with', () => {
  test.each(['refuse', 'allow'] as const)(
    '%s: it is never asked for, whether they came before the plan or after it',
    async (endpointInUse) => {
      const before = await tryOut({
        knobs: { endpointInUse },
        then: (simulator) => {
          outsider(simulator)
          return runCommand(simulator, emptied, 'apply')
        },
      })
      expect([before.result, before.reason]).toEqual(['failed', 'blocked'])
      let isRemoving = false
      const after = await tryOut({
        knobs: { endpointInUse },
        onWrite: (simulator, method, written) => {
          // The moment our machine lets go of it, after the plan was made.
          if (isRemoving && method === 'DELETE' && /vm-01/i.test(written)) outsider(simulator)
        },
        then: (simulator) => {
          isRemoving = true
          return runCommand(simulator, emptied, 'apply')
        },
      })
      expect(after.result).toBe('partial')
      for (const tried of [before, after]) {
        expect(requestsTo(tried, 'DELETE', /dataCollectionEndpoints\/[^/]+$/i)).toEqual([])
        expect(tried.there).toContain(endpoint.toLowerCase())
      }
    },
  )
})

describe('P4: deleting an endpoint that another scope links', () => {
  test.each([
    ['refuse', 'shown'],
    ['allow', 'shown'],
    ['refuse', 'hidden'],
    ['allow', 'hidden'],
  ] as const)(
    '%s, and Resource Graph has its links %s (P6): the plan is blocked',
    async (linkedDelete, graphLinks) => {
      const other = id('scope', 'rg-other/ampls-other')
      const tried = await tryOut({
        knobs: { linkedDelete, graphLinks },
        estate: { resources: [{ id: other, location: 'global', properties: openModes }] },
        then: (simulator) => {
          simulator.azure.put({
            id: `${other}/scopedResources/theirs`,
            properties: { linkedResourceId: endpoint },
          })
          return runCommand(simulator, emptied, 'apply')
        },
      })
      expect([tried.result, tried.reason]).toEqual(['failed', 'blocked'])
      expect(tried.stdout).toContain('endpoint-in-use')
      expect(requestsTo(tried, 'DELETE', /dataCollectionEndpoints/i)).toEqual([])
    },
  )
})

const openModes = {
  accessModeSettings: { ingestionAccessMode: 'Open', queryAccessMode: 'Open', exclusions: [] },
}

describe('P5: a link that is written again as it is answers with', () => {
  test.each(['no-op', 'conflict'] as const)(
    '%s: after a lost answer it counts as done',
    async (identicalLink) => {
      const tried = await tryOut({
        knobs: { identicalLink },
        faults: [
          {
            match: { method: 'PUT', path: /scopedResources\/small-law/i },
            times: 1,
            do: 'reset-after-commit',
          },
        ],
      })
      expect(tried.result).toBe('applied')
      const writes = requestsTo(tried, 'PUT', /scopedResources\/small-law/i)
      expect(writes.length).toBeGreaterThan(1)
      expect(writes.at(-1)?.status).toBe(identicalLink === 'conflict' ? 409 : 200)
    },
  )
})

describe('P7: associating a target with an endpoint of another region', () => {
  test.each(['accept', 'refuse'] as const)(
    '%s: it is never done, and what others did so is replaced',
    async (otherRegion) => {
      const tried = await tryOut({
        knobs: { otherRegion },
        estate: {
          endpoints: { 'rg-old/dce-eus': 'eastus' },
          machines: { 'rg-app/vm-01': { location: 'westeurope', endpoint: 'rg-old/dce-eus' } },
        },
      })
      expect(tried.result).toBe('applied')
      const written = requestsTo(tried, 'PUT', /dataCollectionRuleAssociations/i)
      expect(written.map(({ status, requestBody }) => [status, idIn(requestBody)])).toEqual([
        [200, endpoint],
      ])
    },
  )
})

function idIn(body: unknown): unknown {
  return at(body, 'properties', 'dataCollectionEndpointId')
}

describe('P8: Resource Graph has the associations in', () => {
  const withAssociation: Partial<Estate> = {
    endpoints: { 'rg-shared/dce-weu': 'westeurope' },
    machines: { 'rg-app/vm-01': { location: 'westeurope', endpoint: 'rg-shared/dce-weu' } },
  }
  const plans: unknown[] = []

  test.each(['insightsresources', 'insightresources'] as const)(
    '%s: they are found, and the association there is adopted',
    async (associationTable) => {
      const tried = await tryOut({ knobs: { associationTable }, estate: withAssociation })
      expect(tried.result).toBe('applied')
      expect(requestsTo(tried, 'PUT', /dataCollectionRuleAssociations/i)).toEqual([])
      const refused = requestsTo(tried, 'POST', /resourcegraph/i).filter(
        ({ status }) => status === 400,
      )
      expect(refused.length > 0).toBe(associationTable === 'insightresources')
      plans.push(at(tried.plan, 'fingerprint'))
    },
  )

  it('either: and the plan is the same', () => {
    expect(plans.length).toBe(2)
    expect(plans[0]).toBe(plans[1])
  })
})

describe('P9: linking asks for the right', () => {
  test.each(['scopedPrivateLinkProxies/write', 'write'] as const)(
    '…/%s on what is linked: whoever lacks it is told which, and where',
    async (linkedAction) => {
      const action = `Microsoft.OperationalInsights/workspaces/${linkedAction}`
      const tried = await tryOut({
        knobs: { linkedAction },
        estate: { denied: [{ action, scope: workspace }] },
      })
      expect([tried.result, tried.reason]).toEqual(['partial', 'partial-apply'])
      expect(tried.stdout).toMatch(new RegExp(`Give .* a role with ${action} on ${workspace}`, 'i'))
      // And what doesn't hang on it is done.
      expect(tried.there).toContain(associationOf(id('machine', 'rg-app/vm-01')).toLowerCase())
    },
  )
})

describe('P10: a managed group refuses to have its endpoint linked by', () => {
  const refusals = [
    [
      'a deny assignment',
      403,
      'DenyAssignmentAuthorizationFailed',
      /A deny assignment .* keeps everybody from changing this/,
    ],
    ['a lock', 409, 'ScopeLocked', /A lock on \/subscriptions\/x keeps this from being written/],
  ] as const

  test.each(refusals)(
    '%s: it is told so, and the rest is done',
    async (_, status, code, remedy) => {
      const message =
        "The scope '/a' cannot perform write operation because following scope(s) are locked: '/subscriptions/x'. Please remove the lock and try again."
      const tried = await tryOut({
        faults: [
          {
            match: { method: 'PUT', path: /scopedResources\/small-law/i },
            do: {
              status,
              body: { error: { code, message: code === 'ScopeLocked' ? message : 'No.' } },
            },
          },
        ],
      })
      expect(tried.result).toBe('partial')
      expect(tried.stdout).toMatch(remedy)
      expect(tried.there).toContain(associationOf(id('machine', 'rg-app/vm-01')).toLowerCase())
    },
  )
})

describe('P11: ids come back', () => {
  test.each(['azure', 'lower', 'upper'] as const)(
    'in %s case: nothing is left to do',
    async (casing) => {
      const tried = await tryOut({
        knobs: { casing },
        then: (simulator) => runCommand(simulator, topology, 'plan'),
      })
      expect([tried.result, tried.stdout]).toEqual(['no-changes', expect.anything()])
    },
  )
})

describe('P12: names of endpoints', () => {
  const odd = `${topology}  regionalName: 9-{region}\n`

  test.each([
    ['may begin with a digit', 'usual', odd, 'applied'],
    ['must begin with a letter', 'strict', odd, 'partial'],
    ['must begin with a letter, as the default ones do', 'strict', topology, 'applied'],
  ] as const)('%s', async (_, endpointNames, file, result) => {
    const tried = await tryOut({ knobs: { endpointNames }, topology: file })
    expect(tried.result).toBe(result)
    if (result !== 'partial') return
    expect(tried.stdout).toMatch(/The name '9-westeurope' is invalid/)
    expect(tried.stdout).toMatch(/correct what these words name in the topology file/)
    expect(requestsTo(tried, 'PUT', /dataCollectionRuleAssociations/i)).toEqual([])
  })
})

describe('P13: writes of associations are limited', () => {
  const limited = (headers: Record<string, string>, words: string): Fault => ({
    match: { method: 'PUT', path: /dataCollectionRuleAssociations/i },
    times: 2,
    do: { status: 429, headers, body: { error: { code: 'TooManyRequests', message: words } } },
  })

  test.each([
    ['as published', { throttle: 'published' } as const, []],
    ['lower, with Retry-After', {}, [limited({ 'retry-after': '1' }, 'Too many.')]],
    ['lower, in words only', {}, [limited({}, "Please try again after '1' seconds.")]],
  ])('%s: it waits as long as it is told', async (_, knobs, faults) => {
    const tried = await tryOut({ knobs, faults })
    expect(tried.result).toBe('applied')
    const writes = requestsTo(tried, 'PUT', /dataCollectionRuleAssociations/i)
    const [first, last] = [writes[0], writes.at(-1)]
    expect(writes.map(({ status }) => status)).toEqual(faults.length > 0 ? [429, 429, 200] : [200])
    expect((last?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(faults.length * 1900)
  })
})

describe('P14: deleting a scope that has private endpoints', () => {
  afterAll(() => void everything.splice(0))

  it('is never asked for', () => {
    const deleted = everything.filter(
      ({ method, path: of }) => method === 'DELETE' && /privateLinkScopes\/[^/]+$/i.test(of),
    )
    expect(everything.length).toBeGreaterThan(500)
    expect(deleted).toEqual([])
  })
})

describe('docs/live-checklist.md', () => {
  const root = path.resolve(import.meta.dirname, '../..')
  const points = (text: string): readonly string[] =>
    [...new Set(text.match(/\bP\d+\b/g) ?? [])].sort()
  const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')

  it('has the points that are tried here', () => {
    expect(points(read('docs/live-checklist.md'))).toEqual(
      points(read('__tests__/fidelity/openPoints.test.ts')),
    )
  })

  it('has a script that settles all of them but the last, which needs a network', () => {
    const folder = path.join(root, 'scripts/live-checklist')
    const scripts = readdirSync(folder).map((file) => read(`scripts/live-checklist/${file}`))
    const all = points(read('docs/live-checklist.md'))
    expect(points(scripts.join('\n'))).toEqual(all.filter((point) => point !== 'P14'))
  })
})
