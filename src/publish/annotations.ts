import * as core from '@actions/core'
import { sortDiagnostics, type Diagnostic, type Severity } from '../diagnostics.ts'
import type { Report } from '../report.ts'
import { plainText, title } from '../job/log.ts'

type Annotated = Pick<Report, 'diagnostics'> & Partial<Pick<Report, 'file' | 'failure'>>

interface Annotation {
  readonly severity: Severity
  readonly message: string
  readonly properties: core.AnnotationProperties
}

/** GitHub shows ten annotations of each severity per step and silently drops the rest. */
const mostOfAKind = 10

const print: Record<Severity, (message: string, properties: core.AnnotationProperties) => void> = {
  error: core.error,
  warning: core.warning,
  notice: core.notice,
}

/**
 * Writes annotations for the diagnostics of the topology files, worst first. When there are more of a severity than
 * GitHub shows, the last one says how many are left.
 */
export function annotate(reports: readonly Annotated[]): void {
  const all = reports.flatMap((report) => [
    ...failureOf(report),
    ...sortDiagnostics(report.diagnostics).map((diagnostic) => fromDiagnostic(diagnostic, report)),
  ])
  for (const severity of ['error', 'warning', 'notice'] as const) {
    const annotations = all.filter((annotation) => annotation.severity === severity)
    const fits = annotations.length <= mostOfAKind
    const shown = fits ? annotations : annotations.slice(0, mostOfAKind - 1)
    for (const { message, properties } of shown) print[severity](plainText(message), properties)
    const left = annotations.length - shown.length
    if (left > 0) print[severity](`${left} more are in the step summary.`, { title })
  }
}

/** Writes one error about a file as a whole. */
export function annotateFailure(reason: string, message: string, file: string): void {
  core.error(plainText(message), { title: `${title}: ${reason}`, file: plainText(file) })
}

/** The annotation of a failure, unless the error diagnostics already explain it. */
function failureOf({ failure, diagnostics, file }: Annotated): Annotation[] {
  const isExplained = failure?.reason === 'blocked' || failure?.reason === 'invalid-topology'
  if (!failure || (isExplained && diagnostics.some(({ severity }) => severity === 'error')))
    return []
  return [
    {
      severity: 'error',
      message: `${failure.message}\n${failure.remedy}`,
      properties: { title: `${title}: ${failure.reason}`, ...(file && { file: plainText(file) }) },
    },
  ]
}

function fromDiagnostic(diagnostic: Diagnostic, { file = diagnostic.file }: Annotated): Annotation {
  const { severity, code, message, remedy, line, column } = diagnostic
  const path = diagnostic.file ?? file
  return {
    severity,
    message: `${message}\n${remedy}`,
    properties: {
      title: `${title}: ${code}`,
      ...(path !== undefined && { file: plainText(path) }),
      ...(line !== undefined && { startLine: line }),
      ...(line !== undefined && column !== undefined && { startColumn: column }),
    },
  }
}
