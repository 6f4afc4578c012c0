import { GitHubError } from '../errors.ts'
import { findReviewedPlan, type ReviewedPlan } from '../github/reviewedPlan.ts'
import type { Run } from '../run.ts'

/** Which reviewed comment an apply brings to its end. */
export interface ReviewMemory {
  /** The one that the apply itself found. */
  note(reviewed: ReviewedPlan): void
  /** Looks for it where an apply ended before it asked, or needs no review: its comment is to be ended too. */
  find(topology: string | undefined): Promise<void>
  readonly reviewed: ReviewedPlan | undefined
}

/** Of one topology file; nothing is known at first. */
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
  const came = context.event === 'push' || context.event === 'pull_request'
  if (traits.comment !== 'ends' || !came) return undefined
  if (github === undefined || topology === undefined || inputs.comment === 'never') return undefined
  try {
    return await findReviewedPlan(github, context, { topology, file, isPatient: false })
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    log.info(`The plan comment is left as it is: ${error.message}`)
    return undefined
  }
}
