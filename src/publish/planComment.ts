import { postComment, type PostedComment } from '../github/postComment.ts'
import { postOnce } from '../github/ownComments.ts'
import { checkStanding } from '../github/pullRequest.ts'
import { render } from '../render/render.ts'
import { type RenderContext } from '../render/context.ts'
import { decodeShown } from '../render/carried/shown.ts'
import { type Shown } from '../render/carried/shownState.ts'
import { findWorsening, renderWorsening } from '../render/carried/worse.ts'
import type { Report } from '../report.ts'
import type { Run } from '../run.ts'

/**
 * Writes the comment of a report where there is one to be written, and a short new one when the plan
 * got worse than the comment showed before: edits notify nobody. Gives the address of the comment.
 *
 * @throws GitHubError when GitHub refuses or can't be reached.
 */
export async function writeComment(
  run: Run,
  report: Report,
  context: RenderContext,
): Promise<string | undefined> {
  const { github, inputs } = run
  const { pullRequest } = context
  if (github === undefined || pullRequest === undefined || inputs.comment === 'never') {
    return undefined
  }
  // What it said of its own apply stands; the newer commit's comment tells of what counts.
  const isLeft = report.result === 'superseded' && report.outcomes === undefined
  if (isLeft || run.traits.comment === 'none') return undefined
  if (!(await isOursToWrite(run, context))) return undefined
  const posted = await postComment(github, {
    pullRequest,
    topology: report.topology ?? report.file,
    body: (before) => {
      const shown = before === undefined ? undefined : decodeShown(before)
      if (before !== undefined && isSaidAlready(run, report, shown)) return before
      return render(report, { ...context, ...(shown && { shownBefore: shown }) }).comment
    },
    create: run.traits.comment === 'writes' && (inputs.comment === 'always' || isNews(report)),
    ...(report.topology !== undefined &&
      report.topology !== report.file && { formerly: report.file }),
  })
  if (posted !== undefined && run.traits.comment === 'writes') {
    await warnOfWorsening(run, report, { ...context, pullRequest }, posted)
  }
  return posted?.url
}

/** What a comment is written for under `comment: on-change` when there is none yet. */
function isNews({ plan, result, diagnostics }: Report): boolean {
  const hasProblems = diagnostics.some(({ severity }) => severity !== 'notice')
  return (plan?.changes.length ?? 0) > 0 || result === 'failed' || hasProblems
}

/** A re-run that finds all of it applied has nothing to add to how it was applied. */
function isSaidAlready(run: Run, report: Report, shown: Shown | undefined): boolean {
  return (
    run.traits.comment === 'ends' && report.became === 'nothing' && shown?.situation === 'applied'
  )
}

async function isOursToWrite(run: Run, { reviewed }: RenderContext): Promise<boolean> {
  const { context, github, log, traits } = run
  if (github === undefined) return false
  // What was reviewed must stay readable in it; without a review there is nothing to bring up to date.
  if (traits.comment === 'ends') return reviewed !== undefined
  if (context.pullRequest === undefined) return false
  const standing = await checkStanding(github, context.pullRequest)
  if (!standing.current) log.info(`${standing.why} The comment is left as it is.`)
  return standing.current
}

async function warnOfWorsening(
  run: Run,
  report: Report,
  context: RenderContext & { readonly pullRequest: number },
  posted: PostedComment,
): Promise<void> {
  const { github, log } = run
  // A new comment notifies by itself; one that is unchanged tells of nothing new.
  if (github === undefined || posted.action !== 'updated') return
  const shownBefore = decodeShown(posted.before ?? '')
  if (shownBefore === undefined) return
  const now = decodeShown(render(report, { ...context, shownBefore }).comment)
  const worsening = now && findWorsening(shownBefore, now)
  if (now === undefined || worsening === undefined) return
  const { commitSha, pullRequest } = context
  const note = renderWorsening(worsening, {
    topology: report.topology ?? report.file,
    now,
    commentUrl: posted.url,
    ...(commitSha !== undefined && { commitSha }),
  })
  if (await postOnce(github, pullRequest, note)) {
    log.info('The plan got worse than the comment showed before; a short comment says so.')
  }
}
