import type { Cloud } from '../http/cloud.ts'
import type { Place } from './signInWays.ts'
import type { Surroundings } from '../http/transport.ts'
import type { SignInWay } from './signInWays.ts'
import type { SignInFailure } from './signInClient.ts'
import type { Claims } from './assertion.ts'

/** What a sign-in needs. */
export interface SignInMeans {
  readonly cloud: Cloud
  readonly surroundings: Surroundings
  readonly getIdToken: (audience: string) => Promise<string>
  readonly place: Place
  /** Called for every request to Entra and GitHub. */
  readonly count: () => void
}

/** What is known about a failed sign-in. */
export interface SignInCircumstances {
  readonly way: SignInWay
  readonly cloud: Cloud
  readonly place: Place
  /** The claims that GitHub or the token file presented. */
  readonly claims: Claims | undefined
  /** The last HTTP failure. */
  readonly failure: SignInFailure | undefined
}
