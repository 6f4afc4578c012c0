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
 * Refuses to close ingestion while a target would go dark: PrivateOnly is written only in a state
 * where every capability of every target holds, and never while a target is unknown or unreadable
 * (contract sections 4 and 7). Can't be waived.
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

/** A target that would be cut off, and from what. */
export interface Dark {
  readonly capability: Capability
}

/** Every capability of every target that doesn't hold in a state. */
export function darkTargets(desired: Desired, state: NetworkState): readonly Dark[] {
  return findDark(listCapabilities(desired), state)
}

function findDark(capabilities: readonly Capability[], state: NetworkState): readonly Dark[] {
  return (
    capabilities
      // What a rule lets a target do is none of its capabilities once the rule is gone from it.
      .filter((one) => one.heldRule === undefined || state.held.has(one.target.key))
      .filter((capability) => !holds(capability, state))
      .map((capability) => ({ capability }))
  )
}

/** What a dark target loses, in words. */
export function explainLoss({ capability }: Dark): string {
  const { target, kind, through = '', pathless } = capability
  const { name } = target.target
  if (pathless !== undefined) {
    return `${name} could not send what its rule ${pathless.name} collects, which needs an endpoint and names none`
  }
  switch (kind) {
    case 'configuration':
      return `${name} could not get its configuration: it is not associated with a linked endpoint of ${target.target.location}`
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
      'Fix that first (add the workspace to the file, or give the rule an endpoint that exists), or leave accessModes.ingestion at Open. This can not be waived.',
    resource: target.target.id,
    file: topology.file,
    line: target.at.line,
    column: target.at.column,
  }
}

/**
 * Keys of what the file names or selects and nobody can look at: it doesn't exist, or may not be read; of
 * a subscription that a select can't look in, its own. A flexible scale set that a select leaves out is no
 * target; one that is named is.
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

/** Targets of the file of which it can't be known what they would lose. */
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
        'Make them readable, or take them out of the file, before asking for PrivateOnly. This can not be waived.',
      resource: topology.privateLinkScope.id.text,
      file: topology.file,
      line: topology.accessModes.at.line,
      column: topology.accessModes.at.column,
    },
  ]
}
