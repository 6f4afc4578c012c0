import type { Outcome } from '../plan/schedule/outcome.ts'
import type { PlanData, RunName } from './carried/planData.ts'
import type { Shown } from './carried/shownState.ts'
import type { FileHistory } from './driftCauses.ts'
import type { ShownGroup } from './parts/changesIn.ts'

/** What a rendering knows besides the report. */
export interface RenderContext {
  /** Address of the workflow run, `https://github.com/OWNER/REPO/actions/runs/ID`. */
  readonly runUrl?: string
  readonly commitSha?: string
  readonly pullRequest?: number
  /** Address of the portal of this cloud, `https://portal.azure.com`. */
  readonly portal: string
  /** Address of docs/rules.md; a rule's section is its anchor. */
  readonly rulesUrl: string
  /** Where it is read: in a terminal, places of a file are told in full, so that editors open them. */
  readonly place?: 'terminal'
  /**
   * The plan data that the reviewed comment carries. An apply that rewrites that comment keeps them, so
   * that a re-run is held against what was reviewed and not against what the apply found.
   */
  readonly reviewed?: PlanData
  /** The changes as the reviewed comment showed them, lines of ours. */
  readonly reviewedGroups?: readonly ShownGroup[]
  /** Of the digests that the comment carries, 32 hex digits made anew for each run. */
  readonly salt?: string
  /** The run that renders, as GitHub knows it. */
  readonly run?: RunName
  /** What the comment that is rewritten shows now. */
  readonly shownBefore?: Shown
  /** Of a drift run: when the topology file changed last, where that could be read. */
  readonly fileHistory?: FileHistory
  /** While an apply is under way. */
  readonly progress?: Progress
}

/** How far an apply is. */
export interface Progress {
  /** Those of the changes that have ended so far. */
  readonly outcomes: readonly Outcome[]
  /** Keys of the changes that are under way. */
  readonly underWay?: readonly string[]
  /** Seconds since the apply began. */
  readonly elapsedSeconds?: number
}
