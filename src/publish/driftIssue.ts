import { GitHubError } from '../errors.ts'
import { explainIssueFailure, keepIssue } from '../github/keepIssue.ts'
import { readFileHistory } from '../github/fileHistory.ts'
import { type FileHistory } from '../render/driftCauses.ts'
import { renderDriftIssue } from '../render/driftIssueBody.ts'
import { driftMarker } from '../render/carried/driftMarker.ts'
import type { RenderContext } from '../render/context.ts'
import type { Report } from '../report.ts'
import type { Run } from '../run.ts'

/** When the topology file of a drift run changed last; `undefined` where that isn't needed or known. */
export async function readHistory(run: Run, report: Report): Promise<FileHistory | undefined> {
  const { github, context, log, traits } = run
  const { file, topology, plan } = report
  if (traits.issue !== 'drift' || github === undefined || topology === undefined) return undefined
  if (plan === undefined || plan.changes.length === 0) return undefined
  try {
    return await readFileHistory(github, context, { file, topology })
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    log.info(`Drift can't be told from what is not applied yet. ${error.message} ${error.remedy}`)
    return undefined
  }
}

/**
 * Keeps the issue on the drift of a topology. An issue that can't be kept is a warning: the report
 * stands in the summary. With `comment: never` nothing is written on GitHub, no issue either.
 *
 * @returns the address of the issue on what differs
 */
export async function tellDrift(
  run: Run,
  report: Report,
  context: RenderContext,
): Promise<string | undefined> {
  const { github, inputs, log, traits } = run
  const { topology, plan, result } = report
  if (traits.issue !== 'drift' || github === undefined || inputs.comment === 'never') {
    return undefined
  }
  // Without a plan nobody knows; a plan that is blocked and empty is neither drift nor clean.
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

/** An issue tells of the branch that is applied; what another one or a pull request says is no drift. */
function isOfDefaultBranch({ context }: Run): boolean {
  const { defaultBranch } = context.repository
  if (context.pullRequest !== undefined) return false
  return defaultBranch === '' || context.ref === `refs/heads/${defaultBranch}`
}
