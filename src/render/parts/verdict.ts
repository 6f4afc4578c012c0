import { consequencesOf } from '../../diagnostics.ts'
import { countChanges } from '../../plan/plan.ts'
import type { FailureReason } from '../../errors.ts'
import { tellCauses } from '../driftCauses.ts'
import { sayImpact } from './impact.ts'
import { sayNext } from './next.ts'
import { code, link, text } from '../text/markdown.ts'
import type { Command, Situation } from '../../report.ts'
import { countDone, sayProgress, sayTally, sayUndone } from './tally.ts'
import type { View } from '../view.ts'
import { capital, listed, plural, pointInTime, sentence, thousands } from '../text/words.ts'

/** What will happen, has happened, or why it can't: a heading and the lines below it. */
export function renderVerdict(view: View): string {
  const { sign, title, lines } = verdicts[view.situation](view)
  const { topology, file } = view.report
  const subject = text(topology ?? file, 200)
  // A terminal has next steps of its own: no pull request is at hand there.
  const next = view.context.place === 'terminal' ? '' : sayNext(view)
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
    lines: ['Nothing was asked of Azure and nothing can be applied until the file is right.'],
  }),
  unplanned: (view) => ({
    sign: '⛔',
    title: `${notDone[view.report.command]}, ${whys[view.report.failure?.reason ?? 'azure-error']}`,
    lines: [...sayFailure(view), 'Nothing was changed.'],
  }),
  validated: () => ({
    sign: '☑️',
    title: 'the file is valid; not compared with Azure',
    lines: [
      'This run had no credentials, as is so for pull requests from forks and of Dependabot. Checked: the syntax of the file, its names, references, duplicates and waivers.',
      '**Not checked:** whether the resources exist, which regions they are in, what would change in Azure, and whether anything would lose its connection. A run with credentials plans that, at the latest before anything is applied.',
    ],
  }),
  nothing: (view) => ({
    sign: '✅',
    title: 'nothing to do',
    lines: [`Azure is as the file says${sayUnchanged(view)}.`],
  }),
  clean: (view) => ({
    sign: '✅',
    title: 'no drift',
    lines: [`Azure is as the file says${sayUnchanged(view)}.`],
  }),
  planned: (view) => ({
    sign: '📝',
    title: describeCounts(view),
    lines: [sayImpact(view)],
  }),
  blocked: (view) => ({
    sign: '⛔',
    title: sayBlocked(view),
    lines: [
      'Nothing can be applied until the errors below are gone. What could be derived is shown all the same.',
      ...sayFailure(view, ['blocked', 'limit-exceeded']),
      view.changes.length > 0
        ? `Without them it would be ${describeCounts(view)}. ${sayImpact(view)}`
        : '',
    ],
  }),
  applying: (view) => ({
    sign: '⏳',
    title: `applying, ${thousands(view.outcomes.size)} of ${plural(view.changes.length, 'change')} done`,
    lines: [sayProgress(view)],
  }),
  applied: (view) => ({
    sign: '✅',
    title: `${plural(view.changes.length, 'change')} applied`,
    lines: [
      `${sayTally(view)}. Azure was read again afterwards and is as the file says.${sayGone(view)}`,
    ],
  }),
  partial: (view) => ({
    sign: '❌',
    title: `${countDone(view)} of ${plural(view.changes.length, 'change')} made, ${sayUndone(view)}`,
    lines: [...sayFailure(view), again],
  }),
  failed: (view) => ({
    sign: '❌',
    title:
      view.outcomes.size > 0
        ? `nothing was applied, ${sayUndone(view)}`
        : `nothing was applied, ${whys[view.report.failure?.reason ?? 'azure-error']}`,
    lines: [...sayFailure(view), again],
  }),
  'plan-changed': (view) => ({
    sign: '⛔',
    title: 'nothing was applied, the plan is not the one that was reviewed',
    lines: [...sayFailure(view), sayReview(view)],
  }),
  superseded: (view) => ({
    sign: '⏭️',
    title:
      view.outcomes.size > 0
        ? `stopped after ${countDone(view)} of ${plural(view.changes.length, 'change')}, a newer commit counts`
        : 'nothing was applied, a newer commit counts',
    lines: [
      'The branch holds a newer version of the topology file by now. Its own run applies what that says; this one leaves everything to it.',
    ],
  }),
  'plan-not-found': (view) => ({
    sign: '⛔',
    title: 'nothing was applied, no reviewed plan was found',
    lines: sayFailure(view),
  }),
  'not-converged': (view) => ({
    sign: '❌',
    title: `applied, and ${plural(view.changes.length, 'difference')} left`,
    lines: [...(view.outcomes.size > 0 ? [`${sayTally(view)}.`] : []), ...sayFailure(view), again],
  }),
  drift: (view) => ({
    sign: '⚠️',
    title: `Azure differs from the file in ${plural(view.changes.length, 'place')}`,
    lines: [
      sayCauses(view),
      `To make Azure as the file says: ${describeCounts(view)}. ${sayImpact(view)}`,
    ],
  }),
  imported: (view) => ({
    sign: '📥',
    title: `imported, ${view.changes.length === 0 ? 'and its plan is empty' : describeCounts(view)}`,
    lines: [
      `${code(view.report.file, 300)} now names ${sayImported(view)}, as the scope has them today.`,
      view.changes.length === 0
        ? `Azure is as the file says${sayUnchanged(view)}.`
        : `What the plan would change is wrong in Azure today: ${describeCounts(view)}. ${sayImpact(view)}`,
    ],
  }),
}

function sayImported({ report }: View): string {
  const { clusters = 0, machines = 0, workspaces = 0 } = report.imported ?? {}
  return listed([
    plural(clusters, 'cluster'),
    plural(machines, 'machine'),
    plural(workspaces, 'workspace'),
  ])
}

const again =
  '**What to do:** fix the cause, then press *Re-run failed jobs*. What is done stays done and the rest is made; nothing needs cleaning up first.'

/** Why a run failed, in a few words. */
const whys: Record<FailureReason, string> = {
  'invalid-topology': 'the topology file has errors',
  'invalid-input': 'an input of the action is wrong',
  'auth-failed': 'signing in to Azure failed',
  forbidden: 'Azure refused access',
  blocked: 'it is blocked by errors',
  'plan-changed': 'the plan is not the one that was reviewed',
  'plan-not-found': 'no reviewed plan was found',
  'limit-exceeded': 'it would go beyond a limit',
  'partial-apply': 'not everything could be applied',
  'not-converged': 'Azure is not as the file says',
  'azure-error': 'Azure answered with an error',
  'github-error': 'GitHub answered with an error',
  'telemetry-silent': 'telemetry does not arrive',
  'network-unreachable': 'names that must be private are not',
}

/** The failure's own words, unless they say no more than the heading. */
function sayFailure(view: View, except: readonly FailureReason[] = []): string[] {
  const { failure } = view.report
  if (failure === undefined || except.includes(failure.reason)) return []
  // The list of what failed says the same, with more detail.
  if ([...view.outcomes.values()].some((o) => o.problem !== undefined)) return []
  const message = text(sentence(failure.message), 1200)
  return [`${message} ${text(sentence(failure.remedy), 600)}`]
}

function countErrors(view: View): number {
  return view.diagnostics.filter((d) => d.severity === 'error').length
}

function sayBlocked(view: View): string {
  const errors = view.diagnostics.filter((d) => d.severity === 'error')
  const following = consequencesOf(view.diagnostics)
  const causes = errors.filter((d) => !following.has(d)).length
  const others = errors.length - causes
  const more =
    others > 0 ? `, from which ${plural(others, 'other')} follow${others === 1 ? 's' : ''}` : ''
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

/** Whether somebody changed Azure or the file is ahead of it, as far as the file's history tells. */
function sayCauses(view: View): string {
  const history = view.context.fileHistory
  if (history === undefined) {
    return 'Either someone changed Azure since the last apply, or the file is ahead of it.'
  }
  const { drifted, pending, unclear } = tellCauses(view.changes, history)
  const parts = [
    { count: drifted.length, why: 'changed in Azure after the file was' },
    { count: pending.length, why: 'not applied yet' },
    { count: unclear.length, why: 'that may be either' },
  ].filter(({ count }) => count > 0)
  const since = pointInTime(history.at)
  const file = since === undefined ? '' : ` The file was changed last on ${since}.`
  return `${capital(listed(parts.map(({ count, why }) => `${thousands(count)} ${why}`)))}.${file}`
}

function sayUnchanged(view: View): string {
  const count = view.plan?.unchanged ?? 0
  return count > 0 ? ` (${plural(count, 'managed object')})` : ''
}

function sayReview(view: View): string {
  const fresh = view.report.review?.unreviewed.length ?? 0
  if (fresh === 0) return ''
  const verb = fresh === 1 ? 'was' : 'were'
  const url = view.report.review?.commentUrl
  const reviewed = url === undefined ? 'reviewed plan' : link('reviewed plan', url)
  return `${plural(fresh, 'change')} of this plan ${verb} not in the ${reviewed}.${sayGone(view)}`
}

/** Fewer than reviewed is fine, and is said. */
function sayGone(view: View): string {
  const gone = view.report.review?.gone ?? 0
  if (gone === 0) return ''
  return ` ${plural(gone, 'reviewed change')} ${gone === 1 ? 'is' : 'are'} no longer wanted.`
}
