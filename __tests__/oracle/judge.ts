import type { Change } from '../../src/plan/plan.ts'
import type { Topology } from '../../src/topology/topology.ts'
import { isFlexible, isPathless, namedTargets } from './oracle.ts'
import { low, write, type World } from './world.ts'

/** A source of random numbers in [0, 1). */
export type Random = () => number

/**
 * Judges promise 3 of contract section 4 by brute force: makes the changes in random orders that
 * `dependsOn` allows, lets some of them fail, and checks the state after every write.
 *
 * @returns one line per violation
 */
export function judge(
  topology: Topology,
  world: World,
  changes: readonly Change[],
  random: Random,
  rounds = 6,
): string[] {
  const complaints = new Set<string>(checkShape(changes))
  if (complaints.size > 0) return [...complaints]
  const desired = changes.reduce(write, world)
  for (let round = 0; round < rounds; round++) {
    const failing = round % 2 === 0 ? 0 : random() * 0.5
    for (const complaint of execute(topology, world, desired, changes, random, failing)) {
      complaints.add(complaint)
    }
  }
  // The order of the plan itself must be correct too.
  for (const complaint of follow(topology, world, desired, changes)) complaints.add(complaint)
  return [...complaints]
}

/** Checks that keys are unique, refer to existing changes, and come before their dependents. */
function checkShape(changes: readonly Change[]): string[] {
  const seen = new Set<string>()
  const complaints: string[] = []
  for (const change of changes) {
    if (seen.has(change.key)) complaints.push(`key twice: ${change.key}`)
    for (const need of change.dependsOn) {
      if (!seen.has(need)) complaints.push(`${name(change)} comes before what it needs: ${need}`)
    }
    seen.add(change.key)
  }
  return complaints
}

/** One random apply: each step makes any change whose dependencies are done; a failed change skips its dependents. */
function execute(
  topology: Topology,
  start: World,
  desired: World,
  changes: readonly Change[],
  random: Random,
  failing: number,
): string[] {
  const pending = new Set(changes)
  const done = new Set<string>()
  const order: Change[] = []
  const lost = new Set<string>()
  for (;;) {
    const ready = [...pending].filter((change) => change.dependsOn.every((need) => done.has(need)))
    const next = ready[Math.floor(random() * ready.length)]
    if (!next) break
    pending.delete(next)
    if (random() < failing) lost.add(next.key)
    else {
      done.add(next.key)
      order.push(next)
    }
  }
  const open = changes.filter((change) => opens(start, change)).slice(0, 1)
  const complaints = follow(topology, start, desired, order, false)
  if (open.some((change) => lost.has(change.key)) && order.length > 0) {
    complaints.push(`written although the move to Open failed: ${order.map(name).join(', ')}`)
  }
  return complaints
}

function opens(world: World, change: Change): boolean {
  if (change.after?.kind !== 'accessModes' || world.scope.state !== 'found') return false
  const modes = world.scope.value.modes
  return (
    (modes?.ingestion === 'PrivateOnly' && change.after.ingestion === 'Open') ||
    (modes?.query === 'PrivateOnly' && change.after.query === 'Open')
  )
}

/** Makes the writes one by one, and checks each write and the state after it. */
function follow(
  topology: Topology,
  start: World,
  desired: World,
  order: readonly Change[],
  inPlanOrder = true,
): string[] {
  const complaints: string[] = []
  const before = capabilities(topology, start)
  const after = capabilities(topology, desired)
  const promised = [...before.keys()].filter((one) => before.get(one) && after.get(one))
  let world = start
  for (const [index, change] of order.entries()) {
    const so = `${name(change)} after [${order.slice(0, index).map(name).join(', ')}]`
    for (const complaint of checkWrite(topology, world, change))
      complaints.push(`${complaint}: ${so}`)
    if (index > 0 && opens(start, change) && opens(world, change)) {
      complaints.push(`Open isn't first: ${so}`)
    }
    if (closes(world, change)) {
      // `dependsOn` allows a tag update to come later; in the plan's own order only deletes may.
      const later = order.slice(index + 1).filter((one) => one.action !== 'delete')
      const early = later.filter((one) => inPlanOrder || one.kind !== 'dataCollectionEndpoint')
      if (early.length > 0) complaints.push(`PrivateOnly isn't last: ${so}`)
    }
    world = write(world, change)
    const now = capabilities(topology, world)
    for (const capability of promised) {
      if (now.get(capability) !== true) complaints.push(`lost ${capability}: ${so}`)
    }
  }
  return complaints
}

function closes(world: World, change: Change): boolean {
  if (change.after?.kind !== 'accessModes' || world.scope.state !== 'found') return false
  const modes = world.scope.value.modes
  return (
    (modes?.ingestion !== 'PrivateOnly' && change.after.ingestion === 'PrivateOnly') ||
    (modes?.query !== 'PrivateOnly' && change.after.query === 'PrivateOnly')
  )
}

/** Checks the conditions that must hold when a write is made. */
function checkWrite(topology: Topology, world: World, change: Change): string[] {
  const { after, before } = change
  if (after?.kind === 'association') {
    const endpoint = after.endpointId ?? ''
    return exists(world, endpoint) && isLinked(world, endpoint)
      ? []
      : ['associated before it is linked']
  }
  if (after?.kind === 'scopedResource') {
    const isEndpoint = low(after.linkedResourceId).includes('/datacollectionendpoints/')
    return isEndpoint && !exists(world, after.linkedResourceId) ? ['linked before it exists'] : []
  }
  if (after?.kind === 'accessModes') {
    const was = world.scope.state === 'found' ? world.scope.value.modes?.ingestion : undefined
    if (was === 'PrivateOnly' || after.ingestion !== 'PrivateOnly') return []
    const dark = [...capabilities(topology, world)].filter(([, holds]) => !holds)
    const unknown = namedTargets(topology, world).filter(({ key }) => !isKnown(world, key))
    return [
      ...dark.map(([one]) => `PrivateOnly without ${one}`),
      ...unknown.map(({ key }) => `PrivateOnly with the unknown ${key}`),
    ]
  }
  if (change.action === 'delete' && before?.kind === 'scopedResource') {
    return exists(world, before.linkedResourceId) && isAssociated(world, before.linkedResourceId)
      ? ['unlinked while associated']
      : []
  }
  if (change.action === 'delete' && before?.kind === 'dataCollectionEndpoint') {
    return [
      ...(isAssociated(world, before.id) ? ['deleted while associated'] : []),
      ...(linkOf(world, before.id) ? ['deleted while linked'] : []),
      ...(hasLinkElsewhere(world, before.id) ? ['deleted while linked elsewhere'] : []),
      ...(isSentThrough(world, before.id) ? ['deleted while a rule sends through it'] : []),
    ]
  }
  return []
}

/** Every capability of every existing target, and whether it holds. */
export function capabilities(topology: Topology, world: World): Map<string, boolean> {
  const result = new Map<string, boolean>()
  for (const { key, explicit } of namedTargets(topology, world)) {
    const reading = world.targets.get(key)
    if (reading?.state !== 'found' || (isFlexible(reading.value) && !explicit)) continue
    const endpoint = world.associations.get(key)?.endpointId
    const region = reading.value.location
    result.set(
      `configuration of ${key}`,
      endpoint !== undefined && locationOf(world, endpoint) === region && isLinked(world, endpoint),
    )
    const addons = (reading.value.addons ?? []).flatMap((one) => one.workspaceId ?? [])
    for (const workspace of [...addons.map(low), ...sendsTo(world, key)]) {
      result.set(`logs of ${key} to ${workspace}`, isLinked(world, workspace))
    }
    result.set(
      `metrics of ${key}`,
      !rulesOf(world, key).some(isPathless) &&
        sendsThrough(world, key).every((one) => exists(world, one) && isLinked(world, one)),
    )
  }
  return result
}

function sendsThrough(world: World, target: string): string[] {
  return rulesOf(world, target).flatMap((rule) => rule.endpointId ?? [])
}

function sendsTo(world: World, target: string): string[] {
  return rulesOf(world, target).flatMap((rule) => rule.logDestinations.map(low))
}

function rulesOf(world: World, target: string) {
  // Includes the rule of the reserved name, as long as the association holds it.
  const held = world.associations.get(target)?.ruleId
  const keys = new Set([
    ...(world.ruleAssociations.get(target) ?? []),
    ...(held ? [low(held)] : []),
  ])
  return [...keys].flatMap((key) => {
    const rule = world.rules.get(key)
    return rule?.state === 'found' ? [rule.value] : []
  })
}

/** True if the target and all its rules are readable. */
function isKnown(world: World, target: string): boolean {
  if (world.targets.get(target)?.state !== 'found') return false
  const rules = world.ruleAssociations.get(target) ?? []
  return rules.every((rule) => world.rules.get(rule)?.state !== 'unreadable')
}

function locationOf(world: World, endpoint: string): string | undefined {
  const reading = world.endpoints.get(low(endpoint))
  return reading?.state === 'found' ? reading.value.location : undefined
}

function exists(world: World, endpoint: string): boolean {
  return locationOf(world, endpoint) !== undefined
}

function linkOf(world: World, id: string) {
  return world.links.find((link) => low(link.linkedResourceId) === low(id))
}

function isLinked(world: World, id: string): boolean {
  return linkOf(world, id)?.provisioningState === 'Succeeded'
}

function isAssociated(world: World, endpoint: string): boolean {
  return [...world.associations.values()].some(
    (one) => one.endpointId !== undefined && low(one.endpointId) === low(endpoint),
  )
}

function hasLinkElsewhere(world: World, endpoint: string): boolean {
  const reading = world.endpoints.get(low(endpoint))
  return reading?.state === 'found' && reading.value.links.length > 0
}

function isSentThrough(world: World, endpoint: string): boolean {
  return [...world.rules.values()].some(
    (rule) =>
      rule.state === 'found' &&
      rule.value.endpointId !== undefined &&
      low(rule.value.endpointId) === low(endpoint),
  )
}

function name(change: Change): string {
  return `${change.action} ${change.kind} ${last2(change.id)}`
}

function last2(id: string): string {
  return id.split('/').slice(-5).join('/')
}
