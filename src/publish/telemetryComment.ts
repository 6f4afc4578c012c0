import { GitHubError } from '../errors.ts'
import { findExisting, postComment } from '../github/postComment.ts'
import { findReviewedPlan } from '../github/reviewedPlan.ts'
import { writtenBy } from '../render/carried/planData.ts'
import type { RenderContext } from '../render/context.ts'
import { renderTelemetryPart, withTelemetryPart } from '../render/telemetry/commentPart.ts'
import type { Report } from '../report.ts'
import type { Run } from '../run.ts'

/**
 * Adds the findings of `verify` to the plan comment of the merged pull request, on a push. Edits only a comment that
 * an apply would trust, because our edit would make another one trusted; never creates one. A failure is a warning.
 */
export async function addTelemetry(
  run: Run,
  report: Report,
  renderContext: RenderContext,
): Promise<string | undefined> {
  const { github, context, inputs, log } = run
  const { findings, topology } = report
  if (findings?.kind !== 'telemetry' || topology === undefined || github === undefined) {
    return undefined
  }
  if (context.event !== 'push' || inputs.comment === 'never') return undefined
  try {
    const reviewed = await findReviewedPlan(github, context, {
      topology,
      file: report.file,
      isPatient: false,
    })
    if (reviewed.state === 'not-found') {
      log.info(`Telemetry is only shown in the step summary. ${reviewed.why}`)
      return undefined
    }
    const part = renderTelemetryPart(findings.telemetry, renderContext)
    const [{ pullRequest, unconfirmed }] = reviewed.reviews
    // The edit changes the comment's time, so a later apply must be able to check which run made it.
    const writer = unconfirmed === undefined ? context.run : undefined
    const existing = await findExisting(github, { pullRequest, topology })
    if (existing.before === undefined) return undefined
    const body = writtenBy(withTelemetryPart(existing.before, part), writer)
    const posted = await postComment(github, {
      ...{ pullRequest, topology, body, existing },
      create: false,
    })
    return posted?.url
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    log.warning(`${error.message} ${error.remedy}`)
    return undefined
  }
}
