import { isDeepStrictEqual } from 'node:util'
import { type JobResult, type Runtime, bundle, runJob } from '../../simulator/job/job.ts'
import {
  type Knobs,
  type RecordedRequest,
  type Simulator,
  startSimulator,
} from '../../simulator/simulator.ts'
import { judge, type Watched, watch } from './capabilities.ts'
import { judgeOwnership } from './ownership.ts'
import { dispatched, merge, opened, pushed, seedGitHub, topologyFile } from './repository.ts'
import { judgeResult, readPlanJson } from './results.ts'
import type { Outcome, Scenario } from './scenario.ts'
import { stable, stableJson, stableLines } from './stable.ts'
import { readTopology } from './topology.ts'

/** The result of a scenario: the texts of its goldens, and every violated invariant. */
export interface Played {
  readonly goldens: Readonly<Record<GoldenName, string>>
  readonly broken: readonly string[]
  /** Every request of every run with its answer, in order. */
  readonly requests: readonly RecordedRequest[]
}

export type GoldenName =
  'plan.md' | 'plan.json' | 'egress.json' | 'requests.txt' | 'azure.after.json'

/** The bundle to run: dist/, or `ACTION_ENTRY`. */
export const runtime: Runtime = { ...bundle, entry: process.env['ACTION_ENTRY'] ?? bundle.entry }

/**
 * Deliberately harder than Azure: Resource Graph never catches up, deletes of used objects are not refused, and
 * links are slower than everything else, so that a write that should wait for a link overtakes it.
 */
const hard: Partial<Knobs> = {
  resourceGraphLagMs: Infinity,
  endpointInUse: 'allow',
  scopedWriteMs: 250,
}

/** The same Azure with another order, small pages and upper-case ids. */
const reordered: Partial<Knobs> = { shuffle: 7, casing: 'upper', pageSize: 2, graphPageSize: 2 }

/**
 * Runs a scenario as GitHub would: the pull request is opened, merged and pushed, followed by a manual plan;
 * also runs the pull request against an Azure that answers differently.
 */
export async function play(scenario: Scenario): Promise<Played> {
  const simulator = await start(scenario, {})
  try {
    const broken: string[] = []
    const plan = await planIt(scenario, simulator, broken)
    const other = await planElsewhere(scenario)
    if (other.plan !== sortable(plan.result)) {
      broken.push(
        `the plan depends on the order or the case of Azure's answers:\n${sortable(plan.result)}\n---\n${other.plan}`,
      )
    }
    const writes = await applyIt(scenario, simulator, broken)
    const goldens = {
      'plan.md': stable(`${plan.comment.trimEnd()}\n`),
      'plan.json': stableJson(withoutDigests(plan.result)),
      'egress.json': stable(plan.result.file('egress-fqdns')),
      'requests.txt': writes,
      'azure.after.json': stableLines(simulator.azure.snapshot().resources.filter(isManaged)),
    }
    // A blocked plan would be the same a third time.
    if (expectations(scenario).plan.result !== 'failed') {
      await planAgain(scenario, simulator, broken)
    }
    return { goldens, broken, requests: [...other.requests, ...simulator.azure.requests] }
  } finally {
    await simulator.close()
  }
}

async function start(scenario: Scenario, knobs: Partial<Knobs>): Promise<Simulator> {
  const { baseTopology, spec } = scenario
  const simulator = await startSimulator({
    estate: scenario.estate,
    knobs: { ...hard, ...spec.knobs, ...knobs },
    github: seedGitHub(baseTopology === undefined ? undefined : { [topologyFile]: baseTopology }),
  })
  for (const resource of spec.unseen?.put ?? []) simulator.azure.put(resource)
  for (const id of spec.unseen?.remove ?? []) simulator.azure.remove(id)
  const { afterMs = 0, put = [] } = spec.later ?? {}
  setTimeout(() => put.forEach((resource) => simulator.azure.put(resource)), afterMs).unref()
  return simulator
}

function jobOf({ spec, topology }: Scenario) {
  return { files: { [topologyFile]: topology }, inputs: spec.inputs ?? {} }
}

function expectations({ spec }: Scenario): {
  readonly plan: Outcome
  readonly apply: Outcome
  readonly second: Outcome
} {
  const plan = spec.expect?.plan ?? { result: 'changes' }
  const apply = spec.expect?.apply ?? (plan.result === 'changes' ? { result: 'applied' } : plan)
  const second =
    spec.expect?.second ?? (apply.result === 'failed' ? plan : { result: 'no-changes' })
  return { plan, apply, second }
}

async function planIt(
  scenario: Scenario,
  simulator: Simulator,
  broken: string[],
): Promise<{ readonly result: JobResult; readonly comment: string }> {
  const { files, inputs } = jobOf(scenario)
  const before = JSON.stringify(simulator.azure.snapshot())
  const result = await runJob(simulator, opened(files, { inputs }), runtime)
  broken.push(...judgeResult(result, expectations(scenario).plan, simulator).map(at('plan')))
  broken.push(...writesOf(simulator).map(({ method, path }) => `the plan wrote: ${method} ${path}`))
  const isChanged = JSON.stringify(simulator.azure.snapshot()) !== before
  if (isChanged && scenario.spec.later === undefined) broken.push('the plan changed Azure')
  const comments = simulator.github?.comments ?? []
  if (comments.length !== 1) broken.push(`the plan left ${comments.length} comments`)
  return { result, comment: comments[0]?.body ?? '' }
}

async function planElsewhere(
  scenario: Scenario,
): Promise<{ readonly plan: string; readonly requests: readonly RecordedRequest[] }> {
  const simulator = await start(scenario, reordered)
  try {
    const { files, inputs } = jobOf(scenario)
    const result = await runJob(simulator, opened(files, { inputs }), runtime)
    return { plan: sortable(result), requests: [...simulator.azure.requests] }
  } finally {
    await simulator.close()
  }
}

/** The parts of the plan that must not differ: everything except the case of ids. */
function sortable(result: JobResult): string {
  return result
    .file('plan-json')
    .replaceAll(/https:\/\/localhost:\d+/g, '')
    .toLowerCase()
}

/** True for the four kinds that the action manages; it only reads the others. */
function isManaged({ id }: { readonly id: string }): boolean {
  return /\/microsoft\.insights\/(datacollectionendpoints\/[^/]+|privatelinkscopes\/[^/]+(\/scopedresources\/[^/]+)?|datacollectionruleassociations\/configurationaccessendpoint)$/i.test(
    id,
  )
}

function isOther(resource: { readonly id: string }): boolean {
  return !isManaged(resource)
}

/** Merges and pushes, and re-runs if the scenario says so; returns the writes. */
async function applyIt(
  scenario: Scenario,
  simulator: Simulator,
  broken: string[],
): Promise<string> {
  const { between, faults = [], expect } = scenario.spec
  const wanted = expectations(scenario)
  merge(simulator)
  for (const resource of between?.put ?? []) simulator.azure.put(resource)
  for (const id of between?.remove ?? []) simulator.azure.remove(id)
  for (const { match, ...fault } of faults) {
    const { path, ...rest } = match
    simulator.azure.addFault({
      ...fault,
      match: { ...rest, ...(path === undefined ? {} : { path: new RegExp(path, 'i') }) },
    })
  }
  const before = simulator.azure.snapshot()
  const runs = [await pushIt(scenario, simulator, wanted.apply, broken)]
  if (expect?.again !== undefined) {
    runs.push(await pushIt(scenario, simulator, expect.again, broken))
  }
  const desired = simulator.azure.snapshot()
  if (!isDeepStrictEqual(before.resources.filter(isOther), desired.resources.filter(isOther))) {
    broken.push('the apply changed something of a kind that this action only reads')
  }
  const topology = readTopology(scenario.topology, desired)
  for (const { watched } of runs) {
    broken.push(...judge(topology, watched, desired), ...judgeOwnership(topology, watched))
  }
  return runs.map(({ requests }, index) => (index === 0 ? '' : 'again\n') + requests).join('')
}

async function pushIt(
  scenario: Scenario,
  simulator: Simulator,
  wanted: Outcome,
  broken: string[],
): Promise<{ readonly watched: Watched; readonly requests: string }> {
  const { files, inputs } = jobOf(scenario)
  const { stop } = watch(simulator.azure)
  const result = await runJob(simulator, pushed(files, { inputs }), runtime)
  const watched = stop()
  broken.push(...judgeResult(result, wanted, simulator).map(at('apply')))
  const refused = simulator.azure.requests.filter(({ status }) => status === 409)
  if (scenario.spec.faults === undefined) {
    broken.push(...refused.map(({ method, path }) => `Azure saw a conflict: ${method} ${path}`))
  }
  return { watched, requests: describeWrites(watched, simulator) }
}

async function planAgain(
  scenario: Scenario,
  simulator: Simulator,
  broken: string[],
): Promise<void> {
  const { files, inputs } = jobOf(scenario)
  const already = writesOf(simulator).length
  const result = await runJob(simulator, dispatched(files, { inputs }), runtime)
  broken.push(
    ...judgeResult(result, expectations(scenario).second, simulator).map(at('second plan')),
  )
  if (writesOf(simulator).length > already) broken.push('the second plan wrote')
}

function at(phase: string): (problem: string) => string {
  return (problem) => `${phase}: ${problem}`
}

/** Requests that would change Azure. */
export function writesOf({ azure }: Simulator): readonly RecordedRequest[] {
  return azure.requests.filter(
    ({ host, method, path }) =>
      host === 'arm' &&
      !['GET', 'HEAD'].includes(method) &&
      !/\/microsoft\.resourcegraph\/resources$/i.test(path),
  )
}

/**
 * The writes of an apply in order of commit, in two lanes: serial writes to a scope, and all others. The order
 * of independent writes is a race, so neighbouring ones are sorted; the judges check the dependencies.
 */
function describeWrites({ steps }: Watched, { azure }: Simulator): string {
  const requests = new Map(azure.requests.map((request) => [request.n, request]))
  const lines = steps
    .filter(({ write }) => write.phase !== 'finished')
    .map(({ write }) => {
      const body = requests.get(write.n)?.requestBody
      const shown = body === undefined || body === '' ? '' : ` ${JSON.stringify(body)}`
      const { group, isScope } = sortOf(write.method, write.id)
      return { isScope, group, text: stable(`  ${write.method} ${write.id}${shown}\n`) }
    })
  const scope = sortRuns(lines.filter((line) => line.isScope))
  const others = lines
    .filter((line) => !line.isScope)
    .sort((a, b) => compare(a.group, b.group) || compare(a.text, b.text))
  return ['scope\n', ...scope.map((l) => l.text), 'others\n', ...others.map((l) => l.text)].join('')
}

function sortOf(method: string, id: string): { readonly group: string; readonly isScope: boolean } {
  const isScope = /\/privatelinkscopes\//i.test(id)
  const kind = /\/scopedresources\//i.test(id) ? 'link' : isScope ? 'modes' : undefined
  const isAssociation = /\/datacollectionruleassociations\//i.test(id)
  const place = isAssociation ? 1 : 0
  const stage = method === 'DELETE' ? 3 - place : place
  return { group: kind === undefined ? String(stage) : `${method} ${kind}`, isScope }
}

function sortRuns<T extends { readonly group: string; readonly text: string }>(
  lines: readonly T[],
): readonly T[] {
  const runs: T[][] = []
  for (const line of lines) {
    const last = runs.at(-1)
    if (last?.[0]?.group === line.group) last.push(line)
    else runs.push([line])
  }
  return runs.flatMap((run) => run.sort((a, b) => compare(a.text, b.text)))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Removes digests: the fingerprint covers them all. */
function withoutDigests(result: JobResult): unknown {
  const plan = readPlanJson(result)
  if (plan === undefined) return undefined
  const changes = plan.changes.map((change) =>
    Object.fromEntries(Object.entries(change).filter(([name]) => name !== 'digest')),
  )
  return { ...plan, changes }
}
