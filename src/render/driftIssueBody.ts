import { hasErrors } from '../diagnostics.ts'
import type { Change } from '../plan/plan.ts'
import type { PlanReport } from '../report.ts'
import type { Kind } from '../resources/resource.ts'
import { differences } from './parts/differences.ts'
import { type Causes, type FileHistory, tellCauses } from './driftCauses.ts'
import { driftMarker } from './carried/driftMarker.ts'
import { fit, type List, type Section } from './text/limit.ts'
import { bold, code, link, text } from './text/markdown.ts'
import type { RenderContext } from './context.ts'
import { fileUrl, scopeOf, type View, viewOf } from './view.ts'
import { listed, plural, pointInTime, sentence, subjectOf, thousands } from './text/words.ts'

/** The issue on the drift of a topology. */
export interface DriftIssue {
  readonly title: string
  /** Markdown, at most 60,000 characters, first line the marker. Says the same for the same drift. */
  readonly body: string
  /** Markdown of the comment that closes the issue. */
  readonly farewell: string
}

/** GitHub takes 65,536 characters, and ignores a longer body of an issue without a word. */
const mostCharacters = 59_900

/**
 * What a report of a drift run says to people who look at issues: what differs, whether somebody
 * changed Azure or the file is ahead of it, who and when, and what to do. Nothing in the body is
 * of the run alone, so that the same drift doesn't write it anew.
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
  const causes = tellCauses(view.changes, history)
  const marker = driftMarker(topology)
  const sections: Section[] = [
    { type: 'whole', text: [describeCounts(causes), sayHistory(view, history)].join(' ') },
    ...errorsOf(view),
    ...group('Changed in Azure', causes.drifted, view),
    ...group('Not applied yet', causes.pending, view),
    ...group('Either of the two', causes.unclear, view),
    { type: 'whole', text: whatToDo(view) },
  ]
  const elsewhere = 'the step summary of the latest drift run'
  const body = fit(sections, mostCharacters - marker.length - 2, elsewhere)
  return {
    title: `Azure differs from private link topology ${topology}`,
    body: `${marker}\n\n${body}`,
    farewell: sayFarewell(context),
  }
}

function describeCounts({ drifted, pending, unclear }: Causes): string {
  const causes = [
    { count: drifted.length, why: 'because somebody changed Azure after the file' },
    { count: pending.length, why: 'because the file is ahead of Azure' },
    { count: unclear.length, why: "for a reason that can't be told" },
  ].filter(({ count }) => count > 0)
  const total = drifted.length + pending.length + unclear.length
  const [first] = causes
  const whys =
    causes.length === 1
      ? `, ${first?.why ?? ''}`
      : `: ${listed(causes.map(({ count, why }) => `${thousands(count)} ${why}`))}`
  return `**Azure differs from the file in ${plural(total, 'place')}**${whys}.`
}

function sayHistory(view: View, history: FileHistory | undefined): string {
  const { file } = view.report
  const url = fileUrl(view.context, file)
  const name = url === undefined ? code(file, 300) : link(file, url)
  if (history === undefined) {
    return `When ${name} was changed last could not be read, so drift can't be told from what is not applied yet.`
  }
  const { commit, at, applied } = history
  const when = pointInTime(at) ?? text(at, 40)
  const last = `${name} was changed last on ${when} (${code(commit.slice(0, 7), 40)})`
  if (applied === undefined) return `${last}.`
  return `${last}, and ${link(`pull request ${applied.pullRequest}`, applied.url)} says that it was applied.`
}

function errorsOf(view: View): Section[] {
  if (!hasErrors(view.diagnostics)) return []
  const errors = view.diagnostics.filter((d) => d.severity === 'error')
  return [
    {
      type: 'list',
      head: `### In the way\n\nNothing can be applied until ${errors.length === 1 ? 'this is' : 'these are'} gone.`,
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
  const items = changes.map((change) => `- ${sayDifference(change, view)}${sayWho(change)}`)
  return [{ type: 'list', head: `### ${title}`, items, tail: '', weight: 3 }]
}

/** How Azure and the file differ: what is there first, then what is asked for. */
function sayDifference(change: Change, view: View): string {
  const subject = `**${view.show(subjectOf(change))}**`
  return sentence(differs[change.kind](change, subject, view))
}

const differs: Record<Kind, (change: Change, subject: string, view: View) => string> = {
  dataCollectionEndpoint: ({ action, before, after }, subject) => {
    if (action === 'create') return `Endpoint ${subject} isn't there, and the file calls for it`
    if (action === 'delete') return `Endpoint ${subject} is there, and the file has no use for it`
    return `Endpoint ${subject}: ${sayFields(before, after)}`
  },
  scopedResource: ({ action, id }, subject, view) => {
    const scope = view.label(scopeOf(id))
    if (action === 'delete')
      return `${subject} is linked to ${scope}, and the file has no use for it`
    return action === 'create'
      ? `${subject} isn't linked to ${scope}, and the file calls for it`
      : `The link of ${subject} to ${scope} isn't in order`
  },
  association: ({ before, after }, subject, view) => {
    const has =
      before?.kind === 'association'
        ? `gets its configuration from ${view.label(before.endpointId ?? before.ruleId ?? '')}`
        : 'has no endpoint for its configuration'
    const wants =
      after?.kind === 'association'
        ? `the file asks for **${view.label(after.endpointId ?? '')}**`
        : 'the file no longer names it'
    return `${subject} ${has}, and ${wants}`
  },
  accessModes: ({ before, after }, subject) =>
    `Access modes of ${subject}: ${sayFields(before, after)}`,
}

function sayFields(before: Change['before'], after: Change['after']): string {
  const fields = differences(before, after).map(
    ({ field, before: has, after: wants }) =>
      `${field} is ${has}, and the file asks for **${wants}**`,
  )
  return fields.join('; ')
}

/** Who changed the object last and when, where Azure says. */
function sayWho({ changed, action }: Change): string {
  if (changed === undefined || action === 'create') return ''
  const at = changed.at === undefined ? undefined : pointInTime(changed.at)
  const type =
    changed.type === undefined || changed.type === 'User' ? '' : ` (${text(changed.type, 40)})`
  return ` Last changed by ${code(changed.by, 200)}${type}${at === undefined ? '' : ` on ${at}`}.`
}

function whatToDo(view: View): string {
  const ways = [
    `- To make Azure as the file says, run the workflow that applies: by hand with ${code('command: apply')}, or by merging any change of the file.`,
    `- To keep what Azure has, change ${code(view.report.file, 300)} in a pull request.`,
  ]
  return [
    '### What to do',
    ways.join('\n'),
    'Each drift run brings this issue up to date, and closes it when nothing differs any more. If you close it yourself, it stays closed until something else differs.',
  ].join('\n\n')
}

function sayFarewell({ runUrl }: RenderContext): string {
  const by = runUrl === undefined ? '' : ` (${link('workflow run', runUrl)})`
  return `Azure is as the file says again${by}.`
}
