// What dist/ is built from, as one hash: by it a clone whose files are all of one time knows whether
// dist/ is that of its src/.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Where the hash of the sources of a bundle is kept, beside it. */
export const sourcesFile = 'sources.sha256'

const parts = [
  'src',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/build.mjs',
  'scripts/licenses.mjs',
]

/** By content, whatever the ends of lines that git made. */
export function hashOfSources() {
  const hash = createHash('sha256')
  for (const file of parts.flatMap(filesOf)) {
    hash.update(file.replaceAll('\\', '/')).update('\0')
    hash.update(readFileSync(file, 'utf8').replaceAll('\r\n', '\n')).update('\0')
  }
  return hash.digest('hex')
}

/** True when the dist/ that is here was built from what is here. */
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
