import type { Telemetry } from '../../telemetry/telemetry.ts'
import { attribute, bold, code, link, text } from '../text/markdown.ts'
import { fit, type Section } from '../text/limit.ts'
import { shortNames } from '../text/shortNames.ts'
import type { RenderContext } from '../context.ts'
import { byDestination, sayCause, sayLastSeen } from './rows.ts'
import { renderTelemetryVerdict } from './verdict.ts'

/** First line of the issue on the silence of a topology: what it is found by. Never shown. */
export function telemetryMarker(topology: string): string {
  return `<!-- azure-monitor-private-link:telemetry topology="${attribute(topology)}" -->`
}

/** The issue on what is silent. */
export interface TelemetryIssue {
  readonly title: string
  /** Markdown, at most 60,000 characters, first line the marker. Says the same for the same silence. */
  readonly body: string
  /** Markdown of the comment that closes the issue. */
  readonly farewell: string
}

const mostCharacters = 59_900

/** What a scheduled `verify` says to people who look at issues. */
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
          `- ${bold(name(row.id), 200)}, last seen: ${sayLastSeen(row, {})}. ${sayCause(row)}`,
      ),
      tail: '',
      weight: 1,
    })),
    { type: 'whole', text: whatToDo },
  ]
  const body = fit(
    sections,
    mostCharacters - marker.length - 2,
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
  `Look at one of them with ${code('command: explain')}: it shows the whole chain and the first broken link. docs/verify.md tells what each state means and what it can't tell.`,
  'Each scheduled run brings this issue up to date, and closes it when nothing is silent any more. If you close it yourself, it stays closed until something else is silent.',
].join('\n\n')
