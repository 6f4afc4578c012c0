import type { Change } from '../plan/plan.ts'
import { saltedDigest } from './carried/planData.ts'

/** What is known of the topology file's past on its branch. */
export interface FileHistory {
  /** The last commit that changed it. */
  readonly commit: string
  /** When that was, ISO 8601. */
  readonly at: string
  /** The pull request that brought it there, if its changes were all applied. */
  readonly applied?: {
    readonly pullRequest: number
    readonly url: string
    /** Of what was applied, as its comment carries them. */
    readonly salt: string
    readonly digests: readonly string[]
  }
}

/** Differences by what brought them about. */
export interface Causes {
  /** Somebody changed Azure after the file's last commit. */
  readonly drifted: readonly Change[]
  /** The file is ahead of Azure. */
  readonly pending: readonly Change[]
  /** Azure doesn't tell when the object was changed, or GitHub when the file was. */
  readonly unclear: readonly Change[]
}

/**
 * Tells drift from what is only waiting to be applied. An object that was changed after the file was
 * has drifted. What isn't there is pending, unless the file's pull request is known to have made it.
 */
export function tellCauses(changes: readonly Change[], history: FileHistory | undefined): Causes {
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
