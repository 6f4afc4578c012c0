import type { NetworkReport, ReportedNetwork } from '../../network/judge.ts'
import { code, text } from '../text/markdown.ts'
import type { Section } from '../text/limit.ts'
import { countTargets, listed, plural, thousands } from '../text/words.ts'
import type { View } from '../view.ts'

/** The network around the scope in one paragraph, verdict first; empty if it was not read. */
export function renderNetwork(view: View): Section[] {
  const { network } = view.report
  if (network === undefined || network.privateEndpoints.length === 0) return []
  const sentences = [
    ...describeResolution(network, view),
    ...describeZones(network, view),
    ...describeUnknown(network, view),
    ...describeNeighbours(network, view),
  ]
  if (sentences.length === 0) return []
  return [{ type: 'whole', text: `### Network\n\n${sentences.join(' ')}` }]
}

/** `Names resolve privately in 3 of 4 virtual networks`, and the problems of the others. */
function describeResolution({ virtualNetworks }: NetworkReport, view: View): string[] {
  const known = virtualNetworks.filter(
    (one) => one.targets.length > 0 && one.resolves !== 'unknown',
  )
  if (known.length === 0) return []
  const good = known.filter(({ resolves }) => resolves === 'private')
  const [only] = known
  const verdict =
    known.length === 1 && only !== undefined && good.length === 1
      ? `Names resolve privately in virtual network ${view.label(only.id)}, with ${countTargets(only.targets)}`
      : `Names resolve privately in ${thousands(good.length)} of ${plural(known.length, 'virtual network')}`
  const bad = known.filter(({ resolves }) => resolves !== 'private')
  const parts = bad.slice(0, few).map((one) => describeProblem(one, view))
  const later = good.length === 0 ? [] : describePendingLinks(view)
  const more = bad.length - parts.length
  const rest =
    more > 0
      ? [`${plural(more, 'more network')} ${more === 1 ? 'has' : 'have'} similar problems`]
      : []
  return [`${[verdict, ...later, ...parts, ...rest].join('; ')}.`]
}

/** Existing workspaces that the plan will link: their names resolve privately only afterwards. */
function describePendingLinks(view: View): string[] {
  if (view.situation !== 'planned' && view.situation !== 'blocked') return []
  const ids = view.changes.flatMap(({ action, after }) =>
    action === 'create' && after.kind === 'scopedResource' && isWorkspace(after.linkedResourceId)
      ? [after.linkedResourceId]
      : [],
  )
  if (ids.length === 0) return []
  return [`the names of ${describeNames(ids, view)} will do so once this plan is applied`]
}

function isWorkspace(id: string): boolean {
  return /\/microsoft\.operationalinsights\/workspaces\//i.test(id)
}

/** The most networks and names that are listed one by one. */
const few = 4

function describeProblem(network: ReportedNetwork, view: View): string {
  const { id, targets, resolves, notLinked } = network
  const who = `${countTargets(targets)} in ${view.label(id)}`
  const verb = targets.length === 1 ? 'resolves' : 'resolve'
  const zones = listed(notLinked.map((zone) => code(zone)))
  switch (resolves) {
    case 'elsewhere':
      return `${who} ${verb} names through the zones of another scope`
    case 'contested':
      return `${who} may get the addresses of another scope, which writes to the same zone`
    case 'partly':
      if (notLinked.length > 0) {
        return `${who} ${verb} some names publicly until the network is linked to ${zones}`
      }
      if (network.empty.length > 0) return `${who} ${describeEmptyZones(network)}`
      return network.lacking.length > 0
        ? `${who} cannot resolve ${describeMissingRecords(network, view)}`
        : `${who} ${verb} publicly the names for which the private endpoint has no zone`
    case 'public':
      if (notLinked.length === 0 && network.empty.length > 0)
        return `${who} ${describeEmptyZones(network)}`
      return notLinked.length === 0
        ? `${who} ${verb} names publicly: the private endpoint has no zones`
        : `${who} ${verb} names publicly until the network is linked to ${zones}`
    case 'private':
    case 'unknown':
      return who
  }
}

/** Zones that deny all names. */
function describeEmptyZones({ empty, targets }: ReportedNetwork): string {
  const zones = listed(empty.map((zone) => code(zone)))
  return `${targets.length === 1 ? 'finds' : 'find'} no name in ${zones}, which ${empty.length === 1 ? 'answers there but has' : 'answer there but have'} no records of this scope`
}

/** Linked resources whose names are missing in the zones that serve a network. */
function describeMissingRecords({ lacking }: ReportedNetwork, view: View): string {
  const which = lacking.length === 1 ? 'it' : 'them'
  return `${describeNames(lacking, view)}: the zones have no records for ${which}`
}

/** Lists the first few names. */
function describeNames(ids: readonly string[], view: View): string {
  const some = ids.slice(0, few).map((id) => text(view.name(id), 200))
  const more = ids.length - some.length
  return more > 0 ? `${some.join(', ')} and ${thousands(more)} more` : listed(some)
}

function describeZones({ privateEndpoints }: NetworkReport, view: View): string[] {
  return privateEndpoints
    .filter(({ missingZones }) => missingZones.length > 0)
    .map(
      ({ id, missingZones }) =>
        `Private endpoint ${view.label(id)} lacks ${missingZones.length === 1 ? 'the zone' : 'the zones'} ${listed(missingZones.map((zone) => code(zone)))}.`,
    )
}

/** What could not be read is reported as unknown, neither good nor bad. */
function describeUnknown(
  { privateEndpoints, virtualNetworks, unplaced }: NetworkReport,
  view: View,
): string[] {
  const unknown = virtualNetworks.filter((v) => v.targets.length > 0 && v.resolves === 'unknown')
  const hidden = privateEndpoints.filter(({ visible }) => !visible)
  return [
    ...hidden.map(({ id }) => `Private endpoint ${view.label(id)} and its zones are not visible.`),
    ...(unknown.length === 0
      ? []
      : [
          `How names resolve in ${listed(unknown.map(describeUnknownNetwork(view)))} cannot be determined from here.`,
        ]),
    ...(unplaced.length === 0 ? [] : [`The network of ${countTargets(unplaced)} is unknown.`]),
  ]
}

function describeUnknownNetwork(view: View): (network: ReportedNetwork) => string {
  return ({ id, dns }) => `${view.label(id)}${dns === 'own' ? ' (custom DNS servers)' : ''}`
}

function describeNeighbours({ neighbours }: NetworkReport, view: View): string[] {
  if (neighbours.length === 0) return []
  const ids = [...new Set(neighbours.map(({ id }) => id))]
  const [resolves, is] = ids.length === 1 ? ['resolves', 'is'] : ['resolve', 'are']
  return [
    `${countTargets(ids)} outside the file ${resolves} the same names but ${is} not served by this scope: ${listed(ids.map((id) => text(view.name(id), 200)))}.`,
  ]
}
