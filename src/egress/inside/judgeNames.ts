import { idKey } from '../../resources/id.ts'
import { addressKind, canonicalAddress } from './addressKind.ts'
import { causeOf } from './causeOf.ts'
import type { CheckedName, Circumstances, WayIn } from './checkedName.ts'
import type { NeededName } from './neededNames.ts'
import type { Observed } from './observed.ts'

export interface Judged {
  /** Whether the runner is in the network; `null` where that can't be told. */
  readonly inside: boolean | null
  readonly result: 'reachable' | 'unknown' | 'unreachable'
  readonly names: readonly CheckedName[]
}

/** Judges what was seen of each name: its state, why, and what all of them together say. */
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
    states.filter(isAtHome).flatMap(({ zone }) => (zone === undefined ? [] : [zone])),
  )
  const names = states.map((name): CheckedName => {
    const isLinked = name.of === undefined ? undefined : around.wayIn?.linked.has(idKey(name.of))
    const cause = causeOf(name, { ...around, isLinked, answering, inside })
    return { ...name, ...(cause !== undefined && { cause }) }
  })
  return { inside, result: resultOf(names, inside, around), names }
}

type Stated = Omit<CheckedName, 'cause'>

function stateOf(
  observed: Observed,
  own: ReadonlySet<string | undefined>,
  wayIn: WayIn | undefined,
): Pick<Stated, 'state' | 'isAssumed'> {
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
  // Without Azure, an address for private networks is taken for the endpoint's (contract, section 10).
  if (wayIn === undefined) return 'own'
  return wayIn.hasEndpoint && !wayIn.isComplete ? 'assumed' : 'other'
}

/** Its zone answers here, from the right private endpoint. */
function isAtHome({ state }: Stated): boolean {
  return state === 'private' || state === 'unreachable'
}

/**
 * Inside is where a name that should be private has an address that isn't public, or where a shared
 * name is gone although its public neighbour is there: only a private zone takes names away. One
 * private answer on a runner of GitHub's leaves it open: it may be one in a network of one's own.
 */
function isInside(names: readonly Stated[], isHosted: boolean): boolean | null {
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
  // Never good by default: what wasn't tried, didn't say it is well, or may be somebody else's.
  const isOpen = expected.some(
    ({ isAssumed, cause, observed }) =>
      isAssumed || cause !== undefined || observed.connection === undefined,
  )
  return pending > 0 || isOpen ? 'unknown' : 'reachable'
}
