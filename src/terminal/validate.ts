import { findClashes } from '../commands/clashes.ts'
import { reportInvalid } from '../commands/offline.ts'
import { type Diagnostic, sortDiagnostics } from '../diagnostics.ts'
import { asFailure, type Failure } from '../errors.ts'
import type { PlanReport, ReportFacts } from '../report.ts'
import { parseTopology } from '../topology/parseTopology.ts'
import type { Topology } from '../topology/topology.ts'
import { readIn } from './files.ts'
import type { Work } from './work.ts'

/** The report on a file, and its topology if it is valid. */
export interface Validated {
  readonly report: PlanReport
  readonly topology?: Topology
}

/** `validate`: checks each file, and the files against each other, without Azure. */
export async function validate({ inputs, folder, today }: Work): Promise<readonly Validated[]> {
  const files = await Promise.all(inputs.topologyFiles.map((file) => readText(folder, file)))
  const clashes = findClashes(
    files.flatMap(({ file, text }) => (text === undefined ? [] : [{ file, text }])),
    today,
  )
  return files.map(({ file, text, failure }) =>
    text === undefined
      ? { report: { ...common(file), situation: 'unplanned', result: 'failed', failure } }
      : validateText(file, text, clashes.get(file) ?? [], today),
  )
}

function common(file: string): Pick<ReportFacts, 'file' | 'command' | 'diagnostics'> {
  return { file, command: 'plan', diagnostics: [] }
}

/** A file's text, or why it can't be read. */
type ReadFile =
  | { readonly file: string; readonly text: string; readonly failure?: undefined }
  | { readonly file: string; readonly text?: undefined; readonly failure: Failure }

async function readText(folder: string, file: string): Promise<ReadFile> {
  try {
    const bytes = await readIn(folder, file)
    return { file, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) }
  } catch (error) {
    return { file, failure: asFailure(error) }
  }
}

function validateText(
  file: string,
  text: string,
  clashes: readonly Diagnostic[],
  today: string,
): Validated {
  const parsed = parseTopology(text, { file, today })
  const diagnostics = sortDiagnostics([...parsed.diagnostics, ...clashes])
  const { topology } = parsed
  if (topology === undefined || clashes.length > 0) {
    return { report: reportInvalid(file, undefined, 'plan', diagnostics) }
  }
  return {
    report: {
      ...common(file),
      topology: topology.name,
      situation: 'validated',
      result: 'validated',
      diagnostics,
    },
    topology,
  }
}
