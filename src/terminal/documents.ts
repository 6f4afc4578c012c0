import { diagnosticJson } from '../render/planJson.ts'
import type { Publication } from '../publish/publication.ts'
import { render } from '../render/render.ts'
import { harmless, layOut } from '../render/terminal/layOut.ts'
import type { Look } from '../render/terminal/look.ts'
import { renderReport } from '../render/terminal/report.ts'
import { renderValidated } from '../render/terminal/validated.ts'
import type { Task } from './arguments.ts'
import type { Validated } from './validate.ts'

type Output = Task['output']

/** The reports in the format that the options ask for, for standard output. */
export function printReports(
  publications: readonly Publication[],
  output: Output,
  look: Look,
): string {
  switch (output) {
    case 'json':
      return printJson(oneOrAll(publications.map(jsonOf)))
    case 'markdown':
      return publications.map(({ rendered }) => guard(rendered.summary)).join('\n')
    case 'text':
      return publications.map((publication) => textOf(publication, look)).join('\n')
  }
}

/** The same for `validate`. */
export function printValidated(
  validated: readonly Validated[],
  output: Output,
  look: Look,
): string {
  switch (output) {
    case 'json': {
      const diagnostics = validated.flatMap(({ report }) => report.diagnostics)
      return printJson({ diagnostics: diagnostics.map(diagnosticJson) })
    }
    case 'markdown':
      return validated
        .map(({ report }) => guard(render(report, { portal: '', rulesUrl: '' }).summary))
        .join('\n')
    case 'text':
      return validated
        .map(({ report, topology }) =>
          topology === undefined
            ? renderReport(report, look)
            : renderValidated(topology, report.diagnostics, look),
        )
        .join('\n')
  }
}

function textOf({ report, rendered }: Publication, look: Look): string {
  return report.situation === 'found' ? layOut(rendered.summary, look) : renderReport(report, look)
}

function oneOrAll(documents: readonly unknown[]): unknown {
  return documents.length === 1 ? documents[0] : documents
}

/**
 * The findings of a command, else plan-json with result and failure, so that a program doesn't take a missing plan for
 * an empty one.
 */
function jsonOf({ report, rendered }: Publication): unknown {
  if (rendered.findingsJson !== undefined) return JSON.parse(rendered.findingsJson)
  const { result, failure, file } = report
  const plan = { ...(JSON.parse(rendered.planJson) as object), result, failure }
  return report.imported === undefined ? plan : { file, plan }
}

/** The runner interprets `##[` anywhere in a line as a command, so it is escaped. */
function printJson(document: unknown): string {
  return `${JSON.stringify(document, null, 2).replaceAll('##[', '#\\u0023[')}\n`
}

function guard(markdown: string): string {
  return markdown.split('\n').map(harmless).join('\n')
}
