import type { Outcome } from '../plan/schedule/outcome.ts'
import type { PlanData, RunName } from './carried/planData.ts'
import type { Shown } from './carried/shownState.ts'
import type { FileHistory } from './driftCauses.ts'
import type { ShownGroup } from './parts/changesIn.ts'

/** What rendering needs besides the report. */
export interface RenderContext {
  /** URL of the workflow run, `https://github.com/OWNER/REPO/actions/runs/ID`. */
  readonly runUrl?: string
  readonly commitSha?: string
  readonly pullRequest?: number
  /** URL of this cloud's portal, `https://portal.azure.com`. */
  readonly portal: string
  /** URL of docs/rules.md; a rule's id is the anchor of its section. */
  readonly rulesUrl: string
  /**
   * Where the text is read. In a terminal, file positions are printed in full so that editors can
   * open them.
   */
  readonly place?: 'terminal'
  /**
   * The plan data of the reviewed comment. An apply that rewrites the comment keeps them, so that a
   * re-run is compared with what was reviewed and not with what the apply found.
   */
  readonly reviewed?: PlanData
  /** The changes as the reviewed comment showed them, in lines that this action wrote. */
  readonly reviewedGroups?: readonly ShownGroup[]
  /** The salt of the digests in the comment: 32 hex digits, new for each run. */
  readonly salt?: string
  /** GitHub's id of the current run. */
  readonly run?: RunName
  /** What the existing comment shows. */
  readonly shownBefore?: Shown
  /** For a drift run: the topology file's last change, if it could be read. */
  readonly fileHistory?: FileHistory
  /** While an apply is running. */
  readonly progress?: Progress
}

/** The progress of an apply. */
export interface Progress {
  /** The outcomes of the changes finished so far. */
  readonly outcomes: readonly Outcome[]
  /** Keys of the running changes. */
  readonly underWay?: readonly string[]
  /** Seconds since the apply began. */
  readonly elapsedSeconds?: number
}
