import type { Cause } from './cause.ts'
import type { NeededName } from './neededNames.ts'
import type { AskedBy, Observed } from './observed.ts'

/** Azure's view of the path into the scope; absent if only a list of names is available. */
export interface WayIn {
  /** Addresses of the scope's approved private endpoints. */
  readonly addresses: readonly string[]
  /** False if the addresses of one of them can't be read. */
  readonly isComplete: boolean
  /** False if the scope has no approved private endpoint. */
  readonly hasEndpoint: boolean
  /** Keys of the resources that are linked now. */
  readonly linked: ReadonlySet<string>
  /** Names of private DNS zones that no private endpoint has; unreadable ones don't count as missing. */
  readonly missingZones: ReadonlySet<string>
}

/** State of a name: the kind of its addresses, and whether they are reachable. */
export type NameState = 'private' | 'other-private' | 'public' | 'no-address' | 'unreachable'

export interface CheckedName extends NeededName {
  readonly observed: Observed
  readonly state: NameState
  /** True if its address is private but it is unknown whose. */
  readonly isAssumed: boolean
  readonly cause?: Cause
}

export interface Circumstances {
  readonly wayIn?: WayIn
  readonly askedBy: AskedBy
  /** True on a GitHub-hosted runner. */
  readonly isHosted: boolean
  /** Number of endpoints and workspaces whose host names Azure has not returned yet. */
  readonly pending: number
}
