import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { EstateSeed, SeedResource } from '../../simulator/simulator.ts'
import type { Watched } from './capabilities.ts'
import type { JudgedTopology } from './topology.ts'

const tag = 'azure-monitor-private-link'
const reserved =
  '/providers/microsoft.insights/datacollectionruleassociations/configurationaccessendpoint'

/**
 * Judges a run by contract section 2, "Ownership": foreign objects are never deleted or changed, except an
 * association that must point elsewhere and the scope's access modes; foreign fields of changed objects are
 * kept. Returns the violations, one sentence each.
 */
export function judgeOwnership(topology: JudgedTopology, run: Watched): readonly string[] {
  let state = run.before
  return run.steps.flatMap(({ write, after }) => {
    const was = write.before ?? find(state, write.id)
    const earlier = state
    state = after
    if (was === undefined || write.phase === 'finished') return []
    if (write.method === 'DELETE') {
      return isOurs(topology, was, earlier) ? [] : [`${write.id} was deleted, and isn't ours`]
    }
    return judgeChange(topology, was, write.after).map((why) => `${write.id}: ${why}`)
  })
}

function find({ resources }: EstateSeed, id: string): SeedResource | undefined {
  return resources.find((resource) => resource.id.toLowerCase() === id.toLowerCase())
}

function isOurs(topology: JudgedTopology, resource: SeedResource, state: EstateSeed): boolean {
  const key = resource.id.toLowerCase()
  if (isEndpoint(key)) return isTagged(topology, resource)
  if (key.endsWith(reserved)) {
    const { description, dataCollectionEndpointId } = resource.properties ?? {}
    const words = /^Managed by azure-monitor-private-link \((?:topology: )?(.+)\)$/
    const mark = words.exec(text(description))?.[1]
    if (mark !== undefined && topology.marks.includes(mark)) return true
    const endpoint = find(state, text(dataCollectionEndpointId))
    return endpoint !== undefined && isTagged(topology, endpoint)
  }
  if (!key.startsWith(`${topology.scope}/scopedresources/`)) return false
  const linked = text(resource.properties?.['linkedResourceId'])
  const hash = createHash('sha256').update(linked.toLowerCase()).digest('hex').slice(0, 8)
  return topology.names.some((one) => {
    const name = `${one}-${linked.split('/').at(-1) ?? ''}-${hash}`
    return key === `${topology.scope}/scopedresources/${name}`.toLowerCase()
  })
}

function isEndpoint(key: string): boolean {
  return /\/providers\/microsoft\.insights\/datacollectionendpoints\/[^/]+$/.test(key)
}

function isTagged(topology: JudgedTopology, resource: SeedResource): boolean {
  return Object.entries(resource.tags ?? {}).some(
    ([name, value]) => name.toLowerCase() === tag && topology.marks.includes(value),
  )
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function judgeChange(
  topology: JudgedTopology,
  was: SeedResource,
  is: SeedResource | undefined,
): readonly string[] {
  const key = was.id.toLowerCase()
  if (is === undefined) return ['nothing is left of it']
  if (key.endsWith(reserved)) {
    const [target] = key.split(reserved)
    return topology.targets.some((one) => one.key === target) ? [] : ['not a target of the file']
  }
  if (key === topology.scope)
    return isSameBut(was, is, ['accessModeSettings'])
      ? exclusionsOf(was, is)
      : ['more than the modes changed']
  if (key.startsWith(`${topology.scope}/scopedresources/`)) {
    const isBroken = ['Failed', 'Canceled'].includes(text(was.properties?.['provisioningState']))
    return isBroken ? [] : ['a link that is not broken was written again']
  }
  if (!isEndpoint(key)) return ['nothing that this action writes']
  const names = new Set(Object.keys(is.tags ?? {}).map((name) => name.toLowerCase()))
  const lost = Object.keys(was.tags ?? {}).filter((name) => !names.has(name.toLowerCase()))
  return [
    ...(isTagged(topology, was) ? [] : ["an endpoint that isn't ours was changed"]),
    ...lost.map((name) => `tag ${name} is gone`),
    ...(isSameBut(was, is, ['networkAcls']) ? [] : ['more than public access and tags changed']),
  ]
}

function exclusionsOf(was: SeedResource, is: SeedResource): readonly string[] {
  const of = (scope: SeedResource) =>
    (scope.properties?.['accessModeSettings'] as { exclusions?: unknown } | undefined)
      ?.exclusions ?? []
  return [
    ...(isDeepStrictEqual(of(was), of(is)) ? [] : ['its exclusions changed']),
    ...(isDeepStrictEqual(was.tags ?? {}, is.tags ?? {}) ? [] : ['its tags changed']),
  ]
}

/** True when all properties except these are equal; ignores generated values. */
function isSameBut(was: SeedResource, is: SeedResource, names: readonly string[]): boolean {
  const madeUp = [
    ...['immutableId', 'configurationAccess', 'logsIngestion', 'metricsIngestion', 'scopeId'],
    ...['privateLinkScopedResources', 'privateEndpointConnections', 'provisioningState'],
  ]
  const rest = ({ properties = {} }: SeedResource) =>
    Object.fromEntries(
      Object.entries(properties).filter(([name]) => ![...names, ...madeUp].includes(name)),
    )
  return (
    isDeepStrictEqual(rest(was), rest(is)) && was.location === is.location && was.kind === is.kind
  )
}
