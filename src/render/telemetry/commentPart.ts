import type { Telemetry } from '../../telemetry/telemetry.ts'
import type { RenderContext } from '../context.ts'
import { link } from '../text/markdown.ts'
import { pointInTime } from '../text/words.ts'
import { telemetryTables } from './summary.ts'
import { renderTelemetryVerdict } from './verdict.ts'

const opening = '<!-- azure-monitor-private-link:verify -->'
const closing = '<!-- azure-monitor-private-link:verify end -->'

/** A comment may have 65,536 characters, of which the plan takes up to 60,000. */
const maxCharacters = 5000

/**
 * The section that `verify` adds to the plan comment: the counts, and as many silent rows as fit.
 */
export function renderTelemetryPart(telemetry: Telemetry, context: RenderContext): string {
  const failing = {
    ...telemetry,
    targets: telemetry.targets.filter((r) => r.state === 'silent' || r.state === 'unknown'),
  }
  for (const rows of [20, 10, 5, 2, 0]) {
    const part = assemblePart(
      telemetry,
      context,
      failing.targets.length === 0 ? [] : telemetryTables(failing, context, rows),
    )
    if (part.length <= maxCharacters || rows === 0) return part
  }
  return assemblePart(telemetry, context, [])
}

function assemblePart(
  telemetry: Telemetry,
  { runUrl }: RenderContext,
  tables: readonly string[],
): string {
  const at = pointInTime(telemetry.checkedAt) ?? ''
  const run = runUrl === undefined ? 'the step summary' : link('the step summary', runUrl)
  return [
    opening,
    `**Telemetry** (${at}): ${renderTelemetryVerdict(telemetry)} Full details are in ${run}.`,
    ...tables,
    closing,
  ].join('\n\n')
}

/**
 * Inserts the part into the comment, after the marker on its first line, replacing the part of an
 * earlier run. Nothing else changes: the reviewed text stays as it is.
 */
export function withTelemetryPart(comment: string, part: string): string {
  const bare = withoutTelemetryPart(comment)
  const end = bare.indexOf('\n')
  if (end < 0) return comment
  return `${bare.slice(0, end)}\n\n${part}\n\n${bare.slice(end).replace(/^\s+/, '')}`
}

/**
 * Removes the part from the comment. Only whole lines count as markers, which no quoted text can
 * produce.
 */
export function withoutTelemetryPart(comment: string): string {
  const lines = comment.split(/\r?\n/)
  const from = lines.indexOf(opening)
  const to = lines.indexOf(closing)
  if (from < 0 || to < from) return comment
  const [before, after] = [lines.slice(0, from), lines.slice(to + 1)]
  return [...trimEnd(before), '', ...trimStart(after)].join('\n')
}

function trimEnd(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '')
  return lines.slice(0, last + 1)
}

function trimStart(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== '')
  return first < 0 ? [] : lines.slice(first)
}
