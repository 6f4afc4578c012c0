import { GitHubError } from '../errors.ts'
import { findReviewedPlan, type ReviewedPlan } from '../github/reviewedPlan.ts'
import type { Run } from '../run.ts'

/** Remembers the reviewed comment that an apply updates at the end. */
export interface ReviewMemory {
  /** Notes the review that the apply itself found. */
  note(reviewed: ReviewedPlan): void
  /** Finds the review when the apply ended before it looked for one, or needs none: its comment is updated too. */
  find(topology: string | undefined): Promise<void>
  readonly reviewed: ReviewedPlan | undefined
}

/** Starts empty; for one topology file. */
export function makeReviewMemory(file: string, run: Run): ReviewMemory {
  let reviewed: ReviewedPlan | undefined
  return {
    note: (found) => {
      reviewed = found
    },
    find: async (topology) => {
      reviewed ??= await look(file, run, topology)
    },
    get reviewed() {
      return reviewed
    },
  }
}

async function look(
  file: string,
  { github, context, inputs, log, traits }: Run,
  topology: string | undefined,
): Promise<ReviewedPlan | undefined> {
  const isMergeEvent = context.event === 'push' || context.event === 'pull_request'
  if (traits.comment !== 'ends' || !isMergeEvent) return undefined
  if (github === undefined || topology === undefined || inputs.comment === 'never') return undefined
  try {
    return await findReviewedPlan(github, context, { topology, file, isPatient: false })
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    log.info(`The plan comment is left as it is: ${error.message}`)
    return undefined
  }
}
