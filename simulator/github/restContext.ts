import type { GitHubRequest } from './answer.ts'
import type { Knobs } from './knobs.ts'
import type { GitHubState } from './state.ts'

/** The context of every endpoint. */
export interface RestContext {
  readonly state: GitHubState
  readonly knobs: Knobs
  readonly request: GitHubRequest
  readonly apiUrl: string
  /** The request's body as JSON; empty without one. */
  readonly body: Readonly<Record<string, unknown>>
}
