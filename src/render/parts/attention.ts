import { consequencesOf, type Diagnostic } from '../../diagnostics.ts'
import type { Outcome } from '../../plan/schedule/outcome.ts'
import { sayChange } from './changeLine.ts'
import { groupBy } from '../../resources/group.ts'
import type { List, Section } from '../text/limit.ts'
import { bold, code, text } from '../text/markdown.ts'
import { outcomeSigns, outcomeWords } from './outcomeWords.ts'
import type { View } from '../view.ts'
import { capital, listed, plural, sentence, thousands } from '../text/words.ts'

/** More than this many of one sort are told in one line; the rest is folded. */
const few = 8

/**
 * What a reviewer must not miss beside what goes away: what failed, errors, warnings, waivers.
 * Beneath, folded: what follows from the errors, and most likely is gone with them.
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
    ...errors.map((error) => `- ❌ ${say(error, view)}`),
    ...underOne('⚠️', 'warning', warnings.length, byCode(warnings, view)),
    ...waived.map((waiver) => `- 📝 ${sayWaiver(waiver, view)}`),
  ]
  if (items.length === 0) return []
  return [
    { type: 'list', head: `### ${title}`, items, tail: '', weight: 5 },
    ...(following.size > 0 ? [folded(sayFollowing([...following]), [...following], view)] : []),
  ]
}

/** `8 errors and 6 warnings that follow from these`. */
function sayFollowing(following: readonly Diagnostic[]): string {
  const errors = following.filter((d) => d.severity === 'error').length
  const others = following.length - errors
  const counts = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(others > 0 ? [plural(others, 'warning')] : []),
  ]
  return `${listed(counts)} that ${following.length === 1 ? 'follows' : 'follow'} from the errors above`
}

/** In full, folded: warnings that stand in one line for many, and notices. */
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
    items: diagnostics.map((diagnostic) => `- ${say(diagnostic, view)}`),
    tail: '</details>',
    weight: 1,
    droppable: true,
  }
}

/** What did not go as planned, with what to do. */
function problems(view: View): string[] {
  return [...view.outcomes.values()]
    .filter((o) => o.problem !== undefined && !['done', 'already', 'skipped'].includes(o.result))
    .map((outcome) => `- ${outcomeSigns[outcome.result]} ${sayProblem(outcome, view)}`)
}

function sayProblem({ change, problem, result }: Outcome, view: View): string {
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
  return `**${capital(outcomeWords[result])}:** ${sayChange(change, view)} — ${message} **What to do:** ${remedy}${detail}`
}

/** Warnings, a line each; many with one code as one line and a count. */
function byCode(warnings: readonly Diagnostic[], view: View): string[] {
  return [...groupBy(warnings, (warning) => warning.code)].flatMap(([, group]) => {
    const [first] = group
    if (first === undefined || group.length <= few) return group.map((w) => say(w, view))
    const others = group
      .slice(1)
      .flatMap((w) => (w.resource === undefined ? [] : view.show(w.resource)))
    const names = others.length > 0 ? `: ${listed(others, 6)}` : ''
    return [`${say(first, view)} The same holds for ${thousands(group.length - 1)} more${names}.`]
  })
}

/** More lines than this of one sort stand under one sign: a column of signs is read by nobody. */
const mostSigns = 3

function underOne(sign: string, noun: string, count: number, lines: readonly string[]): string[] {
  if (lines.length <= mostSigns) return lines.map((line) => `- ${sign} ${line}`)
  return [`- ${sign} **${plural(count, noun)}:**`, ...lines.map((line) => `  - ${line}`)]
}

function say(diagnostic: Diagnostic, view: View): string {
  const at = view.place(diagnostic)
  const where = at === '' ? '' : ` · ${at}`
  const message = text(sentence(diagnostic.message), 1000)
  return `${bold(diagnostic.code, 60)}${where}: ${message} ${sayRemedy(diagnostic)}`
}

/** A command is code, so that what is copied is the command and nothing of Markdown's. */
function sayRemedy({ remedy, command }: Diagnostic): string {
  if (command === undefined || !remedy.endsWith(command)) return text(sentence(remedy), 600)
  return `${text(remedy.slice(0, -command.length), 600)} ${code(command, 3000)}`
}

function sayWaiver(diagnostic: Diagnostic, view: View): string {
  const { waived } = diagnostic
  const until = text(waived?.expires ?? '', 30)
  return `**Waived** until ${until}, because “${text(waived?.reason ?? '', 300)}”: ${say(diagnostic, view)}`
}
