import {
  findExisting,
  postComment,
  type PostedComment,
  type ExistingComment,
} from '../github/postComment.ts'
import { postOnce } from '../github/ownComments.ts'
import { checkWritable } from '../github/pullRequest.ts'
import type { Rendered } from '../render/render.ts'
import type { RenderContext } from '../render/context.ts'
import { decodeShown } from '../render/carried/shown.ts'
import type { Shown } from '../render/carried/shownState.ts'
import { findWorsening, renderWorsening } from '../render/carried/worse.ts'
import type { Report } from '../report.ts'
import type { Run } from '../run.ts'

/** Where a report's comment is written, and the present comment. */
export interface Place {
  readonly pullRequest: number
  readonly existing: ExistingComment
  /** What the present comment shows, from its hidden data. */
  readonly shown?: Shown
  readonly commitSha?: string
}

/**
 * Finds where to write the comment of a report; `undefined` when none is written.
 *
 * @throws GitHubError when GitHub can't be reached.
 */
export async function findPlace(
  run: Run,
  report: Report,
  context: RenderContext,
): Promise<Place | undefined> {
  const { github, inputs } = run
  const { pullRequest, commitSha } = context
  if (github === undefined || pullRequest === undefined || inputs.comment === 'never') {
    return undefined
  }
  // A superseded run leaves its comment alone; the newer commit's comment is the current one.
  const isLeft = report.situation === 'superseded' && report.outcomes === undefined
  const { comment } = run.traits
  if (isLeft || comment === 'none' || comment === 'adds') return undefined
  if (!(await isOursToWrite(run, context))) return undefined
  const topology = nameOf(report)
  const existing = await findExisting(github, { pullRequest, topology })
  const shown = existing.before === undefined ? undefined : decodeShown(existing.before)
  return {
    pullRequest,
    existing,
    ...(shown && { shown }),
    ...(commitSha !== undefined && { commitSha }),
  }
}

/**
 * Posts the comment of a report, and a short new one when the plan got worse, because edits notify no one. Returns
 * the URL of the comment.
 *
 * @throws GitHubError when GitHub refuses or can't be reached.
 */
export async function writeComment(
  run: Run,
  report: Report,
  place: Place,
  rendered: Rendered,
): Promise<string | undefined> {
  const { github, inputs, traits } = run
  if (github === undefined) return undefined
  const { pullRequest, existing } = place
  const topology = nameOf(report)
  const isShown = isShownAlready(run, report, place.shown)
  const posted = await postComment(github, {
    ...{ pullRequest, topology, existing },
    body: isShown ? (existing.before ?? rendered.comment) : rendered.comment,
    create: traits.comment === 'writes' && (inputs.comment === 'always' || isNews(report)),
    ...(topology !== report.file && { formerly: report.file }),
  })
  if (posted !== undefined && traits.comment === 'writes') {
    await warnOfWorsening(run, topology, { place, posted, now: rendered.shown })
  }
  return posted?.url
}

/** The key of the comment: the topology's name, or the path of a file whose name can't be read. */
function nameOf({ topology, file }: Report): string {
  return topology ?? file
}

/** True for a report that creates a comment under `comment: on-change`. */
function isNews({ plan, result, diagnostics }: Report): boolean {
  const hasProblems = diagnostics.some(({ severity }) => severity !== 'notice')
  return (plan?.changes.length ?? 0) > 0 || result === 'failed' || hasProblems
}

/** True for a re-run that finds everything applied: the comment already shows how. */
function isShownAlready(run: Run, report: Report, shown: Shown | undefined): boolean {
  return (
    run.traits.comment === 'ends' &&
    report.situation === 'nothing' &&
    shown?.situation === 'applied'
  )
}

async function isOursToWrite(run: Run, { reviewed }: RenderContext): Promise<boolean> {
  const { context, github, log, traits } = run
  if (github === undefined) return false
  // Only a comment with the review in it is updated, so that the review stays readable.
  if (traits.comment === 'ends') return reviewed !== undefined
  if (context.pullRequest === undefined) return false
  const writable = await checkWritable(github, context.pullRequest)
  if (!writable.current) log.info(`${writable.why} The comment is left as it is.`)
  return writable.current
}

async function warnOfWorsening(
  { github, log }: Run,
  topology: string,
  {
    place,
    posted,
    now,
  }: { readonly place: Place; readonly posted: PostedComment; readonly now: Shown | undefined },
): Promise<void> {
  // A new comment notifies by itself; an unchanged one has nothing new.
  if (github === undefined || posted.action !== 'updated') return
  const { shown: before, commitSha, pullRequest } = place
  const worsening = before && now && findWorsening(before, now)
  if (now === undefined || worsening === undefined) return
  const note = renderWorsening(worsening, {
    ...{ topology, now, commentUrl: posted.url },
    ...(commitSha !== undefined && { commitSha }),
  })
  if (await postOnce(github, pullRequest, note)) {
    log.info('The plan got worse than the comment showed before; a short comment says so.')
  }
}
