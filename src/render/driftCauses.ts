import type { Change } from '../plan/plan.ts'
import { saltedDigest } from './carried/planData.ts'

/** The topology file's last change on its branch. */
export interface FileHistory {
  /** The last commit that changed it. */
  readonly commit: string
  /** When that was, ISO 8601. */
  readonly at: string
  /** The pull request that made the change, if all its changes were applied. */
  readonly applied?: {
    readonly pullRequest: number
    readonly url: string
    /** Salt and digests of the applied changes, from the pull request's comment. */
    readonly salt: string
    readonly digests: readonly string[]
  }
}

/** Differences by cause. */
export interface Causes {
  /** Azure was changed after the file's last commit. */
  readonly drifted: readonly Change[]
  /** The file is ahead of Azure. */
  readonly pending: readonly Change[]
  /** The time of the object's or the file's last change is unknown. */
  readonly unclear: readonly Change[]
}

/**
 * Separates drift from changes that were not applied yet. An object that was changed after the file
 * has drifted. A missing object is pending, unless the file's pull request is known to have created
 * it.
 */
export function findCauses(changes: readonly Change[], history: FileHistory | undefined): Causes {
  const applied = new Set(history?.applied?.digests)
  const salt = history?.applied?.salt ?? ''
  const since = history === undefined ? NaN : Date.parse(history.at)
  const causeOf = ({ action, digest, changed }: Change): keyof Causes => {
    if (Number.isNaN(since)) return 'unclear'
    if (action === 'create') return applied.has(saltedDigest(salt, digest)) ? 'drifted' : 'pending'
    const at = Date.parse(changed?.at ?? '')
    if (Number.isNaN(at)) return 'unclear'
    return at > since ? 'drifted' : 'pending'
  }
  const of = (cause: keyof Causes) => changes.filter((change) => causeOf(change) === cause)
  return { drifted: of('drifted'), pending: of('pending'), unclear: of('unclear') }
}
