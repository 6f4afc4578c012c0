import { idKey } from '../../resources/id.ts'
import { addressKind, canonicalAddress } from './addressKind.ts'
import { causeOf } from './causeOf.ts'
import type { CheckedName, Circumstances, WayIn } from './checkedName.ts'
import type { NeededName } from './neededNames.ts'
import type { Observed } from './observed.ts'

export interface Judged {
  /** Whether the runner is in the network; `null` if unknown. */
  readonly inside: boolean | null
  readonly result: 'reachable' | 'unknown' | 'unreachable'
  readonly names: readonly CheckedName[]
}

/** Judges the observations: the state and cause of each name, and the overall result. */
export function judgeNames(
  needed: readonly NeededName[],
  seen: ReadonlyMap<string, Observed>,
  around: Circumstances,
): Judged {
  const own = new Set(around.wayIn?.addresses.map((address) => canonicalAddress(address)))
  const states = needed.map((name) => {
    const observed = seen.get(name.name) ?? { addresses: [], resolution: 'no-answer' }
    return { ...name, observed, ...stateOf(observed, own, around.wayIn) }
  })
  const inside = isInside(states, around.isHosted)
  const answering = new Set(
    states.filter(isServedByScope).flatMap(({ zone }) => (zone === undefined ? [] : [zone])),
  )
  const names = states.map((name): CheckedName => {
    const isLinked = name.of === undefined ? undefined : around.wayIn?.linked.has(idKey(name.of))
    const cause = causeOf(name, { ...around, isLinked, answering, inside })
    return { ...name, ...(cause !== undefined && { cause }) }
  })
  return { inside, result: resultOf(names, inside, around), names }
}

type UnexplainedName = Omit<CheckedName, 'cause'>

function stateOf(
  observed: Observed,
  own: ReadonlySet<string | undefined>,
  wayIn: WayIn | undefined,
): Pick<UnexplainedName, 'state' | 'isAssumed'> {
  const { addresses, connection } = observed
  if (addresses.length === 0) return { state: 'no-address', isAssumed: false }
  const whose = addresses.map((address) => whoseAddress(address, own, wayIn))
  if (whose.includes('public')) return { state: 'public', isAssumed: false }
  if (whose.includes('other')) return { state: 'other-private', isAssumed: false }
  const isAssumed = whose.includes('assumed')
  const isBroken =
    connection !== undefined && (!connection.connected || connection.tls?.state !== 'verified')
  return { state: isBroken ? 'unreachable' : 'private', isAssumed }
}

function whoseAddress(
  address: string,
  own: ReadonlySet<string | undefined>,
  wayIn: WayIn | undefined,
): 'own' | 'assumed' | 'other' | 'public' {
  const canonical = canonicalAddress(address)
  if (canonical !== undefined && own.has(canonical)) return 'own'
  const kind = addressKind(address)
  if (kind !== 'private') return kind === 'special' ? 'other' : 'public'
  // Without data from Azure, any private address counts as the private endpoint's (contract, section 10).
  if (wayIn === undefined) return 'own'
  return wayIn.hasEndpoint && !wayIn.isComplete ? 'assumed' : 'other'
}

/** True if the zone of this name answers here with the right private endpoint. */
function isServedByScope({ state }: UnexplainedName): boolean {
  return state === 'private' || state === 'unreachable'
}

/**
 * Whether the runner is in the network. It is if a name that should be private has a non-public
 * address, or if a shared name doesn't exist although the public regional name does: only a private
 * zone hides public names. On a GitHub-hosted runner a private answer leaves it open, since the runner
 * may be in your own virtual network.
 */
function isInside(names: readonly UnexplainedName[], isHosted: boolean): boolean | null {
  const expected = names.filter(({ isPublic }) => isPublic === 'never')
  const hasPrivate = expected.some(({ state }) => state !== 'public' && state !== 'no-address')
  if (isHosted) return hasPrivate ? null : false
  if (hasPrivate) return true
  const neighbour = names.some(({ isPublic, state }) => isPublic === 'always' && state === 'public')
  const isTakenAway = expected.some(
    ({ of, observed }) => of === undefined && observed.resolution === 'not-found',
  )
  if (neighbour && isTakenAway) return true
  return expected.some(({ state }) => state === 'public') ? false : null
}

function resultOf(
  names: readonly CheckedName[],
  inside: boolean | null,
  { pending }: Circumstances,
): Judged['result'] {
  if (inside !== true) return 'unknown'
  const expected = names.filter(({ isPublic }) => isPublic === 'never')
  if (expected.some(({ state }) => state !== 'private')) return 'unreachable'
  // Not good by default: names that weren't tried, have a cause, or may belong to another endpoint.
  const isOpen = expected.some(
    ({ isAssumed, cause, observed }) =>
      isAssumed || cause !== undefined || observed.connection === undefined,
  )
  return pending > 0 || isOpen ? 'unknown' : 'reachable'
}
