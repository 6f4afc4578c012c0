import type { Judged } from './judgeNames.ts'
import type { AskedBy } from './observed.ts'

/** Result of `check-network` (contract, section 10). */
export interface NetworkCheck extends Judged {
  readonly kind: 'network'
  readonly topology: string
  /** ISO 8601, in UTC. */
  readonly checkedAt: string
  readonly askedBy: AskedBy
  /** True on a GitHub-hosted runner. */
  readonly isHosted: boolean
  /** Ids of endpoints and workspaces whose host names Azure has not returned yet. */
  readonly pending: readonly string[]
  /** False if only a list of names was available, without data from Azure. */
  readonly knowsAzure: boolean
}
