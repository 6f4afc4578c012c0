import type { Telemetry } from '../../telemetry/telemetry.ts'
import { attribute, bold, code, link, text } from '../text/markdown.ts'
import { fit, type Section } from '../text/limit.ts'
import { shortNames } from '../text/shortNames.ts'
import type { RenderContext } from '../context.ts'
import { byDestination, describeCause, describeLastSeen } from './rows.ts'
import { renderTelemetryVerdict } from './verdict.ts'

/** First line of a topology's telemetry issue, by which later runs find it. Not visible. */
export function telemetryMarker(topology: string): string {
  return `<!-- azure-monitor-private-link:telemetry topology="${attribute(topology)}" -->`
}

/** The issue about silent targets. */
export interface TelemetryIssue {
  readonly title: string
  /**
   * Markdown, at most 60,000 characters, first line the marker. The same silence gives the same
   * body.
   */
  readonly body: string
  /** Markdown of the comment that closes the issue. */
  readonly farewell: string
}

const maxCharacters = 59_900

/** Renders the issue of a scheduled `verify`. */
export function renderTelemetryIssue(
  telemetry: Telemetry,
  { runUrl }: RenderContext,
): TelemetryIssue {
  const { topology, targets } = telemetry
  const marker = telemetryMarker(topology)
  const silent = targets.filter((row) => row.state === 'silent')
  const name = shortNames(targets.flatMap((row) => [row.id, row.destination]))
  const sections: Section[] = [
    { type: 'whole', text: renderTelemetryVerdict(telemetry) },
    ...byDestination(telemetry, silent).map(({ id, kind, rows }): Section => ({
      type: 'list',
      head: `### Silent: ${kind} in ${text(name(id), 200)}`,
      items: rows.map(
        (row) =>
          `- ${bold(name(row.id), 200)}, last seen: ${describeLastSeen(row, {})}. ${describeCause(row)}`,
      ),
      tail: '',
      weight: 1,
    })),
    { type: 'whole', text: whatToDo },
  ]
  const body = fit(
    sections,
    maxCharacters - marker.length - 2,
    'the step summary of the latest run',
  )
  const by = runUrl === undefined ? '' : ` (${link('workflow run', runUrl)})`
  return {
    title: `Telemetry of private link topology ${topology} is silent`,
    body: `${marker}\n\n${body}`,
    farewell: `Nothing is silent any more${by}.`,
  }
}

const whatToDo = [
  '### What to do',
  `Run ${code('command: explain')} for one of the targets: it shows the whole chain and the first broken link. docs/verify.md explains what each state means and what verify cannot show.`,
  'Each scheduled run updates this issue, and closes it when nothing is silent any more. If you close it yourself, it stays closed until something else is silent.',
].join('\n\n')
