// One hash of everything dist/ is built from: in a fresh clone, where file times say nothing, it shows whether
// dist/ was built from this src/.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The file in dist/ that holds the hash of the sources. */
export const sourcesFile = 'sources.sha256'

const parts = [
  'src',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/build.mjs',
  'scripts/licenses.mjs',
]

/** Hashes contents, ignoring line endings, which depend on git's settings. */
export function hashOfSources() {
  const hash = createHash('sha256')
  for (const file of parts.flatMap(filesOf)) {
    hash.update(file.replaceAll('\\', '/')).update('\0')
    hash.update(readFileSync(file, 'utf8').replaceAll('\r\n', '\n')).update('\0')
  }
  return hash.digest('hex')
}

/** True when dist/ was built from the present sources. */
export function isFresh() {
  const file = join('dist', sourcesFile)
  return existsSync(file) && readFileSync(file, 'utf8').trim() === hashOfSources()
}

function filesOf(part) {
  if (!statSync(part).isDirectory()) return [part]
  return readdirSync(part, { recursive: true })
    .map((name) => join(part, String(name)))
    .filter((file) => statSync(file).isFile())
    .sort()
}
