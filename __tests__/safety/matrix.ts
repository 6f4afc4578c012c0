import type { JobResult } from '../../simulator/job/job.ts'
import { correlationId } from './faultClasses.ts'

/** The result of one class of calls with one fault. */
export interface Cell {
  readonly row: string
  readonly column: string
  /** `✅`, `◐ partial-apply`, `❌ forbidden`. */
  readonly outcome: string
  /** The run's message. */
  readonly message?: string
  /** The results of the changes. */
  readonly tally?: Readonly<Partial<Record<string, number>>>
}

const warning = '::warning title=Azure Monitor Private Link::'

/** The run's reason for not succeeding: its last error annotation, or its warning about the run. */
export function messageOf({ stdout }: JobResult): string {
  const lines = stdout.split('\n')
  const errors = lines.filter((line) => line.startsWith('::error'))
  const message = errors.at(-1) ?? lines.findLast((line) => line.startsWith(warning)) ?? ''
  return message
    .replace(/^::(?:error|warning)[^:]*::/, '')
    .replaceAll('%0A', ' ')
    .replaceAll('%25', '%')
}

/** The matrix as Markdown: classes, faults, results, and the messages of faults that end the run. */
export function renderMatrix(cells: readonly Cell[], order: readonly string[]): string {
  const azure = cells.filter(({ row }) => !row.startsWith('GitHub'))
  const github = cells.filter(({ row }) => row.startsWith('GitHub'))
  return `# What comes of each fault

Written by \`__tests__/safety/faults.test.ts\`, which runs the built action against the simulator for each cell and holds
this page. One apply makes calls of every class: it creates an endpoint, links it, moves a machine to it, takes another
off, unlinks and deletes the old endpoint, and closes ingestion. In every cell: nobody lost a capability at any moment,
the run ended by itself with a report, and once the fault was gone the same job ended in the same state.

✅ ridden out, everything is as it should be · ◐ something was written and something not (\`partial\`) · ❌ nothing was
written (\`failed\`) · ⚠️ ended well, with a warning · – can't befall this class

## Azure

${renderTable(azure, order)}

## GitHub

${renderTable(github, order)}

## What is said

${renderWords(cells)}
`
}

/** Rows and columns in the given order, independent of timing. */
function renderTable(cells: readonly Cell[], order: readonly string[]): string {
  const rows = order.filter((name) => cells.some(({ row }) => row === name))
  const columns = order.filter((name) => cells.some(({ column }) => column === name))
  const line = (entries: readonly string[]) => `| ${entries.join(' | ')} |`
  return [
    line(['class of calls', ...columns]),
    line(['---', ...columns.map(() => '---')]),
    ...rows.map((row) =>
      line([
        row,
        ...columns.map(
          (column) => cells.find((c) => c.row === row && c.column === column)?.outcome ?? '–',
        ),
      ]),
    ),
  ].join('\n')
}

function renderWords(cells: readonly Cell[]): string {
  return cells
    .filter(({ outcome }) => outcome !== '✅')
    .map(({ row, column, outcome, message = '', tally = {} }) => {
      const counts = Object.entries(tally).map(([name, count]) => `${String(count)} ${name}`)
      const became = counts.length === 0 ? '' : ` (${counts.join(', ')})`
      return `- **${row}, ${column}**: ${outcome}${became}. ${settled(message)}`
    })
    .sort()
    .join('\n')
}

/** A message without the parts that differ between runs. */
function settled(text: string): string {
  return (
    text
      .replaceAll(/localhost:\d+/g, 'localhost')
      .replaceAll(correlationId, '<correlation id>')
      .replaceAll(/in \d+ s/g, 'in n s')
      // Several are read concurrently, so the first one to fail is a race.
      .replaceAll(/Could not find .+? with Resource Graph/g, 'Could not find … with Resource Graph')
      .replaceAll(/(Could not read the data collection endpoint) \S+/g, '$1 …')
      .replaceAll(/(Could not read the configuration association of) \S+/g, '$1 …')
      .replaceAll(/(This identity can't read [^"]*(?:machine|endpoint)) "\S+"/g, '$1 "…"')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
      .replaceAll(/\d{4}-\d\d-\d\d[ T][\d:.]+Z?/g, '<time>')
      .trim()
  )
}
