import { consequencesOf } from '../../diagnostics.ts'
import { countChanges } from '../../plan/plan.ts'
import type { FailureReason } from '../../errors.ts'
import { findCauses } from '../driftCauses.ts'
import { describeImpact } from './impact.ts'
import { nextStep } from './next.ts'
import { code, link, text } from '../text/markdown.ts'
import type { Command, Situation } from '../../report.ts'
import { countDone, describeProgress, describeTally, describeUndone } from './tally.ts'
import type { View } from '../view.ts'
import { capital, listed, plural, pointInTime, sentence, thousands } from '../text/words.ts'

/** What will happen, what happened, or why it can't happen: a heading and the lines below it. */
export function renderVerdict(view: View): string {
  const { sign, title, lines } = verdicts[view.situation](view)
  const { topology, file } = view.report
  const subject = text(topology ?? file, 200)
  // A terminal has different next steps, because there is no pull request.
  const next = view.context.place === 'terminal' ? '' : nextStep(view)
  return [`## ${sign} ${subject}: ${title}`, ...lines, next]
    .filter((line) => line !== '')
    .join('\n\n')
}

interface Verdict {
  readonly sign: string
  readonly title: string
  readonly lines: readonly string[]
}

/** The result that a command could not produce. */
const notDone: Record<Command, string> = {
  plan: 'no plan',
  apply: 'no plan',
  drift: 'drift not checked',
  verify: 'telemetry not checked',
  'check-network': 'network not checked',
  import: 'nothing imported',
  explain: 'target not explained',
}

const verdicts: Record<Situation, (view: View) => Verdict> = {
  invalid: (view) => ({
    sign: '⛔',
    title: `${plural(countErrors(view), 'error')} in the topology file, ${notDone[view.report.command]}`,
    lines: ['Azure was not read, and nothing can be applied until the file is valid.'],
  }),
  unplanned: (view) => ({
    sign: '⛔',
    title: `${notDone[view.report.command]}, ${whys[view.report.failure?.reason ?? 'azure-error']}`,
    lines: [...describeFailure(view), 'Nothing was changed.'],
  }),
  validated: () => ({
    sign: '☑️',
    title: 'the file is valid; not compared with Azure',
    lines: [
      'This run had no credentials, which is normal for pull requests from forks and from Dependabot. Checked: the syntax of the file, its names, references, duplicates and waivers.',
      '**Not checked:** whether the resources exist, which regions they are in, what would change in Azure, and whether anything would lose its connection. A run with credentials checks all of this before anything is applied.',
    ],
  }),
  nothing: (view) => ({
    sign: '✅',
    title: 'nothing to do',
    lines: [`Azure matches the file${describeUnchanged(view)}.`],
  }),
  clean: (view) => ({
    sign: '✅',
    title: 'no drift',
    lines: [`Azure matches the file${describeUnchanged(view)}.`],
  }),
  planned: (view) => ({
    sign: '📝',
    title: describeCounts(view),
    lines: [describeImpact(view)],
  }),
  blocked: (view) => ({
    sign: '⛔',
    title: describeBlocked(view),
    lines: [
      'Nothing can be applied until the errors below are fixed. The plan is shown as far as it could be derived.',
      ...describeFailure(view, ['blocked', 'limit-exceeded']),
      view.changes.length > 0
        ? `Without the errors, the plan would be ${describeCounts(view)}. ${describeImpact(view)}`
        : '',
    ],
  }),
  applying: (view) => ({
    sign: '⏳',
    title: `applying, ${thousands(view.outcomes.size)} of ${plural(view.changes.length, 'change')} done`,
    lines: [describeProgress(view)],
  }),
  applied: (view) => ({
    sign: '✅',
    title: `${plural(view.changes.length, 'change')} applied`,
    lines: [
      `${describeTally(view)}. Azure was read again afterwards and matches the file.${describeGone(view)}`,
    ],
  }),
  partial: (view) => ({
    sign: '❌',
    title: `${countDone(view)} of ${plural(view.changes.length, 'change')} made, ${describeUndone(view)}`,
    lines: [...describeFailure(view), again],
  }),
  failed: (view) => ({
    sign: '❌',
    title:
      view.outcomes.size > 0
        ? `nothing was applied, ${describeUndone(view)}`
        : `nothing was applied, ${whys[view.report.failure?.reason ?? 'azure-error']}`,
    lines: [...describeFailure(view), again],
  }),
  'plan-changed': (view) => ({
    sign: '⛔',
    title: 'nothing was applied, the plan is not the one that was reviewed',
    lines: [...describeFailure(view), describeReview(view)],
  }),
  superseded: (view) => ({
    sign: '⏭️',
    title:
      view.outcomes.size > 0
        ? `stopped after ${countDone(view)} of ${plural(view.changes.length, 'change')}, a newer commit takes over`
        : 'nothing was applied, a newer commit takes over',
    lines: [
      'The branch now has a newer version of the topology file. The run of that commit applies it.',
    ],
  }),
  'plan-not-found': (view) => ({
    sign: '⛔',
    title: 'nothing was applied, no reviewed plan was found',
    lines: describeFailure(view),
  }),
  'not-converged': (view) => ({
    sign: '❌',
    title: `applied, and ${plural(view.changes.length, 'difference')} left`,
    lines: [
      ...(view.outcomes.size > 0 ? [`${describeTally(view)}.`] : []),
      ...describeFailure(view),
      again,
    ],
  }),
  drift: (view) => ({
    sign: '⚠️',
    title: `Azure differs from the file in ${plural(view.changes.length, 'place')}`,
    lines: [
      describeCauses(view),
      `To make Azure match the file: ${describeCounts(view)}. ${describeImpact(view)}`,
    ],
  }),
  imported: (view) => ({
    sign: '📥',
    title: `imported, ${view.changes.length === 0 ? 'and its plan is empty' : describeCounts(view)}`,
    lines: [
      `${code(view.report.file, 300)} now names ${describeImported(view)}, as found in Azure today.`,
      view.changes.length === 0
        ? `Azure matches the file${describeUnchanged(view)}.`
        : `Each change in the plan is something wrong in Azure today: ${describeCounts(view)}. ${describeImpact(view)}`,
    ],
  }),
}

function describeImported({ report }: View): string {
  const { clusters = 0, machines = 0, workspaces = 0 } = report.imported ?? {}
  return listed([
    plural(clusters, 'cluster'),
    plural(machines, 'machine'),
    plural(workspaces, 'workspace'),
  ])
}

const again =
  '**What to do:** fix the cause, then press *Re-run failed jobs*. Completed changes stay, and the run makes the rest. No cleanup is needed first.'

/** Why a run failed, in a few words. */
const whys: Record<FailureReason, string> = {
  'invalid-topology': 'the topology file has errors',
  'invalid-input': 'an input of the action is wrong',
  'auth-failed': 'signing in to Azure failed',
  forbidden: 'Azure refused access',
  blocked: 'it is blocked by errors',
  'plan-changed': 'the plan is not the one that was reviewed',
  'plan-not-found': 'no reviewed plan was found',
  'limit-exceeded': 'it would exceed a limit',
  'partial-apply': 'not everything could be applied',
  'not-converged': 'Azure does not match the file',
  'azure-error': 'Azure answered with an error',
  'github-error': 'GitHub answered with an error',
  'telemetry-silent': 'telemetry does not arrive',
  'network-unreachable': 'names that must be private are not',
}

/** The failure's message, unless the heading says the same. */
function describeFailure(view: View, except: readonly FailureReason[] = []): string[] {
  const { failure } = view.report
  if (failure === undefined || except.includes(failure.reason)) return []
  // The list of failed changes says the same, with more detail.
  if ([...view.outcomes.values()].some((o) => o.problem !== undefined)) return []
  const message = text(sentence(failure.message), 1200)
  return [`${message} ${text(sentence(failure.remedy), 600)}`]
}

function countErrors(view: View): number {
  return view.diagnostics.filter((d) => d.severity === 'error').length
}

function describeBlocked(view: View): string {
  const errors = view.diagnostics.filter((d) => d.severity === 'error')
  const following = consequencesOf(view.diagnostics)
  const causes = errors.filter((d) => !following.has(d)).length
  const others = errors.length - causes
  const more =
    others > 0 ? `, which ${causes === 1 ? 'causes' : 'cause'} ${plural(others, 'other')}` : ''
  return `blocked by ${plural(causes, 'error')}${more}`
}

/** `4 to create, 1 to replace`. */
function describeCounts(view: View): string {
  const counts = countChanges(view.changes)
  const parts = (['create', 'update', 'replace', 'delete'] as const)
    .filter((action) => counts[action] > 0)
    .map((action) => `${thousands(counts[action])} to ${action}`)
  return listed(parts) || 'nothing to do'
}

/** Whether Azure was changed or the file is ahead of it, judged by the file's history. */
function describeCauses(view: View): string {
  const history = view.context.fileHistory
  if (history === undefined) {
    return 'Either Azure was changed since the last apply, or the file is ahead of it.'
  }
  const { drifted, pending, unclear } = findCauses(view.changes, history)
  const parts = [
    { count: drifted.length, why: 'changed in Azure after the file' },
    { count: pending.length, why: 'not applied yet' },
    { count: unclear.length, why: 'for an unknown reason' },
  ].filter(({ count }) => count > 0)
  const since = pointInTime(history.at)
  const file = since === undefined ? '' : ` The file was last changed on ${since}.`
  return `${capital(listed(parts.map(({ count, why }) => `${thousands(count)} ${why}`)))}.${file}`
}

function describeUnchanged(view: View): string {
  const count = view.plan?.unchanged ?? 0
  return count > 0 ? ` (${plural(count, 'managed object')})` : ''
}

function describeReview(view: View): string {
  const fresh = view.report.review?.unreviewed.length ?? 0
  if (fresh === 0) return ''
  const verb = fresh === 1 ? 'was' : 'were'
  const url = view.report.review?.commentUrl
  const reviewed = url === undefined ? 'reviewed plan' : link('reviewed plan', url)
  return `${plural(fresh, 'change')} of this plan ${verb} not in the ${reviewed}.${describeGone(view)}`
}

/** Applying fewer changes than reviewed is fine, but is mentioned. */
function describeGone(view: View): string {
  const gone = view.report.review?.gone ?? 0
  if (gone === 0) return ''
  return ` ${plural(gone, 'reviewed change')} ${gone === 1 ? 'is' : 'are'} no longer needed.`
}
