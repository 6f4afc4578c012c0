import type { Diagnostic } from '../diagnostics.ts'
import type { Question } from '../estate/question.ts'
import type { Endpoint } from '../estate/estate.ts'
import { explainReading, lookUp } from '../estate/reading.ts'
import type { ResolvedTarget } from '../estate/resolved.ts'
import { pushTo } from '../resources/group.ts'
import { compareText, idKey, nameOf } from '../resources/id.ts'
import { regionalEndpointName } from '../resources/names.ts'
import { nearest } from '../topology/nearest.ts'
import { wantEndpoint } from './wantEndpoint.ts'
import { type Derived, listNames, pointAt, type Want, type World } from './world.ts'

/** The endpoint chosen for one target's configuration access. */
export interface Choice {
  readonly target: ResolvedTarget
  readonly endpointId: string
  readonly how: 'adopted' | 'existing' | 'workspace' | 'regional'
  /** The facts behind the choice: `vm-01 is in westeurope, where …`. */
  readonly because: string
}

/**
 * Rule `config-endpoint`: every target needs one endpoint for configuration access in its own
 * region (article, "Data collection endpoints"). In order of preference: the current endpoint of the
 * target, `existing`, the automatic endpoint of a workspace of the file, a regional endpoint of ours.
 */
export function configEndpoint(world: World): Derived & { readonly choices: readonly Choice[] } {
  const questions: Question[] = []
  const diagnostics: Diagnostic[] = []
  const existing = readExisting(world, diagnostics, questions)
  const choices: Choice[] = []
  const unserved = new Map<string, ResolvedTarget[]>()
  for (const target of world.targets) {
    const { location } = target.target
    const unreadable = explainUnreadable(world, target)
    if (unreadable !== undefined) {
      diagnostics.push(unreadable)
      continue
    }
    const choice =
      adopt(world, target, questions) ??
      (existing.has(location) ? useExisting(existing, target) : useWorkspace(world, target))
    if (choice !== undefined) choices.push(choice)
    else if (!existing.has(location)) pushTo(unserved, location, target)
  }
  const regional = makeRegional(world, unserved)
  return {
    wants: regional.wants,
    diagnostics: [...diagnostics, ...regional.diagnostics],
    questions: [...questions, ...regional.questions],
    choices: [...choices, ...regional.choices].toSorted((a, b) =>
      compareText(a.target.key, b.target.key),
    ),
  }
}

/** (1) The current endpoint of the target, if it exists in the target's region. */
function adopt(world: World, target: ResolvedTarget, questions: Question[]): Choice | undefined {
  if (world.topology.existingAssociations !== 'adopt') return undefined
  const current = world.estate.associations.get(target.key)?.endpointId
  if (current === undefined) return undefined
  const reading = lookUp(world.estate, 'endpoint', current)
  if (reading.state === 'unseen') questions.push(reading.question)
  if (reading.state !== 'found' || reading.value.location !== target.target.location)
    return undefined
  return {
    target,
    endpointId: reading.value.id,
    how: 'adopted',
    because: `${target.target.name} is already associated with ${reading.value.name}; both are in ${target.target.location}`,
  }
}

/** Reports an unreadable current endpoint: it may be the right one, so replacing it would be a guess. */
function explainUnreadable(world: World, target: ResolvedTarget): Diagnostic | undefined {
  const { topology, estate } = world
  const current = estate.associations.get(target.key)?.endpointId
  if (current === undefined || topology.existingAssociations !== 'adopt') return undefined
  const reading = estate.endpoints.get(idKey(current))
  if (reading?.state !== 'unreadable') return undefined
  return explainReading(reading, {
    what: `endpoint "${nameOf(current)}"`,
    id: current,
    neededBy: `${target.target.name} is associated with it, and only its region shows whether it can stay`,
    file: topology.file,
    at: target.at,
  })
}

type Existing = ReadonlyMap<string, Endpoint | undefined>

/** (2) Reads `existing`. A region with an unusable entry stays in the map, so that no other endpoint is chosen for it. */
function readExisting(world: World, diagnostics: Diagnostic[], questions: Question[]): Existing {
  const { topology } = world
  const existing = new Map<string, Endpoint | undefined>()
  for (const { region, id, at } of topology.endpoints.existing) {
    existing.set(region, undefined)
    const reading = lookUp(world.estate, 'endpoint', id.text)
    if (reading.state === 'unseen') questions.push(reading.question)
    else if (reading.state !== 'found') {
      const what = `endpoint "${id.name}" (dataCollectionEndpoints.existing.${region})`
      diagnostics.push(explainReading(reading, { what, id: id.text, file: topology.file, at }))
    } else if (reading.value.location !== region) {
      diagnostics.push({
        severity: 'error',
        code: 'endpoint-in-other-region',
        message: `dataCollectionEndpoints.existing names "${reading.value.name}" for ${region}, but it is in ${reading.value.location}. An agent can use only an endpoint in its own region.`,
        remedy: `${suggestRegion(world, region, reading.value.location)}Name an endpoint in ${region}, or remove the entry to have one created.`,
        resource: reading.value.id,
        ...pointAt(topology, at),
      })
    } else existing.set(region, reading.value)
  }
  return existing
}

/** Suggests a similarly spelt region if no target is in this one. */
function suggestRegion({ targets }: World, region: string, there: string): string {
  const regions = [...new Set(targets.map(({ target }) => target.location))]
  if (regions.includes(region)) return ''
  const near = nearest(region, [there, ...regions.filter((one) => one !== there)])
  return near === undefined ? '' : `No target is in ${region}: did you mean ${near}? `
}

function useExisting(existing: Existing, target: ResolvedTarget): Choice | undefined {
  const { location, name } = target.target
  const endpoint = existing.get(location)
  if (endpoint === undefined) return undefined
  return {
    target,
    endpointId: endpoint.id,
    how: 'existing',
    because: `${name} is in ${location}, for which dataCollectionEndpoints.existing names ${endpoint.name}`,
  }
}

/** (3) The automatic endpoint of a workspace of the file in that region; the target's own workspace comes first. */
function useWorkspace(world: World, target: ResolvedTarget): Choice | undefined {
  const { location, name } = target.target
  const there = world.monitorWorkspaces.filter((w) => w.endpoint?.location === location)
  const own = there.find((w) => w.alias === target.metrics)
  const workspace = own ?? there[0]
  if (workspace?.endpoint === undefined) return undefined
  const whose = own === undefined ? 'the workspace' : 'its metrics workspace'
  return {
    target,
    endpointId: workspace.endpoint.id,
    how: 'workspace',
    because: `${name} and ${whose} ${workspace.workspace.name} are in ${location}`,
  }
}

/** (4) One regional endpoint per region, for targets without any other choice. */
function makeRegional(
  world: World,
  unserved: ReadonlyMap<string, readonly ResolvedTarget[]>,
): Derived & { readonly choices: readonly Choice[] } {
  const wants: Want[] = []
  const diagnostics: Diagnostic[] = []
  const questions: Question[] = []
  const choices: Choice[] = []
  const { topology } = world
  for (const [region, targets] of [...unserved].toSorted(([a], [b]) => compareText(a, b))) {
    const first = targets[0]
    if (first === undefined) continue
    const who = listNames(targets.map((t) => t.target.id))
    const verb = targets.length === 1 ? 'is' : 'are'
    const wanted = wantEndpoint(world, {
      name: regionalEndpointName(topology.endpoints.regionalName, {
        topology: topology.name,
        region,
      }),
      location: region,
      rule: 'config-endpoint',
      reason: `${who} ${verb} in ${region}, where this file has no workspace.`,
      at: first.at,
    })
    if (wanted.want !== undefined) wants.push(wanted.want)
    diagnostics.push(...wanted.diagnostics)
    questions.push(...wanted.questions)
    const { id } = wanted
    if (id === undefined) continue
    for (const target of targets) {
      choices.push({
        target,
        endpointId: id,
        how: 'regional',
        because: `${target.target.name} is in ${region}, where this file has no workspace`,
      })
    }
  }
  return { wants, diagnostics, questions, choices }
}

/** Groups the choices by the key of their endpoint. */
export function targetsByEndpoint(
  choices: readonly Choice[],
): ReadonlyMap<string, readonly Choice[]> {
  const map = new Map<string, Choice[]>()
  for (const choice of choices) pushTo(map, idKey(choice.endpointId), choice)
  return map
}
