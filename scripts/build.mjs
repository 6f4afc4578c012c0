// Builds dist/ from src/: TypeScript to lib/, then one bundle with ncc. `--check` builds beside
// dist/ and compares instead, so that a stale dist/ is caught.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const check = process.argv.includes('--check')
const out = check ? mkdtempSync(join(tmpdir(), 'dist-')) : 'dist'
const bin = name => join('node_modules', '.bin', name)
const run = (name, args) =>
  execFileSync(bin(name), args, { stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' })

rmSync('lib', { recursive: true, force: true })
rmSync(out, { recursive: true, force: true })
run('tsc', ['-p', 'tsconfig.build.json'])
run('ncc', ['build', 'lib/index.js', '-o', out, '-m', '-q'])

const files = root =>
  existsSync(root)
    ? readdirSync(root, { recursive: true })
        .map(String)
        .filter(name => statSync(join(root, name)).isFile())
        .sort()
    : []
if (check) {
  const fresh = files(out)
  const stale = [...new Set([...fresh, ...files('dist')])].filter(
    name =>
      !fresh.includes(name) ||
      !existsSync(join('dist', name)) ||
      !readFileSync(join(out, name)).equals(readFileSync(join('dist', name))),
  )
  rmSync(out, { recursive: true, force: true })
  if (stale.length > 0) {
    console.error(`dist/ is not what src/ builds to (${stale.join(', ')}). Mend it with: npm run build`)
    process.exit(1)
  }
  console.log(`dist/ is what src/ builds to (${fresh.length} files).`)
}
