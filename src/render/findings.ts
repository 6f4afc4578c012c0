import type { Findings, Report } from '../report.ts'
import type { RenderContext } from './context.ts'
import { networkJson } from './network/networkJson.ts'
import { renderExplainJson } from './explain/explainJson.ts'
import { renderExplainSummary } from './explain/summary.ts'
import { renderNetworkSummary } from './network/summary.ts'
import { renderTelemetrySummary } from './telemetry/summary.ts'
import { renderVerifyJson } from './telemetry/verifyJson.ts'

/** The rendered findings of a command that is not about a plan. */
export interface RenderedFindings {
  /** The step summary. */
  readonly summary: string
  /** Content of the file that the command's own output names. */
  readonly json: string
}

export function renderFindings(
  findings: Findings,
  report: Report,
  context: RenderContext,
): RenderedFindings {
  switch (findings.kind) {
    case 'telemetry':
      return {
        summary: renderTelemetrySummary(findings.telemetry, report, context),
        json: renderVerifyJson(findings.telemetry),
      }
    case 'network':
      return {
        summary: renderNetworkSummary(findings, report, context),
        json: `${JSON.stringify(networkJson(findings), null, 2)}\n`,
      }
    case 'chain':
      return {
        summary: renderExplainSummary(findings, report, context),
        json: renderExplainJson(findings),
      }
  }
}
