import type { Findings, Report } from '../report.ts'
import type { RenderContext } from './context.ts'
import { networkFindings } from './network/networkFindings.ts'
import { findingsFooter } from './parts/findingsFooter.ts'
import { mostSummaryBytes } from './summary.ts'
import { fit, type Section } from './text/limit.ts'
import { code } from './text/markdown.ts'

/** How the findings of one kind are shown. */
export interface FindingsRenderer<F extends Findings> {
  /** The document of the summary but for its footer, top down, its heading first. */
  readonly document: (findings: F, report: Report, context: RenderContext) => readonly Section[]
  /** The same for programs. */
  readonly json: (findings: F) => object
  /** The output that names the file of that JSON. */
  readonly output: FindingsOutput
}

export const findingsOutputs = ['network-json'] as const
export type FindingsOutput = (typeof findingsOutputs)[number]

/** Findings as texts: the step summary, and the file for programs. Each kind has its renderer. */
export function renderFindings(
  findings: Findings,
  report: Report,
  context: RenderContext,
): { readonly summary: string; readonly json: string; readonly output: FindingsOutput } {
  return renderWith(networkFindings, findings, report, context)
}

function renderWith<F extends Findings>(
  { document, json, output }: FindingsRenderer<F>,
  findings: F,
  report: Report,
  context: RenderContext,
): ReturnType<typeof renderFindings> {
  const sections: Section[] = [
    ...document(findings, report, context),
    { type: 'whole', text: findingsFooter(report, context) },
  ]
  const elsewhere = `the file that the output ${code(output)} names`
  const bytes = (text: string) => Buffer.byteLength(text)
  return {
    summary: `${fit(sections, mostSummaryBytes - 1, elsewhere, bytes)}\n`,
    json: `${JSON.stringify(json(findings), null, 2)}\n`,
    output,
  }
}
