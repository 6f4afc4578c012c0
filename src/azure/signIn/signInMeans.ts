import type { Cloud } from '../http/cloud.ts'
import type { Surroundings } from '../http/transport.ts'

/** How a sign-in talks to the world. */
export interface SignInMeans {
  readonly cloud: Cloud
  readonly surroundings: Surroundings
  readonly getIdToken: (audience: string) => Promise<string>
  /** Told of every request, to Entra and to GitHub. */
  readonly count: () => void
}
