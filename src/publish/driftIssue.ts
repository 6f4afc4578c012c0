import { GitHubError } from '../errors.ts'
import { explainIssueFailure, keepIssue } from '../github/keepIssue.ts'
import { readFileHistory } from '../github/fileHistory.ts'
import { type FileHistory } from '../render/driftCauses.ts'
import { renderDriftIssue } from '../render/driftIssueBody.ts'
import { driftMarker } from '../render/carried/driftMarker.ts'
import type { RenderContext } from '../render/context.ts'
import type { Report } from '../report.ts'
import type { Run } from '../run.ts'

/** When the topology file of a drift run last changed; `undefined` when that isn't needed or known. */
export async function readHistory(run: Run, report: Report): Promise<FileHistory | undefined> {
  const { github, context, log, traits } = run
  const { file, topology, plan } = report
  if (traits.issue !== 'drift' || github === undefined || topology === undefined) return undefined
  if (plan === undefined || plan.changes.length === 0) return undefined
  try {
    return await readFileHistory(github, context, { file, topology })
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    log.info(
      `Drift can't be distinguished from changes that are not applied yet. ${error.message} ${error.remedy}`,
    )
    return undefined
  }
}

/**
 * Maintains the drift issue of a topology. A failure is a warning: the report is in the summary too. With
 * `comment: never` nothing is written to GitHub, including issues.
 *
 * @returns the URL of the issue while there is drift
 */
export async function reportDrift(
  run: Run,
  report: Report,
  context: RenderContext,
): Promise<string | undefined> {
  const { github, inputs, log, traits } = run
  const { topology, plan, result } = report
  if (traits.issue !== 'drift' || github === undefined || inputs.comment === 'never') {
    return undefined
  }
  // Without a plan, drift is unknown; a blocked, empty plan is neither drift nor clean.
  if (topology === undefined || plan === undefined || !isOfDefaultBranch(run)) return undefined
  if (report.situation === 'found') return undefined
  if (plan.changes.length === 0 && result !== 'clean') return undefined
  const { title, body, farewell } = renderDriftIssue(report, context)
  const differs = plan.changes.length > 0
  try {
    const kept = await keepIssue(github, {
      marker: driftMarker(topology),
      farewell,
      ...(differs && { open: { title, body } }),
    })
    if (kept !== undefined) log.info(`Drift issue ${kept.action}: ${kept.url}`)
    return differs ? kept?.url : undefined
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    log.warning(explainIssueFailure(error))
    return undefined
  }
}

/** The issue is about the branch that is applied: a plan of another branch or a pull request isn't drift. */
function isOfDefaultBranch({ context }: Run): boolean {
  const { defaultBranch } = context.repository
  if (context.pullRequest !== undefined) return false
  return defaultBranch === '' || context.ref === `refs/heads/${defaultBranch}`
}
