import type { PlanData } from '../render/carried/planData.ts'
import type { GitHubClient } from './client.ts'
import type { RunContext } from './event.ts'
import type { MergedPull } from './mergedPulls.ts'
import { readRun, type WorkflowRun } from './workflowRun.ts'

/** Whether GitHub says that a comment came from where it says it did. */
export type Provenance =
  | { readonly state: 'confirmed' }
  /** It may not be asked; `why` is one sentence. */
  | { readonly state: 'unconfirmed'; readonly why: string }
  /** It says otherwise; `why` goes on with "The plan comment on #7 ". */
  | { readonly state: 'refused'; readonly why: string }

/**
 * Asks GitHub where a plan comment is from (contract section 7, "What a review is"). Its author proves an
 * account and not a program: every workflow of the repository writes as the same one. So the plan must be of a
 * `pull_request` run of this workflow for the commit that was merged, and the text must have come to be before
 * that run ended, or, where an apply rewrote it, before the run of that apply did.
 *
 * @throws GitHubError when GitHub can't be asked at all.
 */
export async function checkProvenance(
  client: GitHubClient,
  context: RunContext,
  comment: {
    readonly plan: PlanData
    readonly pull: MergedPull
    readonly lastEdit: string | undefined
  },
): Promise<Provenance> {
  const { plan, pull, lastEdit } = comment
  const own = context.run
  if (own === undefined) {
    return { state: 'unconfirmed', why: 'This run has no number that GitHub could be asked about.' }
  }
  const made = await readRun(client, plan.run ?? own, own)
  if (made.state === 'forbidden') return { state: 'unconfirmed', why: made.why }
  if (plan.run === undefined) return refused('names no run that made it')
  if (made.state === 'missing') return refused(`names run ${plan.run.id}, which there is not`)
  const wrong = explainPlanRun(made.run, context, pull)
  if (wrong !== undefined) return refused(wrong)
  if (isBefore(lastEdit, made.run)) return { state: 'confirmed' }
  if (plan.wrote === undefined) return refused(lateEdit)
  const wrote = await readRun(client, plan.wrote, own)
  if (wrote.state === 'forbidden') return { state: 'unconfirmed', why: wrote.why }
  if (wrote.state === 'missing') {
    return refused(`says that run ${plan.wrote.id} wrote it last, which there is not`)
  }
  if (!isApplyOf(wrote.run, context, pull) || !isBefore(lastEdit, wrote.run))
    return refused(lateEdit)
  return { state: 'confirmed' }
}

const lateEdit = 'was edited after the run that it names had ended'

function refused(why: string): Provenance {
  return { state: 'refused', why }
}

function explainPlanRun(
  run: WorkflowRun,
  { workflow }: RunContext,
  pull: MergedPull,
): string | undefined {
  if (run.event !== 'pull_request') {
    return `was made by a run of the event ${run.event}, and only one of pull_request is a review`
  }
  if (workflow !== '' && run.workflow === '') {
    return 'was made by a run of which this GitHub does not tell the workflow: GitHub Enterprise Server must be 3.9 or newer'
  }
  if (workflow !== '' && run.workflow !== workflow) {
    return `was made by the workflow ${run.workflow}, not by ${workflow}`
  }
  return run.headSha === pull.headSha
    ? undefined
    : `was made for commit ${run.headSha.slice(0, 7)}, and ${pull.headSha.slice(0, 7)} was merged`
}

/**
 * Whether a run is one of the commit that the merge made: it applies it, or looks afterwards what came of it.
 * Every workflow there is as it was reviewed.
 */
function isApplyOf(run: WorkflowRun, context: RunContext, pull: MergedPull): boolean {
  const { repository, sha } = context
  if (run.event === 'pull_request') return run.headSha === pull.headSha
  const isOfMerge = run.headSha === pull.commit || run.headSha === sha
  return run.event === 'push' && run.headBranch === repository.defaultBranch && isOfMerge
}

/** A time that GitHub doesn't tell was not before. */
function isBefore(edit: string | undefined, { endedAt }: WorkflowRun): boolean {
  if (edit === undefined) return false
  return endedAt === undefined || Date.parse(edit) <= Date.parse(endedAt)
}
