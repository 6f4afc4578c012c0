import { randomBytes } from 'node:crypto'
import type { Progress } from '../azure/write/applyPlan.ts'
import type { ReviewedPlan } from '../github/reviewedPlan.ts'
import { beforeTheEnd } from '../job/signals.ts'
import type { Plan } from '../plan/plan.ts'
import type { RenderContext } from '../render/context.ts'
import { render, type Rendered } from '../render/render.ts'
import type { Report } from '../report.ts'
import type { Run } from '../run.ts'
import { makeCommentQueue } from './commentQueue.ts'
import { readHistory, reportDrift } from './driftIssue.ts'
import { findPlace, type Place, writeComment } from './planComment.ts'
import type { Publication } from './publication.ts'
import { renderContextOf } from './renderContext.ts'
import { makeReviewMemory } from './reviewMemory.ts'
import { addTelemetry } from './telemetryComment.ts'
import { reportSilentTargets } from './telemetryIssue.ts'

/** The part of an apply's progress that the comment shows. */
type ShownProgress = Pick<Progress, 'ended' | 'running'>

/** Publishes one file's progress and result. */
export interface Show {
  /** Notes the review: the comment keeps its hidden data through all later updates. */
  review(reviewed: ReviewedPlan): void
  begin(plan: Plan): void
  progress(plan: Plan, progress: ShownProgress): void
  finish(report: Report): Promise<Publication>
}

/** Once `giveUp` is aborted: milliseconds to read the comment, and again to write it. */
const lastWordMs = 500

/** The interval between progress updates; each edit counts against GitHub's rate limit. */
const progressMs = 60_000

/**
 * Publishes one file in its pull request comment: reads the present comment, renders the report once, posts it.
 * `now` is in milliseconds.
 */
export function makeShow(file: string, run: Run, now: () => number = Date.now): Show {
  const queue = makeCommentQueue(run)
  const memory = makeReviewMemory(file, run)
  const salt = randomBytes(16).toString('hex')
  const clock = { begun: 0, updated: 0 }
  const context = (): RenderContext => renderContextOf(run, { reviewed: memory.reviewed, salt })

  const update = (plan: Plan, progress: ShownProgress): void => {
    const at = now()
    clock.updated = at
    const elapsedSeconds = (at - clock.begun) / 1000
    queue.add(async () => {
      await memory.find(plan.topology)
      // A newer update was queued while GitHub was slow.
      if (at !== clock.updated) return
      const report = applying(file, plan)
      const place = await findPlace(run, report, context())
      if (place === undefined) return
      const soFar = { progress: { ...describeProgress(progress), elapsedSeconds } }
      const rendered = render(report, { ...context(), ...soFar, ...shownAt(place) })
      await writeComment(run, report, place, rendered)
    })
  }

  return {
    review: (found) => {
      memory.note(found)
    },
    begin: (plan) => {
      clock.begun = now()
      update(plan, { ended: [], running: [] })
    },
    progress: (plan, progress) => {
      if (now() - clock.updated >= progressMs) update(plan, progress)
    },
    finish: async (report) => {
      const history = await readHistory(run, report)
      const read = async (): Promise<Place | undefined> => {
        await memory.find(report.topology)
        return await findPlace(run, report, context())
      }
      const place = await inTime(run, queue.last(read))
      const whole = { ...context(), ...shownAt(place), ...(history && { fileHistory: history }) }
      const rendered = render(report, whole)
      const addresses = await inTime(run, post({ report, rendered, place, context: whole }))
      return { report, rendered, ...addresses }
    },
  }

  async function post({ report, rendered, place, context: whole }: Post): Promise<Addresses> {
    const issueUrl = await reportDrift(run, report, whole)
    await reportSilentTargets(run, report, whole)
    const write = async () =>
      place === undefined ? undefined : await writeComment(run, report, place, rendered)
    const commentUrl =
      run.traits.comment === 'adds'
        ? await addTelemetry(run, report, whole)
        : await queue.last(write)
    return {
      ...(commentUrl !== undefined && { commentUrl }),
      ...(issueUrl !== undefined && { issueUrl }),
    }
  }
}

/** What is posted at the end of a run. */
interface Post {
  readonly report: Report
  readonly rendered: Rendered
  readonly place: Place | undefined
  readonly context: RenderContext
}

type Addresses = Pick<Publication, 'commentUrl' | 'issueUrl'>

/** `undefined` when there is not enough time left. */
async function inTime<T>({ giveUp, log }: Run, work: Promise<T>): Promise<T | undefined> {
  return await beforeTheEnd<T | undefined>(giveUp, lastWordMs, work, () => {
    log.info('There is no time left to update the comment.')
    return undefined
  })
}

function applying(file: string, plan: Plan): Report {
  const { topology, diagnostics } = plan
  const subject = { file, topology, command: 'apply' as const }
  return { ...subject, situation: 'applying', result: 'changes', plan, diagnostics }
}

function describeProgress({ ended, running }: ShownProgress) {
  return { outcomes: ended, underWay: running.map(({ key }) => key) }
}

function shownAt(place: Place | undefined): Pick<RenderContext, 'shownBefore'> {
  return place?.shown === undefined ? {} : { shownBefore: place.shown }
}
