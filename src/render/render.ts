import type { Report } from '../report.ts'
import { shownOf } from './carried/shown.ts'
import type { Shown } from './carried/shownState.ts'
import { renderComment } from './commentBody.ts'
import { documentOf } from './sections.ts'
import { renderPlanJson } from './planJson.ts'
import { renderSummary } from './summary.ts'
import { viewOf } from './view.ts'
import type { RenderContext } from './context.ts'
import { renderFindings } from './findings.ts'

/** A report as texts, ready to publish. */
export interface Rendered {
  /**
   * The pull request's comment: under 60,000 characters, first line the marker, last line the plan
   * data. Empty if the command is not about a plan.
   */
  readonly comment: string
  /** What the comment shows, for comparison by the next run. Absent if there is no comment. */
  readonly shown?: Shown
  /** The step summary and the `plan-markdown` file: the same in full, at most 1,000,000 bytes. */
  readonly summary: string
  /** Contract, section 3; empty if the command is not about a plan. */
  readonly planJson: string
  readonly egressJson?: string
  /** For a command that is not about a plan: the file of its own output. */
  readonly findingsJson?: string
}

export function render(report: Report, context: RenderContext): Rendered {
  const egress = report.egress !== undefined && {
    egressJson: `${JSON.stringify(report.egress, null, 2)}\n`,
  }
  if (report.situation === 'found') {
    const { summary, json } = renderFindings(report.findings, report, context)
    return { comment: '', summary, planJson: '', ...egress, findingsJson: json }
  }
  const view = viewOf(report, context)
  const document = documentOf(view)
  return {
    comment: renderComment(view, document),
    shown: shownOf(view),
    summary: renderSummary(view, document),
    planJson: renderPlanJson(report),
    ...egress,
  }
}
