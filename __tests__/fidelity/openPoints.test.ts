import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it, test } from '@jest/globals'
import { type Estate, expandEstate, idOf } from '../../simulator/estate.ts'
import type { JobResult } from '../../simulator/job/job.ts'
import {
  type Fault,
  type Knobs,
  type RecordedRequest,
  type Simulator,
  startSimulator,
} from '../../simulator/simulator.ts'
import { defaultKnobs } from '../../simulator/azure/knobs.ts'
import { expectGolden } from '../support/goldens.ts'
import { at } from './fields.ts'
import { judgeFidelity } from './judge.ts'
import { describePoints, describeTests, noPoints, points } from './points.ts'
import { runCommand } from './runs.ts'
import { sharedFolder } from './shared.ts'
import { talkTo } from './talk.ts'

/**
 * Questions that only a live test can answer (facts, section 10), tested with each possible answer.
 * The numbers are those of points.ts. The product must do the right thing with every answer.
 */

const names: string[] = []
afterEach(() => {
  const name = expect.getState().currentTestName ?? ''
  if (/^P\d+:/.test(name)) names.push(name)
})

const subscription = '11111111-1111-1111-1111-111111111111'
const id = (type: Parameters<typeof idOf>[1], reference: string) =>
  idOf(subscription, type, reference)

const estate: Estate = {
  subscription,
  resourceGroups: ['rg-monitor'],
  scope: { id: 'rg-monitor/ampls-hub', privateEndpoints: { 'rg-net/pe': 'approved' } },
  logWorkspaces: { 'rg-monitor/law-weu': 'westeurope', 'rg-other/law-2': 'westeurope' },
  machines: { 'rg-app/vm-01': 'westeurope', 'rg-other/vm-out': 'westeurope' },
}

const topology = `version: 1
name: small
subscription: ${subscription}
privateLinkScope: rg-monitor/ampls-hub
logAnalyticsWorkspaces:
  logs: rg-monitor/law-weu
machines:
  - resource: rg-app/vm-01
    logs: logs
dataCollectionEndpoints:
  resourceGroup: rg-monitor
`

/** With an Azure Monitor workspace, whose endpoint is in a group that Azure manages. */
const measured = topology.replace(
  'machines:',
  'azureMonitorWorkspaces:\n  metrics: rg-monitor/amw\nmachines:',
)
const withMetrics: Partial<Estate> = { monitorWorkspaces: { 'rg-monitor/amw': 'northeurope' } }
const managedEndpoint = `/subscriptions/${subscription}/resourceGroups/MA_amw_northeurope_managed/providers/Microsoft.Insights/dataCollectionEndpoints/amw`

/** Without its machine: association, link and endpoint must be deleted. */
const emptied = topology.replace(/machines:[\s\S]*?logs: logs\n/, '')

const endpoint = id('endpoint', 'rg-monitor/dce-small-westeurope')
const scope = id('scope', 'rg-monitor/ampls-hub')
const workspace = id('logWorkspace', 'rg-monitor/law-weu')
const id1 = id('machine', 'rg-app/vm-01')
const associationOf = (target: string) =>
  `${target}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`

interface Trial {
  readonly knobs?: Partial<Knobs>
  readonly estate?: Partial<Estate>
  readonly topology?: string
  readonly faults?: readonly Fault[]
  readonly inputs?: Readonly<Record<string, string>>
  /** Called after every committed write. */
  readonly onWrite?: (simulator: Simulator, method: string, id: string) => Promise<void> | void
  /** Called after the first apply, which must have succeeded. */
  readonly then?: (simulator: Simulator) => Promise<JobResult>
}

interface Tried {
  readonly result: string
  readonly reason: string
  readonly stdout: string
  readonly requests: readonly RecordedRequest[]
  /** Ids of all resources at the end, in lower case. */
  readonly there: readonly string[]
  readonly plan: unknown
}

/** Every request of every trial, checked at the end for forbidden ones. */
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

/** Another topology associates its own machine with our endpoint. */
function outsider(simulator: Simulator): void {
  const target = id('machine', 'rg-other/vm-out')
  simulator.azure.put({
    id: associationOf(target),
    properties: {
      dataCollectionEndpointId: endpoint,
      description: 'Managed by azure-monitor-private-link (edge/a50ff3dd)',
    },
  })
}

describe('P1: a write to a busy scope is refused with', () => {
  test.each([409, 400] as const)('%d: the product waits, and writes again', async (busyStatus) => {
    let isTold = false
    const tried = await tryOut({
      knobs: { busyStatus, scopedWriteMs: 300 },
      estate: {
        scope: { id: 'rg-monitor/ampls-hub', links: { 'law-by-hand': 'log:rg-monitor/law-weu' } },
      },
      // Between the creation of our endpoint and its link, when we write nothing else to the scope.
      onWrite: async (simulator, method, written) => {
        if (isTold || method !== 'PUT' || !/dataCollectionEndpoints/i.test(written)) return
        isTold = true
        const talk = talkTo(simulator)
        const { status } = await talk.question(
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
    '%s: it is polled to its end, for creation and deletion',
    async (lro) => {
      const tried = await tryOut({
        knobs: { lro, retryAfterSeconds: 0 },
        then: (simulator) => runCommand(simulator, emptied, 'apply'),
      })
      expect(tried.result).toBe('applied')
      expect(tried.there).not.toContain(endpoint.toLowerCase())
      const statuses = requestsTo(tried, 'PUT', /scopedResources/i).map(({ status }) => status)
      expect(new Set(statuses)).toEqual(new Set([lro === 'body' ? 200 : 202]))
      const followed = [/\/privatelinkscopeoperationstatuses\//i, /\/operationresults\//i].map(
        (of) => requestsTo(tried, 'GET', of).length > 0,
      )
      expect(followed).toEqual([lro === 'async-operation', lro === 'location'])
    },
  )
})

describe('P3: deleting an endpoint that others are associated with', () => {
  /** When another topology associates its machine with the endpoint, and the result of our run. */
  const moments = {
    'before the plan': [undefined, 'failed', 'blocked'],
    'when our machine lets go of it': [/vm-01/i, 'partial', 'partial-apply'],
    'when our link to it is gone': [/scopedResources\/small-dce/i, 'partial', 'partial-apply'],
  } as const
  const cases = (['refuse', 'allow'] as const).flatMap((endpointInUse) =>
    Object.entries(moments).map(([moment, how]) => [endpointInUse, moment, how] as const),
  )

  test.each(cases)(
    '%s: it is never requested, where they come %s',
    async (endpointInUse, _, [when, ...outcome]) => {
      let isRemoving = false
      const tried = await tryOut({
        knobs: { endpointInUse },
        onWrite: (simulator, method, written) => {
          if (isRemoving && method === 'DELETE' && when?.test(written) === true) outsider(simulator)
        },
        then: (simulator) => {
          isRemoving = true
          if (when === undefined) outsider(simulator)
          return runCommand(simulator, emptied, 'apply')
        },
      })
      expect([tried.result, tried.reason]).toEqual(outcome)
      expect(requestsTo(tried, 'DELETE', /dataCollectionEndpoints\/[^/]+$/i)).toEqual([])
      expect(tried.there).toContain(endpoint.toLowerCase())
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

describe('P5: writing an identical link again answers with', () => {
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

describe('P6: links of endpoints in rows of Resource Graph are', () => {
  const plans: unknown[] = []

  test.each(['shown', 'hidden'] as const)(
    '%s: our own is removed anyway, and the endpoint after it',
    async (graphLinks) => {
      const tried = await tryOut({
        knobs: { graphLinks },
        then: (simulator) => runCommand(simulator, emptied, 'apply'),
      })
      expect(tried.result).toBe('applied')
      expect(tried.there).not.toContain(endpoint.toLowerCase())
      plans.push(at(tried.plan, 'fingerprint'))
    },
  )

  it('either way, the plan is the same', () => {
    expect(plans.length).toBe(2)
    expect(plans[0]).toBe(plans[1])
  })
})

describe('P7: associating a target with an endpoint of another region', () => {
  test.each(['accept', 'refuse'] as const)(
    '%s: it is never written, and one that others wrote is replaced',
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

describe('P8: the associations are in the table', () => {
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

  it('either way, the plan is the same', () => {
    expect(plans.length).toBe(2)
    expect(plans[0]).toBe(plans[1])
  })
})

describe('P9: linking requires the permission', () => {
  const linked = {
    'a workspace': [workspace, 'Microsoft.OperationalInsights/workspaces'],
    'an endpoint in a managed group': [
      managedEndpoint,
      'Microsoft.Insights/dataCollectionEndpoints',
    ],
  } as const
  const cases = (['scopedPrivateLinkProxies/write', 'write'] as const).flatMap((linkedAction) =>
    Object.entries(linked).map(([what, of]) => [linkedAction, what, of] as const),
  )

  test.each(cases)(
    '…/%s on %s: the error names it and the resource',
    async (linkedAction, _, [id, type]) => {
      const action = `${type}/${linkedAction}`
      const tried = await tryOut({
        knobs: { linkedAction },
        estate: { ...withMetrics, denied: [{ action, scope: id }] },
        topology: measured,
      })
      expect([tried.result, tried.reason]).toEqual(['partial', 'partial-apply'])
      expect(tried.stdout).toMatch(new RegExp(`Give .* a role with ${action} on ${id}`, 'i'))
      // And changes that don't depend on it are made.
      expect(tried.there).toContain(associationOf(id1).toLowerCase())
    },
  )
})

describe('P10: the managed group of an Azure Monitor workspace', () => {
  const ways = [
    ['open', 'its endpoint is linked', 'applied', /./],
    [
      'denied',
      'the error says so, and the rest is done',
      'partial',
      /403 DenyAssignmentAuthorizationFailed[\s\S]*A deny assignment .* prevents any change of this/,
    ],
    [
      'locked',
      'the error says so, and the rest is done',
      'partial',
      /409 ScopeLocked[\s\S]*A lock on \/subscriptions\/[^ ]*\/MA_amw_northeurope_managed prevents this write/,
    ],
  ] as const

  test.each(ways)('is %s: %s', async (managedGroups, _, result, words) => {
    const tried = await tryOut({
      knobs: { managedGroups },
      estate: withMetrics,
      topology: measured,
    })
    expect(tried.result).toBe(result)
    expect(tried.stdout).toMatch(words)
    expect(tried.there).toContain(associationOf(id1).toLowerCase())
    const links = requestsTo(tried, 'PUT', /scopedResources/i)
    expect(links.filter(({ status }) => status < 300).length).toBe(result === 'applied' ? 3 : 2)
  })
})

describe('P11: ids are returned', () => {
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
  const short = `${topology}  regionalName: q\n`

  test.each([
    ['may start with a digit', 'usual', odd, 'applied'],
    ['must start with a letter', 'strict', odd, 'partial'],
    ['must start with a letter, as the default ones do', 'strict', topology, 'applied'],
    ['may have one character', 'lenient', short, 'applied'],
    ['must have three characters', 'usual', short, 'partial'],
  ] as const)('%s', async (_, endpointNames, file, result) => {
    const tried = await tryOut({ knobs: { endpointNames }, topology: file })
    expect(tried.result).toBe(result)
    if (result !== 'partial') return
    const name = file === short ? 'q' : '9-westeurope'
    expect(tried.stdout).toContain(`The name '${name}' is invalid`)
    expect(tried.stdout).toMatch(/correct in the topology file what this message names/)
    expect(requestsTo(tried, 'PUT', /dataCollectionRuleAssociations/i)).toEqual([])
  })
})

describe('P13: writes of associations are limited', () => {
  const limited = (headers: Record<string, string>, words: string): Fault => ({
    match: { method: 'PUT', path: /dataCollectionRuleAssociations/i },
    times: 1,
    do: { status: 429, headers, body: { error: { code: 'TooManyRequests', message: words } } },
  })

  test.each([
    ['with Retry-After', limited({ 'retry-after': '4' }, 'Too many.')],
    ['in words only', limited({}, "Please try again after '4' seconds.")],
  ])('by a 429 %s: it waits as long as the answer says', async (_, fault) => {
    const tried = await tryOut({ faults: [fault] })
    expect(tried.result).toBe('applied')
    const writes = requestsTo(tried, 'PUT', /dataCollectionRuleAssociations/i)
    const [first, last] = [writes[0], writes.at(-1)]
    expect(writes.map(({ status }) => status)).toEqual([429, 200])
    // Longer than it would wait by default.
    expect((last?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(3900)
  })

  const many = Array.from({ length: 34 }, (_, n) => `rg-app/vm-${n + 10}`)
  test.each([
    [300, 'as published: all are written at once'],
    [30, 'far lower: it slows down as headers and 429s say, and loses none'],
  ])('to %d a minute, %s', async (associationWrites) => {
    const tried = await tryOut({
      knobs: { throttle: 'published', associationWrites },
      estate: { machines: Object.fromEntries(many.map((name) => [name, 'westeurope'])) },
      topology: topology.replace(
        /  - resource: rg-app\/vm-01\n    logs: logs\n/,
        many.map((name) => `  - ${name}\n`).join(''),
      ),
    })
    expect(tried.result).toBe('applied')
    const writes = requestsTo(tried, 'PUT', /dataCollectionRuleAssociations/i)
    const took = (writes.at(-1)?.at ?? 0) - (writes[0]?.at ?? 0)
    expect(writes.filter(({ status }) => status === 200).length).toBe(many.length)
    // At most the requests in flight when nothing was left are refused.
    expect(writes.filter(({ status }) => status === 429).length).toBeLessThanOrEqual(8)
    // Four more than the initial number, with one refilled every two seconds.
    if (associationWrites === 30) expect(took).toBeGreaterThan(6000)
  })
})

describe('P15: links of scopes in Resource Graph', () => {
  const plans: unknown[] = []

  test.each(['nowhere', 'resources'] as const)(
    '%s: they are read from the scope, without other effects',
    async (graphScoped) => {
      const tried = await tryOut({
        knobs: { graphScoped },
        estate: {
          scope: { id: 'rg-monitor/ampls-hub', links: { 'law-by-hand': 'log:rg-monitor/law-weu' } },
        },
      })
      expect(tried.result).toBe('applied')
      expect(requestsTo(tried, 'PUT', /scopedResources\/small-law/i)).toEqual([])
      const asked = requestsTo(tried, 'POST', /resourcegraph/i)
      expect(asked.filter(({ status }) => status !== 200)).toEqual([])
      expect(JSON.stringify(asked.map(({ requestBody }) => requestBody))).not.toMatch(
        /\/scopedresources/i,
      )
      plans.push(at(tried.plan, 'fingerprint'))
    },
  )

  it('either way, the plan is the same', () => {
    expect(plans.length).toBe(2)
    expect(plans[0]).toBe(plans[1])
  })
})

describe('P14: deleting a scope that has private endpoints', () => {
  it('is never requested', () => {
    const deleted = everything.filter(
      ({ method, path: of }) => method === 'DELETE' && /privateLinkScopes\/[^/]+$/i.test(of),
    )
    expect(everything.length).toBeGreaterThan(1000)
    expect(deleted).toEqual([])
  })
})

describe('with every answer', () => {
  it('requests and answers match Microsoft’s specification', async () => {
    const fidelity = judgeFidelity()
    // Except refusals by faults, which are made up here.
    const answered = everything.filter(
      ({ status, responseBody }) => status !== 429 || responseBody === undefined,
    )
    expect(await fidelity.judge('open points', answered)).toEqual([])
    console.info(fidelity.tell())
  })
})

describe('the list of open points', () => {
  const root = path.resolve(import.meta.dirname, '../..')
  const numbers = (text: string): readonly string[] =>
    [...new Set(text.match(/\bP\d+\b/g) ?? [])].sort()
  const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')
  const all = points.map(({ id: number }) => number).sort()

  it('is what docs/live-checklist.md shows', () => {
    expect(read('docs/live-checklist.md')).toContain(`\n${describePoints()}\n`)
    expect(numbers(read('docs/live-checklist.md'))).toEqual(all)
  })

  it('has a script that answers all of them but P14, which needs a network', () => {
    const folder = path.join(root, 'scripts/live-checklist')
    const scripts = readdirSync(folder).map((file) => read(`scripts/live-checklist/${file}`))
    expect(numbers(scripts.join('\n'))).toEqual(all.filter((point) => point !== 'P14'))
  })

  it('has knobs that the simulator’s README describes, including the default', () => {
    const page = read('simulator/README.md')
    for (const [name, ways] of points.flatMap(({ knobs }) => Object.entries(knobs))) {
      expect(ways).toContain(defaultKnobs[name as keyof Knobs])
      expect(page).toMatch(new RegExp(`^\\| [^|]*\`${name}\`[^|]* \\|`, 'm'))
    }
  })

  const facts = path.join(sharedFolder, 'facts.md')
  const withFacts = existsSync(facts) ? it : it.skip
  withFacts('is all that facts, section 10, leaves open (SKIPPED where ../shared is not)', () => {
    const section = readFileSync(facts, 'utf8')
      .split(/^## /m)
      .find((text) => text.startsWith('10.'))
    let left = (section ?? '').split('\n').slice(1).join('\n')
    for (const piece of points.flatMap((point) => point.facts)) {
      expect(left).toContain(piece)
      left = left.replace(piece, '')
    }
    const lines = left.split('\n').map((line) => line.replace(/^- */, '').trim())
    expect(
      lines.filter((line) => line !== '' && !noPoints.some((known) => line.startsWith(known))),
    ).toEqual([])
  })

  it('is listed with its tests in OPENPOINTS.md', () => {
    for (const { id: number } of points)
      expect(names.filter((name) => name.startsWith(`${number}: `))).not.toEqual([])
    expectGolden(path.join(import.meta.dirname, 'OPENPOINTS.md'), describeTests(names))
  })
})
