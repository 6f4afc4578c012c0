import type { PlanData } from '../render/carried/planData.ts'
import type { GitHubClient } from './client.ts'
import type { RunContext } from './event.ts'
import type { MergedPull } from './mergedPulls.ts'
import { readRun, type WorkflowRun } from './workflowRun.ts'

/** Whether GitHub confirms the run that a comment names as its origin. */
export type Provenance =
  | { readonly state: 'confirmed' }
  /** The token may not read runs; `why` is one sentence. */
  | { readonly state: 'unconfirmed'; readonly why: string }
  /** GitHub contradicts the comment; `why` continues "The plan comment on #7 ". */
  | { readonly state: 'refused'; readonly why: string }

/**
 * Checks the origin of a plan comment with GitHub (contract section 7, "What a review is"). Its author proves an
 * account, not a program: every workflow of the repository writes as the same account. So the plan must come from
 * a `pull_request` run of this workflow for the commit that was merged, and the text must date from before the
 * end of that run or, if an apply rewrote it, before the end of that apply's run.
 *
 * @throws GitHubError when GitHub can't be reached.
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
    return { state: 'unconfirmed', why: 'This run has no run id.' }
  }
  const made = await readRun(client, plan.run ?? own, own)
  if (made.state === 'forbidden') return { state: 'unconfirmed', why: made.why }
  if (plan.run === undefined) return refused('names no run that made it')
  if (made.state === 'missing') return refused(`names run ${plan.run.id}, which does not exist`)
  const wrong = explainPlanRun(made.run, context, pull)
  if (wrong !== undefined) return refused(wrong)
  if (isBefore(lastEdit, made.run)) return { state: 'confirmed' }
  if (plan.wrote === undefined) return refused(lateEdit)
  const wrote = await readRun(client, plan.wrote, own)
  if (wrote.state === 'forbidden') return { state: 'unconfirmed', why: wrote.why }
  if (wrote.state === 'missing') {
    return refused(`names run ${plan.wrote.id} as its last writer, which does not exist`)
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
    return `was made by a run of ${run.event}, and only a run of pull_request counts as a review`
  }
  if (workflow !== '' && run.workflow === '') {
    return 'was made by a run whose workflow this GitHub server does not show: it must be GitHub Enterprise Server 3.9 or newer'
  }
  if (workflow !== '' && run.workflow !== workflow) {
    return `was made by the workflow ${run.workflow}, not by ${workflow}`
  }
  return run.headSha === pull.headSha
    ? undefined
    : `was made for commit ${run.headSha.slice(0, 7)}, but ${pull.headSha.slice(0, 7)} was merged`
}

/**
 * True for a run of the merge commit, which applies it or verifies it afterwards. Every workflow at that commit was
 * reviewed.
 */
function isApplyOf(run: WorkflowRun, context: RunContext, pull: MergedPull): boolean {
  const { repository, sha } = context
  if (run.event === 'pull_request') return run.headSha === pull.headSha
  const isOfMerge = run.headSha === pull.commit || run.headSha === sha
  return run.event === 'push' && run.headBranch === repository.defaultBranch && isOfMerge
}

/** False when GitHub doesn't say when the comment was edited. */
function isBefore(edit: string | undefined, { endedAt }: WorkflowRun): boolean {
  if (edit === undefined) return false
  return endedAt === undefined || Date.parse(edit) <= Date.parse(endedAt)
}
