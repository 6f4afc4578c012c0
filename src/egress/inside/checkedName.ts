import type { Cause } from './cause.ts'
import type { NeededName } from './neededNames.ts'
import type { AskedBy, Observed } from './observed.ts'

/** What is known from Azure of the way in; absent where only a list of names is at hand. */
export interface WayIn {
  /** Addresses of the scope's approved private endpoints. */
  readonly addresses: readonly string[]
  /** False where the addresses of one of them can't be read. */
  readonly isComplete: boolean
  /** False: the scope has no approved private endpoint. */
  readonly hasEndpoint: boolean
  /** Keys of what the scope links now. */
  readonly linked: ReadonlySet<string>
  /** Names of private DNS zones that none of the endpoints keeps; what can't be read isn't missing. */
  readonly missingZones: ReadonlySet<string>
}

/** Of a name: what its addresses are, and whether they can be reached. */
export type NameState = 'private' | 'other-private' | 'public' | 'no-address' | 'unreachable'

export interface CheckedName extends NeededName {
  readonly observed: Observed
  readonly state: NameState
  /** True where its address is private and nobody could tell whose. */
  readonly isAssumed: boolean
  readonly cause?: Cause
}

export interface Circumstances {
  readonly wayIn?: WayIn
  readonly askedBy: AskedBy
  /** True on a runner that GitHub hosts. */
  readonly isHosted: boolean
  /** How many host names Azure has not given yet: of those nothing is known. */
  readonly pending: number
}
