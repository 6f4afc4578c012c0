import type { Diagnostic } from '../../diagnostics.ts'
import type { Outcome } from '../../plan/schedule/outcome.ts'
import type { Change } from '../../plan/plan.ts'
import { describe } from './differences.ts'
import { groupBy } from '../../resources/group.ts'
import type { List, Section } from '../text/limit.ts'
import { bold, code, text } from '../text/markdown.ts'
import { outcomeSigns, outcomeWords } from './changes.ts'
import type { View } from '../view.ts'
import {
  capital,
  listed,
  plural,
  pointInTime,
  sentence,
  subjectOf,
  thousands,
} from '../text/words.ts'

/** More than this many of one sort are told in one line; the rest is folded. */
const few = 8

/**
 * What a reviewer must not miss: what failed, errors, what is deleted or taken from another
 * endpoint and who changed it last, warnings, waivers.
 */
export function renderAttention(view: View): Section[] {
  const { diagnostics, situation } = view
  const errors = diagnostics.filter((d) => d.severity === 'error')
  const waived = diagnostics.filter((d) => d.waived !== undefined)
  const warnings = diagnostics.filter((d) => d.severity === 'warning' && d.waived === undefined)
  const asked = ['applied', 'partial', 'failed', 'applying'].includes(situation) ? [] : view.changes
  const items = [
    ...problems(view),
    ...errors.map((error) => `- ❌ ${say(error, view)}`),
    ...destructive(asked, 'delete', view),
    ...destructive(asked, 'replace', view),
    ...underOne('⚠️', 'warning', warnings.length, byCode(warnings, view)),
    ...waived.map((waiver) => `- 📝 ${sayWaiver(waiver, view)}`),
  ]
  if (items.length === 0) return []
  const heading = situation === 'invalid' ? '### What is wrong' : '### Needs attention'
  return [{ type: 'list', head: heading, items, tail: '', weight: 5 }]
}

/** In full, folded: warnings that stand in one line for many, and notices. */
export function renderFolded(view: View): List[] {
  const warnings = view.diagnostics.filter(
    (d) => d.severity === 'warning' && d.waived === undefined,
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
  return `**${capital(outcomeWords[result])}:** ${actionWords(change)} ${describe(change, view)} — ${message} **What to do:** ${remedy}${detail}`
}

function destructive(
  changes: readonly Change[],
  action: 'delete' | 'replace',
  view: View,
): string[] {
  const group = changes.filter((change) => change.action === action)
  const sign = action === 'delete' ? '🗑️' : '🔀'
  if (group.length <= few) {
    return group.map(
      (c) => `- ${sign} ${sayAction(c)} ${describe(c, view)}.${lastChanged(c, view)}`,
    )
  }
  const counts = [...groupBy(group, (c) => c.kind)].map(([, all]) => {
    const names = all.map((c) => view.label(subjectOf(c)))
    return `${plural(all.length, nouns[all[0]?.kind ?? 'association'])} (${listed(names, 4)})`
  })
  return [
    `- ${sign} **${action === 'delete' ? 'Deletes' : 'Moves'}** ${counts.join('; ')}. All are listed below.`,
  ]
}

const nouns: Record<Change['kind'], string> = {
  dataCollectionEndpoint: 'endpoint',
  scopedResource: 'link',
  association: 'association',
  accessModes: 'access mode',
}

const objects: Record<Change['kind'], string> = {
  dataCollectionEndpoint: 'endpoint',
  scopedResource: 'the link of',
  association: 'the association of',
  accessModes: 'access modes:',
}

/** `create the link of`, for what was tried. */
function actionWords({ action, kind }: Change): string {
  return kind === 'accessModes' ? 'set access modes,' : `${action} ${objects[kind]}`
}

function sayAction({ action, kind }: Change): string {
  if (kind === 'accessModes') return 'Access modes:'
  if (action === 'replace') return 'Moves'
  const verb = { create: 'Creates', update: 'Updates', delete: 'Deletes' }[action]
  return `${verb} ${objects[kind]}`
}

/** Who changed the live object last, where Azure says. */
function lastChanged(change: Change, view: View): string {
  const { changed } = change
  if (changed === undefined) return ''
  const at = changed.at === undefined ? undefined : pointInTime(changed.at)
  const type =
    changed.type === undefined || changed.type === 'User' ? '' : ` (${text(changed.type, 40)})`
  const verb = view.situation === 'drift' ? 'Changed' : 'Last changed'
  return ` ${verb} by ${code(changed.by, 200)}${type}${at === undefined ? '' : ` on ${at}`}.`
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
  const remedy = text(sentence(diagnostic.remedy), 600)
  return `${bold(diagnostic.code, 60)}${where}: ${message} ${remedy}`
}

function sayWaiver(diagnostic: Diagnostic, view: View): string {
  const { waived } = diagnostic
  const until = text(waived?.expires ?? '', 30)
  return `**Waived** until ${until}, because “${text(waived?.reason ?? '', 300)}”: ${say(diagnostic, view)}`
}
