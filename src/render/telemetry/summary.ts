import { hasErrors, sortDiagnostics } from '../../diagnostics.ts'
import type { Report } from '../../report.ts'
import type { TargetTelemetry, Telemetry } from '../../telemetry/telemetry.ts'
import { describeCounts } from '../../telemetry/words.ts'
import type { RenderContext } from '../context.ts'
import { bold, code, details, link, text } from '../text/markdown.ts'
import { shortNames } from '../text/shortNames.ts'
import { pointInTime, plural, sentence, thousands } from '../text/words.ts'
import { portalUrl } from '../view.ts'
import { byDestination, telemetryTable } from './rows.ts'
import { renderTelemetryVerdict } from './verdict.ts'

/** The most rows in a summary: 1,500 stay below GitHub's limit of 1 MiB. */
const maxRows = 1500
/** More healthy rows than this are folded. */
const foldFrom = 10

/** The step summary of `verify`: counts, warnings, a table for each destination, silent first. */
export function renderTelemetrySummary(
  telemetry: Telemetry,
  report: Report,
  context: RenderContext,
): string {
  return `${[
    `## Telemetry of ${text(telemetry.topology, 100)}`,
    renderTelemetryVerdict(telemetry),
    ...describeDiagnostics(report),
    ...telemetryTables(telemetry, context, maxRows),
    '---',
    footer(telemetry, context),
  ].join('\n\n')}\n`
}

/** The tables of all destinations, with at most `most` rows in total. */
export function telemetryTables(
  telemetry: Telemetry,
  context: RenderContext,
  most: number,
): readonly string[] {
  let room = most
  const name = shortNames(telemetry.targets.flatMap((row) => [row.id, row.destination]))
  const isLarge = telemetry.targets.length > 100
  const show = (id: string) =>
    isLarge ? text(name(id), 200) : link(name(id), portalUrl(id, context.portal) ?? '', 200)
  return byDestination(telemetry).flatMap(({ id, kind, rows, detail }) => {
    const shown = rows.slice(0, Math.max(0, room))
    room -= shown.length
    const words = { show, now: telemetry.checkedAt }
    const failing = shown.filter((row) => row.state === 'silent' || row.state === 'unknown')
    const healthy = shown.filter((row) => row.state !== 'silent' && row.state !== 'unknown')
    const left = rows.length - shown.length
    return [
      `### ${kind === 'logs' ? 'Logs' : 'Metrics'} in ${show(id)}`,
      `${describeCounts(rows)}${detail === '' ? '' : ` ${text(sentence(detail), 700)}`}`,
      ...(failing.length > 0 ? [telemetryTable(failing, words)] : []),
      ...healthyTable(healthy, telemetryTable(healthy, words)),
      ...(left > 0
        ? [
            `… and ${thousands(left)} more: the file of the output ${code('verify-json')} has all of them.`,
          ]
        : []),
    ]
  })
}

function healthyTable(rows: readonly TargetTelemetry[], table: string): readonly string[] {
  if (rows.length === 0) return []
  return rows.length <= foldFrom
    ? [table]
    : [details(`${plural(rows.length, 'target')} without problems`, table)]
}

function describeDiagnostics({ diagnostics }: Report): readonly string[] {
  if (diagnostics.length === 0) return []
  const head = hasErrors(diagnostics) ? '⛔' : '⚠️'
  return [
    sortDiagnostics(diagnostics)
      .map(
        ({ code: name, message, remedy }) =>
          `- ${head} ${bold(name, 60)}: ${text(sentence(message), 1000)} ${text(sentence(remedy), 600)}`,
      )
      .join('\n'),
  ]
}

function footer({ checkedAt, windowMinutes }: Telemetry, { runUrl }: RenderContext): string {
  const run = runUrl === undefined ? '' : ` ${link('Workflow run', runUrl)}.`
  return `Checked ${pointInTime(checkedAt) ?? text(checkedAt, 40)}. *Receiving* means a record within ${plural(windowMinutes, 'minute')}. The path comes from the address of the newest heartbeat: evidence, not proof.${run}`
}
