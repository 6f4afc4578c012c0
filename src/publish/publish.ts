import { setOutput } from '@actions/core'
import { failsTheStep, type Findings, type Report, type Result, results } from '../report.ts'
import type { Failure } from '../errors.ts'
import { annotate, annotateFailure } from './annotations.ts'
import { writeFiles, type WrittenFiles } from './files.ts'
import type { Log } from '../job/log.ts'
import { writeSummary } from './stepSummary.ts'
import { driftLine, verdictLine } from '../render/verdictLine.ts'
import { countChanges, type Counts } from '../plan/plan.ts'
import type { Publication } from './publication.ts'

/** Inputs that decide whether a result fails the step. */
export interface StepOptions {
  readonly failOnDrift: boolean
  readonly failOnSilent: boolean
}

/**
 * Publishes the results to the workflow: files, outputs, annotations, the step summary and the exit code. The last
 * step of every run.
 */
export async function publish(
  publications: readonly Publication[],
  options: StepOptions & { readonly log: Log },
): Promise<void> {
  const reports = publications.map(({ report }) => report)
  const files = await writeFiles(publications, options.log)
  const worst = worstOf(reports)
  const counts = sum(reports)
  setOutputs({
    result: worst?.result ?? 'no-changes',
    'failure-reason': reasonOf(reports, worst?.result),
    'has-changes': String(Object.values(counts).some((count) => count > 0)),
    'to-create': String(counts.create),
    'to-update': String(counts.update),
    'to-replace': String(counts.replace),
    'to-delete': String(counts.delete),
    fingerprint: lines(reports.map((report) => report.plan?.fingerprint)),
    'comment-url': lines(publications.map(({ commentUrl }) => commentUrl)),
    'imported-file': lines(reports.map((r) => (r.imported === undefined ? undefined : r.file))),
    ...paths(files),
    'verify-json': findingsFiles(reports, files, 'telemetry'),
    'network-json': findingsFiles(reports, files, 'network'),
    'explain-json': findingsFiles(reports, files, 'chain'),
  })
  annotate(reports)
  annotateDrift(publications, options)
  await writeSummary(
    publications.map(({ rendered }) => rendered.summary),
    options.log,
  )
  setExitCode(worst?.result, options)
  for (const publication of publications) {
    options.log.info(verdictLine(publication.report, publication))
  }
}

/** The same for a run that failed without a report: a wrong input, a broken event, a bug of ours. */
export async function publishFailure(failure: Failure, log: Log): Promise<void> {
  setOutputs({
    result: 'failed',
    'failure-reason': failure.reason,
    'has-changes': 'false',
    'to-create': '0',
    'to-update': '0',
    'to-replace': '0',
    'to-delete': '0',
    fingerprint: '',
    'comment-url': '',
    'imported-file': '',
    ...paths([]),
    'verify-json': '',
    'network-json': '',
    'explain-json': '',
  })
  annotate([{ diagnostics: [], failure }])
  await writeSummary([failureSummary(failure)], log)
  process.exitCode = 1
}

const outputNames = [
  'result',
  'failure-reason',
  'has-changes',
  'to-create',
  'to-update',
  'to-replace',
  'to-delete',
  'fingerprint',
  'plan-json',
  'plan-markdown',
  'comment-url',
  'egress-fqdns',
  'verify-json',
  'imported-file',
  'network-json',
  'explain-json',
] as const

function setOutputs(outputs: Readonly<Record<(typeof outputNames)[number], string>>): void {
  try {
    if ((process.env['GITHUB_OUTPUT'] ?? '') === '') throw new Error('GITHUB_OUTPUT is not set')
    for (const name of outputNames) setOutput(name, outputs[name])
  } catch (error) {
    const message = `The outputs of this step could not be written: ${String(error)}`
    const remedy = 'Run this as a step of GitHub Actions, which sets GITHUB_OUTPUT.'
    annotate([{ diagnostics: [], failure: { reason: 'invalid-input', message, remedy } }])
    process.exitCode = 1
  }
}

/** The first report with the worst result; contract section 9 defines the order. */
function worstOf(reports: readonly Report[]): Report | undefined {
  const [worst] = reports.toSorted((a, b) => results.indexOf(b.result) - results.indexOf(a.result))
  return worst
}

function reasonOf(reports: readonly Report[], worst: Result | undefined): string {
  const failed = reports.find(({ result, failure }) => result === worst && failure)
  return failed?.failure?.reason ?? ''
}

function sum(reports: readonly Report[]): Counts {
  return countChanges(reports.flatMap(({ plan }) => plan?.changes ?? []))
}

function paths(
  files: readonly WrittenFiles[],
): Record<'plan-json' | 'plan-markdown' | 'egress-fqdns', string> {
  return {
    'plan-json': lines(files.map((file) => file.planJson)),
    'plan-markdown': lines(files.map((file) => file.planMarkdown)),
    'egress-fqdns': lines(files.map((file) => file.egressJson)),
  }
}

/** The paths of the files with findings of one kind. */
function findingsFiles(
  reports: readonly Report[],
  files: readonly WrittenFiles[],
  kind: Findings['kind'],
): string {
  return lines(
    files.map((file, index) =>
      reports[index]?.findings?.kind === kind ? file.findingsJson : undefined,
    ),
  )
}

function lines(values: readonly (string | undefined)[]): string {
  return values.filter((value) => value !== undefined && value !== '').join('\n')
}

/** Drift that fails the step needs an error annotation: the file itself has no diagnostics. */
function annotateDrift(publications: readonly Publication[], options: StepOptions): void {
  if (!options.failOnDrift) return
  for (const publication of publications) {
    if (publication.report.result !== 'drift') continue
    annotateFailure('drift', driftLine(publication.report, publication), publication.report.file)
  }
}

function setExitCode(worst: Result | undefined, options: StepOptions): void {
  const when = worst === undefined ? 'never' : failsTheStep[worst]
  if (when === 'always' || (when !== 'never' && options[when])) process.exitCode = 1
}

/** Preformatted: the message may quote an input, which must not become markup. */
function failureSummary({ message, remedy }: Failure): string {
  const quoted = `${message}\n${remedy}`.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `## Azure Monitor Private Link failed\n\n<pre>\n${quoted.replace(/\n{2,}/g, '\n')}\n</pre>\n`
}
