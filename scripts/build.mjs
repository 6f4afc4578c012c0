// Builds dist/ from src/: compiles TypeScript to lib/, bundles it with ncc, and minifies the bundle. ncc's
// own `-m` only shortens names; swc also removes dead code, which saves 0.3 MB to load at each start.
// Names of functions and classes are kept for error messages. `--check` compares with dist/ instead of
// writing it, so that a stale dist/ is caught.
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { minify } from '@swc/core'
import { bundledPackages, licensesFile, licensesOf } from './licenses.mjs'
import { hashOfSources, sourcesFile } from './sources.mjs'

const check = process.argv.includes('--check')
const out = mkdtempSync(join(tmpdir(), 'dist-'))
const facts = mkdtempSync(join(tmpdir(), 'stats-'))
const stats = join(facts, 'stats.json')
const bin = (name) => join('node_modules', '.bin', name)
const run = (name, args) =>
  execFileSync(bin(name), args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })

rmSync('lib', { recursive: true, force: true })
run('tsc', ['-p', 'tsconfig.build.json'])
run('ncc', ['build', 'lib/index.js', '-o', out, '-q', '--stats-out', stats])

// The package `open` opens a browser for an interactive sign-in, which the action never offers: its chunk and the
// program that it ships are unreachable, so they are left out of the bundle.
const left = readdirSync(out).filter(
  (name) =>
    name === 'xdg-open' ||
    (name.endsWith('.index.js') &&
      readFileSync(join(out, name), 'utf8').includes('/open/index.js')),
)
for (const name of left) rmSync(join(out, name))

const bundled = bundledPackages(JSON.parse(readFileSync(stats, 'utf8')), left)
writeFileSync(join(out, licensesFile), licensesOf(bundled))
rmSync(facts, { recursive: true, force: true })

const keepNames = { keep_classnames: true, keep_fnames: true }
for (const name of readdirSync(out).filter((file) => file.endsWith('.js'))) {
  const file = join(out, name)
  const { code } = await minify(readFileSync(file, 'utf8'), {
    module: true,
    ecma: 2022,
    compress: { ...keepNames, passes: 2 },
    mangle: keepNames,
  })
  writeFileSync(file, code)
}

writeFileSync(join(out, sourcesFile), `${hashOfSources()}\n`)

const files = (root) =>
  existsSync(root)
    ? readdirSync(root, { recursive: true })
        .map(String)
        .filter((name) => statSync(join(root, name)).isFile())
        .sort()
    : []
if (check) {
  const fresh = files(out)
  const stale = [...new Set([...fresh, ...files('dist')])].filter(
    (name) =>
      !fresh.includes(name) ||
      !existsSync(join('dist', name)) ||
      !readFileSync(join(out, name)).equals(readFileSync(join('dist', name))),
  )
  if (stale.length > 0) {
    console.error(
      `dist/ is not what src/ builds to (${stale.join(', ')}). Fix it with: npm run build`,
    )
    process.exitCode = 1
  } else console.log(`dist/ is what src/ builds to (${fresh.length} files).`)
} else {
  // Last, so that a failed build keeps the old bundle.
  rmSync('dist', { recursive: true, force: true })
  cpSync(out, 'dist', { recursive: true })
}
rmSync(out, { recursive: true, force: true })
