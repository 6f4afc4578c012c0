import { consequencesOf, type Diagnostic } from '../../diagnostics.ts'
import type { Outcome } from '../../plan/schedule/outcome.ts'
import { describeChange } from './changeLine.ts'
import { groupBy } from '../../resources/group.ts'
import type { List, Section } from '../text/limit.ts'
import { bold, code, text } from '../text/markdown.ts'
import { outcomeSigns, outcomeWords } from './outcomeWords.ts'
import type { View } from '../view.ts'
import { capital, listed, plural, sentence, thousands } from '../text/words.ts'

/** More warnings of one code than this are summed up in one line and folded. */
const few = 8

/**
 * What a reviewer must not miss besides deletions: failed changes, errors, warnings, waivers.
 * Below, folded: consequences of the errors, which will most likely disappear with them.
 */
export function renderAttention(
  view: View,
  title = view.situation === 'invalid' ? 'What is wrong' : 'Needs attention',
): Section[] {
  const following = consequencesOf(view.diagnostics)
  const diagnostics = view.diagnostics.filter((d) => !following.has(d))
  const errors = diagnostics.filter((d) => d.severity === 'error')
  const waived = diagnostics.filter((d) => d.waived !== undefined)
  const warnings = diagnostics.filter((d) => d.severity === 'warning' && d.waived === undefined)
  const items = [
    ...problems(view),
    ...errors.map((error) => `- ❌ ${describeDiagnostic(error, view)}`),
    ...underOne('⚠️', 'warning', warnings.length, byCode(warnings, view)),
    ...waived.map((waiver) => `- 📝 ${describeWaiver(waiver, view)}`),
  ]
  if (items.length === 0) return []
  return [
    { type: 'list', head: `### ${title}`, items, tail: '', weight: 5 },
    ...(following.size > 0
      ? [folded(describeFollowing([...following]), [...following], view)]
      : []),
  ]
}

/** `8 errors and 6 warnings that follow from these`. */
function describeFollowing(following: readonly Diagnostic[]): string {
  const errors = following.filter((d) => d.severity === 'error').length
  const others = following.length - errors
  const counts = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(others > 0 ? [plural(others, 'warning')] : []),
  ]
  return `${listed(counts)} that ${following.length === 1 ? 'follows' : 'follow'} from the errors above`
}

/** Folded, in full: the warnings that were summed up in one line, and the notices. */
export function renderFolded(view: View): List[] {
  const following = consequencesOf(view.diagnostics)
  const warnings = view.diagnostics.filter(
    (d) => d.severity === 'warning' && d.waived === undefined && !following.has(d),
  )
  const many = [...groupBy(warnings, (w) => w.code).values()].filter((group) => group.length > few)
  const notices = view.diagnostics.filter((d) => d.severity === 'notice')
  return [
    ...many.map((group) =>
      folded(`All ${plural(group.length, `${group[0]?.code ?? ''} warning`)}`, group, view),
    ),
    ...(notices.length > 0 ? [folded(plural(notices.length, 'notice'), notices, view)] : []),
  ]
}

function folded(summary: string, diagnostics: readonly Diagnostic[], view: View): List {
  return {
    type: 'list',
    head: `<details>\n<summary>${text(summary)}</summary>`,
    items: diagnostics.map((diagnostic) => `- ${describeDiagnostic(diagnostic, view)}`),
    tail: '</details>',
    weight: 1,
    droppable: true,
  }
}

/** The changes that did not go as planned, with what to do. */
function problems(view: View): string[] {
  return [...view.outcomes.values()]
    .filter((o) => o.problem !== undefined && !['done', 'already', 'skipped'].includes(o.result))
    .map((outcome) => `- ${outcomeSigns[outcome.result]} ${describeProblem(outcome, view)}`)
}

function describeProblem({ change, problem, result }: Outcome, view: View): string {
  const facts = [
    problem?.code === undefined ? undefined : code(problem.code, 200),
    problem?.status === undefined ? undefined : `status ${problem.status}`,
    problem?.correlationId === undefined
      ? undefined
      : `correlation id ${code(problem.correlationId, 200)}`,
  ].filter((fact) => fact !== undefined)
  const detail = facts.length > 0 ? ` (${facts.join(', ')})` : ''
  const message = text(sentence(problem?.message ?? ''), 1200)
  const remedy = text(sentence(problem?.remedy ?? ''), 600)
  return `**${capital(outcomeWords[result])}:** ${describeChange(change, view)} — ${message} **What to do:** ${remedy}${detail}`
}

/** Warnings, one per line; many with one code as one line and a count. */
function byCode(warnings: readonly Diagnostic[], view: View): string[] {
  return [...groupBy(warnings, (warning) => warning.code)].flatMap(([, group]) => {
    const [first] = group
    if (first === undefined || group.length <= few)
      return group.map((w) => describeDiagnostic(w, view))
    const others = group
      .slice(1)
      .flatMap((w) => (w.resource === undefined ? [] : view.show(w.resource)))
    const names = others.length > 0 ? `: ${listed(others, 6)}` : ''
    return [
      `${describeDiagnostic(first, view)} The same applies to ${thousands(group.length - 1)} more${names}.`,
    ]
  })
}

/** More lines than this share one sign: a column of equal signs is noise. */
const maxSigns = 3

function underOne(sign: string, noun: string, count: number, lines: readonly string[]): string[] {
  if (lines.length <= maxSigns) return lines.map((line) => `- ${sign} ${line}`)
  return [`- ${sign} **${plural(count, noun)}:**`, ...lines.map((line) => `  - ${line}`)]
}

function describeDiagnostic(diagnostic: Diagnostic, view: View): string {
  const at = view.place(diagnostic)
  const where = at === '' ? '' : ` · ${at}`
  const message = text(sentence(diagnostic.message), 1000)
  return `${bold(diagnostic.code, 60)}${where}: ${message} ${describeRemedy(diagnostic)}`
}

/** A command is rendered as code, so that copying it gives exactly the command. */
function describeRemedy({ remedy, command }: Diagnostic): string {
  if (command === undefined || !remedy.endsWith(command)) return text(sentence(remedy), 600)
  return `${text(remedy.slice(0, -command.length), 600)} ${code(command, 3000)}`
}

function describeWaiver(diagnostic: Diagnostic, view: View): string {
  const { waived } = diagnostic
  const until = text(waived?.expires ?? '', 30)
  return `**Waived** until ${until}, because “${text(waived?.reason ?? '', 300)}”: ${describeDiagnostic(diagnostic, view)}`
}
