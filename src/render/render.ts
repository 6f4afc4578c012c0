import type { Outcome } from '../plan/schedule/outcome.ts'
import type { Report } from '../report.ts'
import { renderComment } from './commentBody.ts'
import { documentOf } from './sections.ts'
import type { FileHistory } from './driftCauses.ts'
import type { PlanData } from './carried/planData.ts'
import { renderPlanJson } from './planJson.ts'
import type { Shown } from './carried/shown.ts'
import { renderSummary } from './summary.ts'
import { viewOf } from './view.ts'

/** A report as texts: all that is published of it. */
export interface Rendered {
  /** The pull request's comment: under 60,000 characters, first line the marker, last line the plan data. */
  readonly comment: string
  /** The step summary and the `plan-markdown` file: the same in full, at most 1,000,000 bytes. */
  readonly summary: string
  /** Contract, section 3. */
  readonly planJson: string
  readonly egressJson?: string
}

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
  /**
   * The plan data that the reviewed comment carries. An apply that rewrites that comment keeps them, so
   * that a re-run is held against what was reviewed and not against what the apply found.
   */
  readonly reviewed?: PlanData
  /** The changes as the reviewed comment showed them, Markdown of ours. */
  readonly reviewedChanges?: string
  /** What the comment that is rewritten shows now. */
  readonly shownBefore?: Shown
  /** Of a drift run: when the topology file changed last, where that could be read. */
  readonly fileHistory?: FileHistory
  /** Set while an apply is under way. */
  readonly phase?: 'applying'
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

export function render(report: Report, context: RenderContext): Rendered {
  const view = viewOf(report, context)
  const document = documentOf(view)
  return {
    comment: renderComment(view, document),
    summary: renderSummary(view, document),
    planJson: renderPlanJson(report),
    ...(report.egress !== undefined && {
      egressJson: `${JSON.stringify(report.egress, null, 2)}\n`,
    }),
  }
}
