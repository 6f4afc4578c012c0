import type { Report } from '../report.ts'
import { diagnosticJson, renderPlanJson } from '../render/planJson.ts'
import { render } from '../render/render.ts'
import type { Look } from '../render/terminal/look.ts'
import { harmless } from '../render/terminal/layOut.ts'
import { renderReport } from '../render/terminal/report.ts'
import { renderValidated } from '../render/terminal/validated.ts'
import type { Task } from './arguments.ts'
import type { Worked } from './work.ts'

/** All that goes to standard output, as the options ask for it. */
export function documentOfRun(
  worked: readonly Worked[],
  { command, output }: Pick<Task, 'command' | 'output'>,
  look: Look,
): string {
  switch (output) {
    case 'json':
      return printJson(
        command === 'validate'
          ? { diagnostics: worked.flatMap(({ report }) => report.diagnostics.map(diagnosticJson)) }
          : oneOrAll(worked.map(({ report }) => planJson(report))),
      )
    case 'markdown':
      return worked.map(({ report }) => markdownOf(report)).join('\n')
    case 'text':
      return worked.map((one) => textOf(one, look)).join('\n')
  }
}

function oneOrAll(documents: readonly unknown[]): unknown {
  return documents.length === 1 ? documents[0] : documents
}

/** plan-json, and why there is no plan where there is none: a program must not take that for an empty one. */
function planJson(report: Report): unknown {
  const { result, failure } = report
  return { ...(JSON.parse(renderPlanJson(report)) as object), result, failure }
}

/** `##[` begins a command of the runner wherever it stands in a line; JSON can spell it otherwise. */
function printJson(document: unknown): string {
  return `${JSON.stringify(document, null, 2).replaceAll('##[', '#\\u0023[')}\n`
}

function markdownOf(report: Report): string {
  const { summary } = render(report, { portal: 'https://portal.azure.com', rulesUrl })
  return summary.split('\n').map(harmless).join('\n')
}

const rulesUrl = 'https://github.com/azure-monitor-private-link/blob/main/docs/rules.md'

function textOf({ report, topology }: Worked, look: Look): string {
  return report.result === 'validated' && topology !== undefined
    ? renderValidated(topology, report.diagnostics, look)
    : renderReport(report, look)
}
