import type { Show } from '../publish/liveComment.ts'
import type { Publication } from '../publish/publication.ts'
import type { Run } from '../run.ts'
import { findClashes } from './clashes.ts'
import { readMarks } from './marks.ts'
import { runFile } from './runFile.ts'

/**
 * Runs the command for each topology file in turn; a file that fails doesn't stop the others. `showOf` decides where
 * a file's report is published; by default in its comment.
 */
export async function runFiles(
  given: Omit<Run, 'clashes' | 'marks'>,
  showOf?: (file: string) => Show,
): Promise<readonly Publication[]> {
  // Lists of host names are not topology files, so they can't clash.
  const { topologyFiles, egressFiles } = given.inputs
  const files = topologyFiles.filter((file) => !egressFiles.includes(file))
  const texts =
    files.length < 2
      ? []
      : await Promise.all(
          files.map(async (file) => ({
            file,
            text: (await given.readFile(file)).toString('utf8'),
          })),
        )
  const run: Run = {
    ...given,
    clashes: findClashes(texts, given.today),
    marks: readMarks(texts, given.today),
  }
  const publications: Publication[] = []
  for (const file of topologyFiles) publications.push(await runFile(file, run, showOf?.(file)))
  return publications
}
