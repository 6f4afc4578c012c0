import type { Cloud } from './cloud.ts'
import type { Surroundings } from './transport.ts'

/** How a sign-in talks to the world. */
export interface SignInMeans {
  readonly cloud: Cloud
  readonly surroundings: Surroundings
  readonly getIdToken: (audience: string) => Promise<string>
  /** Told of every request, to Entra and to GitHub. */
  readonly count: () => void
}
