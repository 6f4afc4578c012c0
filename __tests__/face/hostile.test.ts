import { describe, expect, it } from '@jest/globals'
import { load } from 'js-yaml'
import { expandEstate } from '../../simulator/estate.ts'
import type { JobResult } from '../../simulator/job/job.ts'
import type { EstateSeed, SeedResource, Simulator } from '../../simulator/simulator.ts'
import { parseTopology } from '../../src/topology/parseTopology.ts'
import { harmIn } from '../render/checks.ts'
import { nasty } from '../render/nasty.ts'
import { run, withSimulator } from '../safety/runs.ts'
import { hub } from '../safety/situations.ts'
import {
  commits,
  dispatched,
  merge,
  opened,
  pushed,
  seedGitHub,
  topologyFile,
} from '../support/repository.ts'
import { subscription } from '../support/stable.ts'
import { annotationsOf, forgedIn } from './runner.ts'

/**
 * Runs the bundle with the whole corpus of nasty strings in the file, in Azure and in its errors,
 * and checks comment, summary, drift issue, annotations and log.
 */

const group = `/subscriptions/${subscription}/resourceGroups`
const strings = Object.values(nasty)
const head = `version: 1
name: production
subscription: ${subscription}
privateLinkScope: rg-monitor/ampls-hub
logAnalyticsWorkspaces: { logs: rg-monitor/law-weu }
`

/** Strings that a quoted YAML scalar can hold. */
const writable = strings.filter((value) => {
  try {
    return load(JSON.stringify(value)) === value
  } catch {
    return false
  }
})

/** Those that the parser accepts in one place of a file. */
function acceptedIn(place: (value: string) => string): readonly string[] {
  return strings.filter((value) => {
    const { diagnostics } = parseTopology(head + place(JSON.stringify(value)), {
      file: topologyFile,
      today: '2026-01-01',
    })
    return diagnostics.every(({ severity }) => severity !== 'error')
  })
}

/** What Azure might accept as a name, generously: anything that fits one path segment. */
const names = strings.filter(
  (value) => value.trim() !== '' && !/[/?#%\p{Cc}\p{Cs}]/u.test(value) && value.length <= 90,
)

function harm(result: JobResult, { github }: Simulator): readonly string[] {
  const { comments = [], issues = [] } = github ?? {}
  return [
    ...comments.flatMap(({ body }) => harmIn(body)),
    ...issues.flatMap(({ body }) => harmIn(body)),
    ...issues.flatMap(({ title }) => (/[@<[`]/.test(title) ? [`title: ${title}`] : [])),
    ...harmIn(result.summary),
    ...harmIn(result.file('plan-markdown')),
    ...forgedIn(result),
  ]
}

function machineId(index: number, inGroup = 'rg-app'): string {
  return `${group}/${inGroup}/providers/Microsoft.Compute/virtualMachines/vm-${index}`
}

/** Machines associated with an endpoint of another region by a user with a nasty name. */
function hostileEstate(): EstateSeed {
  const base = expandEstate(hub)
  const legacy = `${group}/rg-old/providers/Microsoft.Insights/dataCollectionEndpoints/dce-eus`
  const machines = strings.flatMap((value, index): SeedResource[] => {
    const id = machineId(index)
    return [
      { id, location: 'northeurope', tags: { monitoring: 'private', note: value, [value]: 'x' } },
      {
        id: `${id}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`,
        properties: { dataCollectionEndpointId: legacy, description: value },
        systemData: {
          lastModifiedBy: value,
          lastModifiedByType: index % 2 === 0 ? 'User' : value,
          lastModifiedAt: index % 3 === 0 ? value : '2026-01-05T08:30:00Z',
        },
      },
    ]
  })
  const named = names.map((value, index): SeedResource => ({
    id: machineId(1000 + index, value),
    location: 'northeurope',
    tags: { monitoring: 'private' },
  }))
  return { ...base, resources: [...base.resources, ...machines, ...named] }
}

const selecting = `${head}machines:
  - select: { tags: { monitoring: private } }
    logs: logs
dataCollectionEndpoints: { resourceGroup: rg-monitor }
`

const limits = { 'max-replacements': '1000', 'max-deletes': '1000' }

describe('the corpus', () => {
  it('is large enough to be meaningful', () => {
    expect(strings.length).toBeGreaterThanOrEqual(60)
    expect(writable.length).toBeGreaterThan(50)
    expect(names.length).toBeGreaterThan(20)
  })

  it('in keys and values of a file that cannot be planned forges nothing', async () => {
    const topology = [
      head,
      ...writable.map(
        (value) => `${JSON.stringify(`k ${value}`.slice(0, 900))}: ${JSON.stringify(value)}`,
      ),
      'machines:',
      ...writable.map((value) => `  - ${JSON.stringify(value)}`),
      'waivers:',
      ...writable.map(
        (value) =>
          `  - { code: ${JSON.stringify(value)}, reason: ${JSON.stringify(value)}, expires: ${JSON.stringify(value)} }`,
      ),
    ].join('\n')
    await withSimulator({ estate: expandEstate(hub), github: seedGitHub() }, async (simulator) => {
      const result = await run(simulator, opened({ [topologyFile]: topology }))
      expect(result.outputs).toMatchObject({ 'failure-reason': 'invalid-topology' })
      expect(harm(result, simulator)).toEqual([])
      expect(simulator.github?.comments).toHaveLength(1)
      expect(annotationsOf(result).length).toBeLessThanOrEqual(10)
    })
  })

  it('in names of files forges nothing: in comments, annotations, outputs and paths', async () => {
    const paths = strings
      .filter((value) => value.trim() !== '' && !/[/\0]|\p{Cs}/u.test(value))
      .filter((value) => Buffer.byteLength(value) < 250)
      .map((value) => `topologies/${value}.yml`)
    expect(paths.length).toBeGreaterThan(40)
    const names = [...paths.keys()].map((index) => `name: t${index}`)
    const files = Object.fromEntries(
      paths.map((path, index) => [
        path,
        index % 2 === 0 ? 'version: 1\n' : head.replace(/^name: .*$/m, names[index] ?? ''),
      ]),
    )
    await withSimulator({ estate: expandEstate(hub), github: seedGitHub() }, async (simulator) => {
      const result = await run(
        simulator,
        opened(files, { inputs: { 'topology-file': 'topologies/*.yml' } }),
      )
      expect(result.outputs).toMatchObject({ 'failure-reason': 'invalid-topology' })
      expect(harm(result, simulator)).toEqual([])
      expect(simulator.github?.comments).toHaveLength(paths.length)
      const written = (result.outputs['plan-json'] ?? '').split('\n')
      expect(written).toHaveLength(paths.length)
      expect(written.filter((path) => !/\/private-link-\w+\/[\w.-]+$/.test(path))).toEqual([])
    })
  })

  it('in values of a file that is applied, and in reasons of waivers, forges nothing', async () => {
    const tags = acceptedIn((value) => `dataCollectionEndpoints: { tags: { a: ${value} } }`)
    const reasons = acceptedIn(
      (value) => `waivers: [{ code: endpoint-in-use, reason: ${value}, expires: 2027-01-31 }]`,
    )
    expect(tags.length).toBeGreaterThan(30)
    expect(reasons.length).toBeGreaterThan(50)
    const topology = [
      `${head}machines: [rg-app/vm-03]`,
      'dataCollectionEndpoints:\n  resourceGroup: rg-monitor\n  tags:',
      // Azure allows fifty tags.
      ...tags.slice(0, 49).map((value, index) => `    t${index}: ${JSON.stringify(value)}`),
      'waivers:',
      ...reasons.map(
        (value, index) =>
          `  - { code: endpoint-in-use, resource: rg-x/dce-${index}, reason: ${JSON.stringify(value)}, expires: 2027-01-31 }`,
      ),
    ].join('\n')
    await withSimulator({ estate: expandEstate(hub), github: seedGitHub() }, async (simulator) => {
      const files = { [topologyFile]: topology }
      const planned = await run(simulator, opened(files))
      expect(planned.outputs['failure-reason']).toBe('')
      expect(harm(planned, simulator)).toEqual([])
      merge(simulator)
      const applied = await run(simulator, pushed(files))
      expect(applied.outputs['failure-reason']).toBe('')
      expect(harm(applied, simulator)).toEqual([])
    })
  })

  it('in names, tags, descriptions and actors of Azure forges nothing: comment, then drift issue', async () => {
    const files = { [topologyFile]: selecting }
    const commit = { sha: commits.merge, date: '2026-01-02T00:00:00Z', paths: [topologyFile] }
    const github = { ...seedGitHub(), commits: [commit] }
    await withSimulator({ estate: hostileEstate(), github }, async (simulator) => {
      const planned = await run(simulator, opened(files, { inputs: limits }))
      expect(planned.outputs).toMatchObject({
        result: 'changes',
        'to-replace': String(strings.length),
      })
      expect(harm(planned, simulator)).toEqual([])
      const drift = { event: 'schedule', sha: commits.merge, files, inputs: limits }
      const found = await run(simulator, drift)
      expect(found.outputs).toMatchObject({ result: 'drift' })
      expect(simulator.github?.issues).toHaveLength(1)
      expect(harm(found, simulator)).toEqual([])
      const again = await run(simulator, drift)
      expect(again.stdout).toContain('Drift issue unchanged')
    })
  })

  it("in Azure's answers to writes forges nothing, and no apply counts as done", async () => {
    const files = { [topologyFile]: selecting }
    await withSimulator(
      { estate: hostileEstate(), knobs: { scopedWriteMs: 0 }, github: seedGitHub() },
      async (simulator) => {
        strings.forEach((value, index) => {
          simulator.azure.addFault({
            match: { method: 'PUT', path: new RegExp(`/vm-${index}/providers/`, 'i') },
            do: {
              status: 409,
              body: {
                error: { code: value, message: value, details: [{ code: value, message: value }] },
              },
            },
          })
        })
        await run(simulator, opened(files, { inputs: limits }))
        merge(simulator)
        const applied = await run(simulator, pushed(files, { inputs: limits }))
        expect(applied.outputs).toMatchObject({
          result: 'partial',
          'failure-reason': 'partial-apply',
        })
        expect(harm(applied, simulator)).toEqual([])
      },
    )
  })

  it.each(['GET', 'POST'])("in Azure's answers to reads (%s) forges nothing", async (method) => {
    const text = writable.filter(({ length }) => length < 60).join(' ')
    for (const message of [text, text.split('').toReversed().join('')]) {
      await withSimulator(
        { estate: expandEstate(hub), github: seedGitHub() },
        async (simulator) => {
          simulator.azure.addFault({
            match: { method, host: 'arm' },
            do: { status: 403, body: { error: { code: '::error::x', message } } },
          })
          const result = await run(simulator, dispatched({ [topologyFile]: selecting }))
          expect(result.outputs).toMatchObject({ result: 'failed' })
          expect(harm(result, simulator)).toEqual([])
        },
      )
    }
  })
})
