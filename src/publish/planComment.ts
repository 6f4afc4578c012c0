import {
  findStanding,
  postComment,
  type PostedComment,
  type Standing,
} from '../github/postComment.ts'
import { postOnce } from '../github/ownComments.ts'
import { checkStanding } from '../github/pullRequest.ts'
import type { Rendered } from '../render/render.ts'
import type { RenderContext } from '../render/context.ts'
import { decodeShown } from '../render/carried/shown.ts'
import type { Shown } from '../render/carried/shownState.ts'
import { findWorsening, renderWorsening } from '../render/carried/worse.ts'
import type { Report } from '../report.ts'
import type { Run } from '../run.ts'

/** Where a report's comment goes, and what stands there now. */
export interface Place {
  readonly pullRequest: number
  readonly standing: Standing
  /** What the comment that stands shows, as it says of itself. */
  readonly shown?: Shown
  readonly commitSha?: string
}

/**
 * Where the comment of a report is to be written; `undefined` where none is.
 *
 * @throws GitHubError when GitHub can't be asked.
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
  // What it said of its own apply stands; the newer commit's comment tells of what counts.
  const isLeft = report.situation === 'superseded' && report.outcomes === undefined
  const { comment } = run.traits
  if (isLeft || comment === 'none' || comment === 'adds') return undefined
  if (!(await isOursToWrite(run, context))) return undefined
  const topology = nameOf(report)
  const standing = await findStanding(github, { pullRequest, topology })
  const shown = standing.before === undefined ? undefined : decodeShown(standing.before)
  return {
    pullRequest,
    standing,
    ...(shown && { shown }),
    ...(commitSha !== undefined && { commitSha }),
  }
}

/**
 * Posts the comment of a report, and a short new one when the plan got worse than the comment showed before:
 * edits notify nobody. Gives the address of the comment.
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
  const { pullRequest, standing } = place
  const topology = nameOf(report)
  const isSaid = isSaidAlready(run, report, place.shown)
  const posted = await postComment(github, {
    ...{ pullRequest, topology, standing },
    body: isSaid ? (standing.before ?? rendered.comment) : rendered.comment,
    create: traits.comment === 'writes' && (inputs.comment === 'always' || isNews(report)),
    ...(topology !== report.file && { formerly: report.file }),
  })
  if (posted !== undefined && traits.comment === 'writes') {
    await warnOfWorsening(run, topology, { place, posted, now: rendered.shown })
  }
  return posted?.url
}

/** What the comment is found by: the name of the topology, or the path of a file whose name can't be read. */
function nameOf({ topology, file }: Report): string {
  return topology ?? file
}

/** What a comment is written for under `comment: on-change` when there is none yet. */
function isNews({ plan, result, diagnostics }: Report): boolean {
  const hasProblems = diagnostics.some(({ severity }) => severity !== 'notice')
  return (plan?.changes.length ?? 0) > 0 || result === 'failed' || hasProblems
}

/** A re-run that finds all of it applied has nothing to add to how it was applied. */
function isSaidAlready(run: Run, report: Report, shown: Shown | undefined): boolean {
  return (
    run.traits.comment === 'ends' &&
    report.situation === 'nothing' &&
    shown?.situation === 'applied'
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
  { github, log }: Run,
  topology: string,
  {
    place,
    posted,
    now,
  }: { readonly place: Place; readonly posted: PostedComment; readonly now: Shown | undefined },
): Promise<void> {
  // A new comment notifies by itself; one that is unchanged tells of nothing new.
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
