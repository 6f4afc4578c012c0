import { hasErrors } from '../diagnostics.ts'
import type { Change } from '../plan/plan.ts'
import type { PlanReport } from '../report.ts'
import type { Kind } from '../resources/resource.ts'
import { differences } from './parts/differences.ts'
import { type Causes, type FileHistory, findCauses } from './driftCauses.ts'
import { driftMarker } from './carried/driftMarker.ts'
import { fit, type List, type Section } from './text/limit.ts'
import { bold, code, link, text } from './text/markdown.ts'
import type { RenderContext } from './context.ts'
import { fileUrl, scopeOf, type View, viewOf } from './view.ts'
import { listed, plural, pointInTime, sentence, subjectOf, thousands } from './text/words.ts'

/** The issue about a topology's drift. */
export interface DriftIssue {
  readonly title: string
  /**
   * Markdown, at most 60,000 characters, first line the marker. The same drift gives the same body.
   */
  readonly body: string
  /** Markdown of the comment that closes the issue. */
  readonly farewell: string
}

/** GitHub allows 65,536 characters and silently ignores a longer issue body. */
const maxCharacters = 59_900

/**
 * Renders a drift report as an issue: what differs, whether Azure was changed or the file is ahead,
 * by whom and when, and what to do. The body has nothing specific to the run, so the same drift
 * does not rewrite it.
 */
export function renderDriftIssue(report: PlanReport, context: RenderContext): DriftIssue {
  const { fileHistory: history, portal, rulesUrl, runUrl } = context
  const topology = report.topology ?? report.file
  const view = viewOf(report, {
    portal,
    rulesUrl,
    ...(runUrl !== undefined && { runUrl }),
    ...(history !== undefined && { commitSha: history.commit }),
  })
  const causes = findCauses(view.changes, history)
  const marker = driftMarker(topology)
  const sections: Section[] = [
    { type: 'whole', text: [describeCounts(causes), describeHistory(view, history)].join(' ') },
    ...errorsOf(view),
    ...group('Changed in Azure', causes.drifted, view),
    ...group('Not applied yet', causes.pending, view),
    ...group('Unknown reason', causes.unclear, view),
    { type: 'whole', text: whatToDo(view) },
  ]
  const elsewhere = 'the step summary of the latest drift run'
  const body = fit(sections, maxCharacters - marker.length - 2, elsewhere)
  return {
    title: `Azure differs from private link topology ${topology}`,
    body: `${marker}\n\n${body}`,
    farewell: closingComment(context),
  }
}

function describeCounts({ drifted, pending, unclear }: Causes): string {
  const causes = [
    { count: drifted.length, why: 'because Azure was changed after the file' },
    { count: pending.length, why: 'because the file is ahead of Azure' },
    { count: unclear.length, why: 'for an unknown reason' },
  ].filter(({ count }) => count > 0)
  const total = drifted.length + pending.length + unclear.length
  const [first] = causes
  const whys =
    causes.length === 1
      ? `, ${first?.why ?? ''}`
      : `: ${listed(causes.map(({ count, why }) => `${thousands(count)} ${why}`))}`
  return `**Azure differs from the file in ${plural(total, 'place')}**${whys}.`
}

function describeHistory(view: View, history: FileHistory | undefined): string {
  const { file } = view.report
  const url = fileUrl(view.context, file)
  const name = url === undefined ? code(file, 300) : link(file, url)
  if (history === undefined) {
    return `When ${name} was last changed could not be read, so drift and changes that were not applied yet look the same here.`
  }
  const { commit, at, applied } = history
  const when = pointInTime(at) ?? text(at, 40)
  const last = `${name} was last changed on ${when} (${code(commit.slice(0, 7), 40)})`
  if (applied === undefined) return `${last}.`
  return `${last}, and ${link(`pull request ${applied.pullRequest}`, applied.url)} shows that it was applied.`
}

function errorsOf(view: View): Section[] {
  if (!hasErrors(view.diagnostics)) return []
  const errors = view.diagnostics.filter((d) => d.severity === 'error')
  return [
    {
      type: 'list',
      head: `### Errors\n\nNothing can be applied until ${errors.length === 1 ? 'this is' : 'these are'} fixed.`,
      items: errors.map(
        (e) =>
          `- ${bold(e.code, 60)}: ${text(sentence(e.message), 1000)} ${text(sentence(e.remedy), 600)}`,
      ),
      tail: '',
      weight: 2,
    },
  ]
}

function group(title: string, changes: readonly Change[], view: View): List[] {
  if (changes.length === 0) return []
  const items = changes.map(
    (change) => `- ${describeDifference(change, view)}${describeLastChange(change)}`,
  )
  return [{ type: 'list', head: `### ${title}`, items, tail: '', weight: 3 }]
}

/** How Azure and the file differ: first what Azure has, then what the file requires. */
function describeDifference(change: Change, view: View): string {
  const subject = `**${view.show(subjectOf(change))}**`
  return sentence(differs[change.kind](change, subject, view))
}

const differs: Record<Kind, (change: Change, subject: string, view: View) => string> = {
  dataCollectionEndpoint: ({ action, before, after }, subject) => {
    if (action === 'create') return `Endpoint ${subject} is missing, but the file requires it`
    if (action === 'delete') return `Endpoint ${subject} exists, but the file does not need it`
    return `Endpoint ${subject}: ${describeFields(before, after)}`
  },
  scopedResource: ({ action, id }, subject, view) => {
    const scope = view.label(scopeOf(id))
    if (action === 'delete')
      return `${subject} is linked to ${scope}, but the file does not need the link`
    return action === 'create'
      ? `${subject} is not linked to ${scope}, but the file requires it`
      : `The link of ${subject} to ${scope} has failed`
  },
  association: ({ before, after }, subject, view) => {
    const has =
      before?.kind === 'association'
        ? `gets its configuration from ${view.label(before.endpointId ?? before.ruleId ?? '')}`
        : 'has no endpoint for its configuration'
    const wants =
      after?.kind === 'association'
        ? `the file requires **${view.label(after.endpointId ?? '')}**`
        : 'the file no longer names it'
    return `${subject} ${has}, but ${wants}`
  },
  accessModes: ({ before, after }, subject) =>
    `Access modes of ${subject}: ${describeFields(before, after)}`,
}

function describeFields(before: Change['before'], after: Change['after']): string {
  const fields = differences(before, after).map(
    ({ field, before: has, after: wants }) =>
      `${field} is ${has}, but the file requires **${wants}**`,
  )
  return fields.join('; ')
}

/** Who last changed the object and when, if Azure reports it. */
function describeLastChange({ changed, action }: Change): string {
  if (changed === undefined || action === 'create') return ''
  const at = changed.at === undefined ? undefined : pointInTime(changed.at)
  const type =
    changed.type === undefined || changed.type === 'User' ? '' : ` (${text(changed.type, 40)})`
  return ` Last changed by ${code(changed.by, 200)}${type}${at === undefined ? '' : ` on ${at}`}.`
}

function whatToDo(view: View): string {
  const ways = [
    `- To make Azure match the file, run the apply workflow: by hand with ${code('command: apply')}, or by merging any change to the file.`,
    `- To keep what Azure has, change ${code(view.report.file, 300)} in a pull request.`,
  ]
  return [
    '### What to do',
    ways.join('\n'),
    'Each drift run updates this issue, and closes it when nothing differs any more. If you close it yourself, it stays closed until something else differs.',
  ].join('\n\n')
}

function closingComment({ runUrl }: RenderContext): string {
  const by = runUrl === undefined ? '' : ` (${link('workflow run', runUrl)})`
  return `Azure matches the file again${by}.`
}
