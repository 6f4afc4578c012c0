import type { Judged } from './judgeNames.ts'
import type { AskedBy } from './observed.ts'

/** What `check-network` found, from inside (contract, section 10). */
export interface NetworkCheck extends Judged {
  readonly kind: 'network'
  readonly topology: string
  /** ISO 8601, in UTC. */
  readonly checkedAt: string
  readonly askedBy: AskedBy
  /** True on a runner that GitHub hosts. */
  readonly isHosted: boolean
  /** Ids of endpoints and workspaces whose host names Azure has not given yet. */
  readonly pending: readonly string[]
  /** False where only a list of names was at hand, and nothing of Azure. */
  readonly knowsAzure: boolean
}
