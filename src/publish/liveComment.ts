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
import { readHistory, tellDrift } from './driftIssue.ts'
import { findPlace, type Place, writeComment } from './planComment.ts'
import type { Publication } from './publication.ts'
import { renderContextOf } from './renderContext.ts'
import { makeReviewMemory } from './reviewMemory.ts'
import { addTelemetry } from './telemetryComment.ts'
import { tellSilentTargets } from './telemetryIssue.ts'

/** How far an apply is, as much of it as a comment tells. */
type Told = Pick<Progress, 'ended' | 'running'>

/** Publishes one file's progress and result. */
export interface Show {
  /** Notes what was reviewed: the comment keeps carrying that, whatever it says later. */
  review(reviewed: ReviewedPlan): void
  begin(plan: Plan): void
  progress(plan: Plan, progress: Told): void
  finish(report: Report): Promise<Publication>
}

/** What is left to read the comment, and then to write it, once there is no time any more, in milliseconds. */
const lastWordMs = 500

/** How often a comment tells of progress; each edit is a request of GitHub's budget. */
const progressMs = 60_000

/**
 * The comment of one file while it is worked on: what stands there is read, the report is rendered once, and
 * that is posted. `now` is in milliseconds.
 */
export function makeShow(file: string, run: Run, now: () => number = Date.now): Show {
  const queue = makeCommentQueue(run)
  const memory = makeReviewMemory(file, run)
  const salt = randomBytes(16).toString('hex')
  const clock = { begun: 0, told: 0 }
  const context = (): RenderContext => renderContextOf(run, { reviewed: memory.reviewed, salt })

  const tell = (plan: Plan, progress: Told): void => {
    const at = now()
    clock.told = at
    const elapsedSeconds = (at - clock.begun) / 1000
    queue.add(async () => {
      await memory.find(plan.topology)
      // What came to be old while GitHub was slow isn't told at all.
      if (at !== clock.told) return
      const report = applying(file, plan)
      const place = await findPlace(run, report, context())
      if (place === undefined) return
      const soFar = { progress: { ...sayHowFar(progress), elapsedSeconds } }
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
      tell(plan, { ended: [], running: [] })
    },
    progress: (plan, progress) => {
      if (now() - clock.told >= progressMs) tell(plan, progress)
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
      const told = await inTime(run, post({ report, rendered, place, context: whole }))
      return { report, rendered, ...told }
    },
  }

  async function post({ report, rendered, place, context: whole }: Post): Promise<Addresses> {
    const issueUrl = await tellDrift(run, report, whole)
    await tellSilentTargets(run, report, whole)
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

/** What is posted at the end. */
interface Post {
  readonly report: Report
  readonly rendered: Rendered
  readonly place: Place | undefined
  readonly context: RenderContext
}

type Addresses = Pick<Publication, 'commentUrl' | 'issueUrl'>

/** `undefined` where it takes longer than there is time. */
async function inTime<T>({ giveUp, log }: Run, work: Promise<T>): Promise<T | undefined> {
  return await beforeTheEnd<T | undefined>(giveUp, lastWordMs, work, () => {
    log.info('There is no time left to bring the comment up to date.')
    return undefined
  })
}

function applying(file: string, plan: Plan): Report {
  const { topology, diagnostics } = plan
  const whose = { file, topology, command: 'apply' as const }
  return { ...whose, situation: 'applying', result: 'changes', plan, diagnostics }
}

function sayHowFar({ ended, running }: Told) {
  return { outcomes: ended, underWay: running.map(({ key }) => key) }
}

function shownAt(place: Place | undefined): Pick<RenderContext, 'shownBefore'> {
  return place?.shown === undefined ? {} : { shownBefore: place.shown }
}
