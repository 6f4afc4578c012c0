import { hasErrors } from '../diagnostics.ts'
import type { Report } from '../report.ts'

/** What a comment has to tell. */
export type Situation =
  /** The file has errors: no plan. */
  | 'invalid'
  /** Something else kept the run from planning: sign-in, permissions, Azure, GitHub, an input. */
  | 'unplanned'
  /** The file was checked and Azure was not asked. */
  | 'validated'
  | 'nothing'
  | 'planned'
  /** There is a plan, and errors keep it from being applied. */
  | 'blocked'
  | 'applying'
  | 'applied'
  | 'partial'
  /** An apply began and wrote nothing. */
  | 'failed'
  /** An apply was refused: what is wanted now was not reviewed. */
  | 'plan-changed'
  | 'plan-not-found'
  | 'not-converged'
  /** The branch holds a newer file: its own run applies that. */
  | 'superseded'
  | 'drift'
  | 'clean'
  /** A file was made of a live scope, and this is its plan. */
  | 'imported'

export function situationOf(report: Report, context: { readonly phase?: 'applying' }): Situation {
  const { plan, failure, result } = report
  if (context.phase === 'applying' && plan !== undefined) return 'applying'
  const reason = failure?.reason
  if (reason === 'invalid-topology') return 'invalid'
  // Azure changed between the read and the write: the plan was the reviewed one, and a re-run goes on.
  if (reason === 'plan-changed' && (report.outcomes?.length ?? 0) > 0) return 'failed'
  if (reason === 'plan-changed' || reason === 'plan-not-found' || reason === 'not-converged') {
    return reason
  }
  switch (result) {
    case 'no-changes':
      return 'nothing'
    case 'changes':
      return 'planned'
    case 'clean':
    case 'validated':
    case 'applied':
    case 'drift':
    case 'imported':
    case 'partial':
    case 'superseded':
      return result
    case 'receiving':
    case 'reachable':
    case 'unknown':
    case 'broken':
    case 'silent':
    case 'unreachable':
      throw new Error(`A report of "${result}" is not about a plan: it has a renderer of its own.`)
    case 'failed':
      if ((report.outcomes?.length ?? 0) > 0) return 'failed'
      if (plan === undefined) return hasErrors(report.diagnostics) ? 'invalid' : 'unplanned'
      return hasErrors(plan.diagnostics) || hasErrors(report.diagnostics) ? 'blocked' : 'failed'
  }
}
