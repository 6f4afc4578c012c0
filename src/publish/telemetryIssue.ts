import { GitHubError } from '../errors.ts'
import { explainIssueFailure, keepIssue } from '../github/keepIssue.ts'
import type { RenderContext } from '../render/context.ts'
import { renderTelemetryIssue, telemetryMarker } from '../render/telemetry/issueBody.ts'
import type { Report } from '../report.ts'
import type { Run } from '../run.ts'

/**
 * Maintains the issue on silent targets, on a schedule: opened when a target is silent, closed when none is, and left
 * alone when the result is unknown. A failure is a warning: the report is in the summary too.
 */
export async function reportSilentTargets(
  run: Run,
  report: Report,
  renderContext: RenderContext,
): Promise<void> {
  const { github, inputs, log, traits, context } = run
  const { findings, topology, result } = report
  if (traits.issue !== 'telemetry' || context.event !== 'schedule') return
  if (findings?.kind !== 'telemetry' || topology === undefined || github === undefined) return
  if (inputs.comment === 'never' || result === 'unknown') return
  const { title, body, farewell } = renderTelemetryIssue(findings.telemetry, renderContext)
  try {
    const kept = await keepIssue(github, {
      marker: telemetryMarker(topology),
      farewell,
      ...(result === 'silent' && { open: { title, body } }),
    })
    if (kept !== undefined) log.info(`Telemetry issue ${kept.action}: ${kept.url}`)
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    log.warning(explainIssueFailure(error))
  }
}
