import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Publication } from './publication.ts'
import { sha256Hex } from '../resources/id.ts'
import type { Log } from '../job/log.ts'

/** The paths of the files written for one topology file; absent when there was nothing to write. */
export interface WrittenFiles {
  readonly planJson?: string
  readonly planMarkdown?: string
  readonly egressJson?: string
  /** The findings of a command that doesn't produce a plan. */
  readonly findingsJson?: string
}

/**
 * Writes the plan as JSON and as Markdown and the list of host names of each topology file to a new folder below
 * `RUNNER_TEMP`. A failure is a warning: the plan is also shown elsewhere.
 */
export async function writeFiles(
  publications: readonly Publication[],
  log: Log,
): Promise<readonly WrittenFiles[]> {
  const temp = process.env.RUNNER_TEMP ?? ''
  try {
    const folder = await mkdtemp(path.join(temp === '' ? tmpdir() : temp, 'private-link-'))
    return await Promise.all(publications.map((publication) => writeOne(publication, folder)))
  } catch (error) {
    log.warning(`The plan could not be written to files: ${String(error)}`)
    return []
  }
}

async function writeOne({ report, rendered }: Publication, folder: string): Promise<WrittenFiles> {
  const stem = path.join(folder, stemOf(report.file))
  const write = async (ending: string, text: string | undefined) => {
    if (text === undefined || text === '') return undefined
    await writeFile(stem + ending, text)
    return stem + ending
  }
  const planJson = await write('.plan.json', rendered.planJson)
  const planMarkdown = await write('.plan.md', rendered.summary)
  const egressJson = await write('.egress.json', rendered.egressJson)
  const findingsJson = await write(`.${report.command}.json`, rendered.findingsJson)
  return {
    ...(planJson !== undefined && { planJson }),
    ...(planMarkdown !== undefined && { planMarkdown }),
    ...(egressJson !== undefined && { egressJson }),
    ...(findingsJson !== undefined && { findingsJson }),
  }
}

/** A plain file name, unique within the run. */
function stemOf(file: string): string {
  const name = file.split('/').at(-1) ?? ''
  const plain = name.replace(/\.ya?ml$/i, '').replace(/[^A-Za-z0-9._-]+/g, '-')
  return `${plain.replace(/^[.-]+/, '').slice(0, 60) || 'topology'}-${sha256Hex(file, 8)}`
}
