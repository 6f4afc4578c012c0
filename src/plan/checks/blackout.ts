import type { Diagnostic } from '../../diagnostics.ts'
import { compareText, nameOf } from '../../resources/id.ts'
import type { Desired } from '../../rules/derive.ts'
import {
  type Capability,
  holds,
  listCapabilities,
  type NetworkState,
  type Outlook,
} from '../capabilities.ts'
import { closesIngestion, isClosing, type OrderedDraft } from '../order.ts'

/**
 * Refuses to set ingestion to PrivateOnly while that would cut off a target: it is written only in a
 * state where every capability of every target holds, and never while a target is unknown or
 * unreadable (contract sections 4 and 7). Can't be waived.
 */
export function findBlackouts(
  desired: Desired,
  outlook: Outlook,
  changes: readonly OrderedDraft[],
): readonly Diagnostic[] {
  const closing = changes.filter(isClosing)
  if (closing.length === 0) return []
  return [
    ...explainUnknown(desired),
    ...(closing.some(closesIngestion)
      ? findDark(outlook.capabilities, outlook.after).map((dark) => explainDark(desired, dark))
      : []),
  ]
}

/** A capability that a target would lose. */
export interface Dark {
  readonly capability: Capability
}

/** All capabilities of all targets that don't hold in a state. */
export function darkTargets(desired: Desired, state: NetworkState): readonly Dark[] {
  return findDark(listCapabilities(desired), state)
}

function findDark(capabilities: readonly Capability[], state: NetworkState): readonly Dark[] {
  return (
    capabilities
      // A capability of a held rule no longer counts once the target has lost the rule.
      .filter((one) => one.heldRule === undefined || state.held.has(one.target.key))
      .filter((capability) => !holds(capability, state))
      .map((capability) => ({ capability }))
  )
}

/** Describes the loss of a target. */
export function explainLoss({ capability }: Dark): string {
  const { target, kind, through = '', pathless } = capability
  const { name } = target.target
  if (pathless !== undefined) {
    return `${name} could not send the data of its rule ${pathless.name}, which needs an endpoint but names none`
  }
  switch (kind) {
    case 'configuration':
      return `${name} could not get its configuration: it is not associated with a linked endpoint in ${target.target.location}`
    case 'logs':
      return `${name} could not send logs to ${nameOf(through)}, which is not linked`
    case 'metrics':
      return `${name} could not send through ${nameOf(through)}, which is not linked or does not exist`
  }
}

function explainDark(desired: Desired, dark: Dark): Diagnostic {
  const { topology } = desired.world
  const { target } = dark.capability
  return {
    severity: 'error',
    code: 'blackout',
    message: `Ingestion PrivateOnly would cut off ${target.target.name}: ${explainLoss(dark)}.`,
    remedy:
      'Fix that first (add the workspace to the file, or set an existing endpoint in the rule), or keep accessModes.ingestion Open. This cannot be waived.',
    resource: target.target.id,
    file: topology.file,
    line: target.at.line,
    column: target.at.column,
  }
}

/**
 * Keys of missing and unreadable targets of the file, and ids of subscriptions of selects that can't be
 * read. A flexible scale set counts only if the file names it explicitly, since selects skip it.
 */
export function findUnknown({ world, named }: Desired): readonly string[] {
  const { topology, estate, targets } = world
  const resolved = new Set(targets.map((t) => t.key))
  const explicit = new Set(topology.targets.map((t) => t.id.key))
  const unresolved = [...named].filter(
    (key) =>
      !resolved.has(key) && (explicit.has(key) || estate.targets.get(key)?.state !== 'found'),
  )
  const subscriptions = [...estate.hiddenSubscriptions.keys()].map((id) => `/subscriptions/${id}`)
  return [...unresolved, ...subscriptions].toSorted(compareText)
}

function nameUnknown(key: string): string {
  return /^\/subscriptions\/[^/]+$/.test(key) ? `subscription ${nameOf(key)}` : nameOf(key)
}

/** Reports the targets whose losses can't be determined. */
function explainUnknown(desired: Desired): readonly Diagnostic[] {
  const { topology, targets } = desired.world
  const unresolved = findUnknown(desired)
  const chosen = new Set(desired.choices.map((choice) => choice.target.key))
  const unknownPath = targets.filter((t) => t.hasHiddenRule || !chosen.has(t.key)).map((t) => t.key)
  if (unresolved.length === 0 && unknownPath.length === 0) return []
  const names = [...unresolved, ...unknownPath].toSorted(compareText).map(nameUnknown)
  return [
    {
      severity: 'error',
      code: 'blackout',
      message: `PrivateOnly is refused while what these targets need is unknown: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}.`,
      remedy:
        'Make them readable, or remove them from the file, before you set PrivateOnly. This cannot be waived.',
      resource: topology.privateLinkScope.id.text,
      file: topology.file,
      line: topology.accessModes.at.line,
      column: topology.accessModes.at.column,
    },
  ]
}
