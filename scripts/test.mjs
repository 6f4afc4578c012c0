// Runs the tests: builds dist/ when it is missing or older than src/, then jest. `--update` rewrites
// golden files (read their diff before you accept it). Everything else is handed on to jest. A build
// that fails doesn't keep the tests from running; the whole then fails.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const args = process.argv.slice(2)
const update = args.includes('--update')
const rest = args.filter((arg) => arg !== '--update')

const newest = (folder) =>
  Math.max(
    ...readdirSync(folder, { recursive: true }).map(
      (name) => statSync(join(folder, String(name))).mtimeMs,
    ),
  )
const isStale = !existsSync('dist/index.js') || statSync('dist/index.js').mtimeMs < newest('src')
let built = 0
if (isStale) {
  console.log('dist/ is missing or older than src/: building it first.')
  built = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' }).status ?? 1
  if (built !== 0) console.error('\n!!! dist/ could not be built. Mend it with: npm run build\n')
}
if (!existsSync('../shared')) {
  console.warn(
    '\n!!! ../shared is not here: the tests that hold the project against it are SKIPPED.\n',
  )
}
if (process.env.SLOW !== '1') {
  console.warn(
    '\n!!! SKIPPED: what takes minutes or more tools (the kill points of every scenario, the Azure CLI, Mermaid). Run it with: SLOW=1 npm test\n',
  )
}
const jest = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings',
    join('node_modules', 'jest', 'bin', 'jest.js'),
    ...rest,
  ],
  {
    stdio: 'inherit',
    env: { ...process.env, ...(update ? { UPDATE_GOLDENS: '1' } : {}) },
  },
)
process.exit(jest.status === 0 ? built : (jest.status ?? 1))
