import type { Cloud } from '../http/cloud.ts'
import type { Place } from './signInWays.ts'
import type { Surroundings } from '../http/transport.ts'
import type { SignInWay } from './signInWays.ts'
import type { SignInFailure } from './signInClient.ts'
import type { Claims } from './assertion.ts'

/** How a sign-in talks to the world. */
export interface SignInMeans {
  readonly cloud: Cloud
  readonly surroundings: Surroundings
  readonly getIdToken: (audience: string) => Promise<string>
  readonly place: Place
  /** Told of every request, to Entra and to GitHub. */
  readonly count: () => void
}

/** What is known about a sign-in that failed. */
export interface SignInCircumstances {
  readonly way: SignInWay
  readonly cloud: Cloud
  readonly place: Place
  /** What GitHub, or the token file, presented. */
  readonly claims: Claims | undefined
  /** What the wire said last. */
  readonly failure: SignInFailure | undefined
}
