import type { Findings, Report } from '../report.ts'
import type { RenderContext } from './context.ts'
import { renderTelemetrySummary } from './telemetry/summary.ts'
import { renderVerifyJson } from './telemetry/verifyJson.ts'

/** What is published of findings that are no plan. */
export interface RenderedFindings {
  /** The step summary. */
  readonly summary: string
  /** The file of the command's own output. */
  readonly json: string
}

type Renderer<F extends Findings> = (
  findings: F,
  report: Report,
  context: RenderContext,
) => RenderedFindings

const renderers: { readonly [K in Findings['kind']]: Renderer<Extract<Findings, { kind: K }>> } = {
  telemetry: ({ telemetry }, report, context) => ({
    summary: renderTelemetrySummary(telemetry, report, context),
    json: renderVerifyJson(telemetry),
  }),
}

/** Renders what a command found that is not about a plan. */
export function renderFindings(
  findings: Findings,
  report: Report,
  context: RenderContext,
): RenderedFindings {
  return renderers[findings.kind](findings, report, context)
}
