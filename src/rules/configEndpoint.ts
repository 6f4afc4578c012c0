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

/** The endpoint from which one target gets its configuration. */
export interface Choice {
  readonly target: ResolvedTarget
  readonly endpointId: string
  readonly how: 'adopted' | 'existing' | 'workspace' | 'regional'
  /** The facts that led to it: `vm-01 is in westeurope, where …`. */
  readonly because: string
}

/**
 * Rule `config-endpoint`: every target needs one endpoint for configuration access in its own
 * region (article, "Data collection endpoints"). Found in this order: the one it is associated with
 * now, `existing`, the automatic endpoint of a workspace of the file, one regional endpoint of ours.
 */
export function configEndpoint(world: World): Derived & { readonly choices: readonly Choice[] } {
  const questions: Question[] = []
  const diagnostics: Diagnostic[] = []
  const existing = readExisting(world, diagnostics, questions)
  const choices: Choice[] = []
  const homeless = new Map<string, ResolvedTarget[]>()
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
    else if (!existing.has(location)) pushTo(homeless, location, target)
  }
  const regional = makeRegional(world, homeless)
  return {
    wants: regional.wants,
    diagnostics: [...diagnostics, ...regional.diagnostics],
    questions: [...questions, ...regional.questions],
    choices: [...choices, ...regional.choices].toSorted((a, b) =>
      compareText(a.target.key, b.target.key),
    ),
  }
}

/** (1) The endpoint that the target is associated with now, if it exists in the target's region. */
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
    because: `${target.target.name} is associated with ${reading.value.name} already; both are in ${target.target.location}`,
  }
}

/** An endpoint that may not be read may well be the right one: replacing it would be a guess. */
function explainUnreadable(world: World, target: ResolvedTarget): Diagnostic | undefined {
  const { topology, estate } = world
  const current = estate.associations.get(target.key)?.endpointId
  if (current === undefined || topology.existingAssociations !== 'adopt') return undefined
  const reading = estate.endpoints.get(idKey(current))
  if (reading?.state !== 'unreadable') return undefined
  return explainReading(reading, {
    what: `endpoint "${nameOf(current)}"`,
    id: current,
    neededBy: `${target.target.name} is associated with it, and whether it serves depends on its region`,
    file: topology.file,
    at: target.at,
  })
}

type Existing = ReadonlyMap<string, Endpoint | undefined>

/** (2) Reads `existing`; a region whose entry can't be used stays in the map, so that nothing else takes its place. */
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
        message: `dataCollectionEndpoints.existing names "${reading.value.name}" for ${region}, and it is in ${reading.value.location}; an agent reaches only an endpoint of its own region.`,
        remedy: `${meant(world, region, reading.value.location)}Name an endpoint that is in ${region}, or take the entry out to have one created.`,
        resource: reading.value.id,
        ...pointAt(topology, at),
      })
    } else existing.set(region, reading.value)
  }
  return existing
}

/** A region that no target is in, and that is spelt almost as one that is: most likely that one was meant. */
function meant({ targets }: World, region: string, there: string): string {
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

/** (3) The automatic endpoint of a workspace of the file in that region, the target's own first. */
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

/** (4) One regional endpoint per region for those that nothing else serves. */
function makeRegional(
  world: World,
  homeless: ReadonlyMap<string, readonly ResolvedTarget[]>,
): Derived & { readonly choices: readonly Choice[] } {
  const wants: Want[] = []
  const diagnostics: Diagnostic[] = []
  const questions: Question[] = []
  const choices: Choice[] = []
  const { topology } = world
  for (const [region, targets] of [...homeless].toSorted(([a], [b]) => compareText(a, b))) {
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

/** Where the choices of all targets lead: the targets by the key of their endpoint. */
export function targetsByEndpoint(
  choices: readonly Choice[],
): ReadonlyMap<string, readonly Choice[]> {
  const map = new Map<string, Choice[]>()
  for (const choice of choices) pushTo(map, idKey(choice.endpointId), choice)
  return map
}
