import type { NetworkReport, ReportedNetwork } from '../../network/judge.ts'
import { code, text } from '../text/markdown.ts'
import type { Section } from '../text/limit.ts'
import { countTargets, listed, plural, thousands } from '../text/words.ts'
import type { View } from '../view.ts'

/** The network around the scope in one paragraph, its verdict first; nothing where it was not looked at. */
export function renderNetwork(view: View): Section[] {
  const { network } = view.report
  if (network === undefined || network.privateEndpoints.length === 0) return []
  const sentences = [
    ...sayResolution(network, view),
    ...sayZones(network, view),
    ...sayUnknown(network, view),
    ...sayNeighbours(network, view),
  ]
  if (sentences.length === 0) return []
  return [{ type: 'whole', text: `### Network\n\n${sentences.join(' ')}` }]
}

/** `Names resolve privately in 3 of 4 virtual networks`, and what becomes of those in the others. */
function sayResolution({ virtualNetworks }: NetworkReport, view: View): string[] {
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
  const parts = bad.slice(0, few).map((one) => sayBad(one, view))
  const later = good.length === 0 ? [] : sayLater(view)
  const more = bad.length - parts.length
  const rest = more > 0 ? [`and so it is in ${plural(more, 'more network')}`] : []
  return [`${[verdict, ...later, ...parts, ...rest].join('; ')}.`]
}

/** Workspaces that are there and that the plan is yet to link: their names resolve privately only then. */
function sayLater(view: View): string[] {
  if (view.situation !== 'planned' && view.situation !== 'blocked') return []
  const ids = view.changes.flatMap(({ action, after }) =>
    action === 'create' && after.kind === 'scopedResource' && isWorkspace(after.linkedResourceId)
      ? [after.linkedResourceId]
      : [],
  )
  if (ids.length === 0) return []
  return [`the names of ${sayNames(ids, view)} do so only once this plan is applied`]
}

function isWorkspace(id: string): boolean {
  return /\/microsoft\.operationalinsights\/workspaces\//i.test(id)
}

/** Networks that are told of one by one. */
const few = 4

function sayBad(network: ReportedNetwork, view: View): string {
  const { id, targets, resolves, notLinked } = network
  const who = `${countTargets(targets)} in ${view.label(id)}`
  const verb = targets.length === 1 ? 'resolves' : 'resolve'
  const zones = listed(notLinked.map((zone) => code(zone)))
  switch (resolves) {
    case 'elsewhere':
      return `${who} ${targets.length === 1 ? 'asks' : 'ask'} the zones of another scope`
    case 'contested':
      return `${who} may be answered for another scope, which writes the same zone`
    case 'partly':
      if (notLinked.length > 0) {
        return `${who} ${verb} in part publicly until it is linked to ${zones}`
      }
      if (network.empty.length > 0) return `${who} ${sayEmpty(network)}`
      return network.lacking.length > 0
        ? `${who} can not resolve ${sayLacking(network, view)}`
        : `${who} ${verb} publicly what the private endpoint has no zone for`
    case 'public':
      if (notLinked.length === 0 && network.empty.length > 0) return `${who} ${sayEmpty(network)}`
      return notLinked.length === 0
        ? `${who} ${verb} publicly: the private endpoint has no zones`
        : `${who} ${verb} publicly until it is linked to ${zones}`
    case 'private':
    case 'unknown':
      return who
  }
}

/** Zones that answer that there is no such name. */
function sayEmpty({ empty, targets }: ReportedNetwork): string {
  const zones = listed(empty.map((zone) => code(zone)))
  return `${targets.length === 1 ? 'finds' : 'find'} no name in ${zones}, which ${empty.length === 1 ? 'answers there and holds' : 'answer there and hold'} nothing of this scope`
}

/** Linked resources whose names the zones that a network asks do not know. */
function sayLacking({ lacking }: ReportedNetwork, view: View): string {
  const which = lacking.length === 1 ? 'it' : 'them'
  return `${sayNames(lacking, view)}: the zones have no record of ${which}`
}

/** The first few by name. */
function sayNames(ids: readonly string[], view: View): string {
  const some = ids.slice(0, few).map((id) => text(view.name(id), 200))
  const more = ids.length - some.length
  return more > 0 ? `${some.join(', ')} and ${thousands(more)} more` : listed(some)
}

function sayZones({ privateEndpoints }: NetworkReport, view: View): string[] {
  return privateEndpoints
    .filter(({ missingZones }) => missingZones.length > 0)
    .map(
      ({ id, missingZones }) =>
        `Private endpoint ${view.label(id)} lacks ${missingZones.length === 1 ? 'the zone' : 'the zones'} ${listed(missingZones.map((zone) => code(zone)))}.`,
    )
}

/** What can't be seen is said, and counted neither as good nor as bad. */
function sayUnknown(
  { privateEndpoints, virtualNetworks, unplaced }: NetworkReport,
  view: View,
): string[] {
  const unknown = virtualNetworks.filter((v) => v.targets.length > 0 && v.resolves === 'unknown')
  const hidden = privateEndpoints.filter(({ visible }) => !visible)
  return [
    ...hidden.map(({ id }) => `Private endpoint ${view.label(id)} and its zones can not be seen.`),
    ...(unknown.length === 0
      ? []
      : [`How names resolve in ${listed(unknown.map(sayWhy(view)))} can not be seen from here.`]),
    ...(unplaced.length === 0
      ? []
      : [
          `In which network ${countTargets(unplaced)} ${unplaced.length === 1 ? 'is' : 'are'} can not be seen.`,
        ]),
  ]
}

function sayWhy(view: View): (network: ReportedNetwork) => string {
  return ({ id, dns }) => `${view.label(id)}${dns === 'own' ? ' (DNS servers of its own)' : ''}`
}

function sayNeighbours({ neighbours }: NetworkReport, view: View): string[] {
  if (neighbours.length === 0) return []
  const ids = [...new Set(neighbours.map(({ id }) => id))]
  const verb = ids.length === 1 ? 'shares' : 'share'
  return [
    `${countTargets(ids)} that ${ids.length === 1 ? 'is' : 'are'} not in the file ${verb} these names and ${ids.length === 1 ? 'is' : 'are'} not served by this scope: ${listed(ids.map((id) => text(view.name(id), 200)))}.`,
  ]
}
