// Runs the tests: builds dist/ when it is missing or stale, then runs jest. `--update` rewrites golden
// files (read their diff before you accept it). All other arguments are passed on to jest. If the build
// fails, the tests still run, but the exit code is not 0.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isFresh } from './sources.mjs'

const args = process.argv.slice(2)
const update = args.includes('--update')
const rest = args.filter((arg) => arg !== '--update')

let built = 0
if (!isFresh()) {
  console.log('dist/ is missing or stale: building it first.')
  built = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' }).status ?? 1
  if (built !== 0) console.error('\n!!! dist/ could not be built. Fix it with: npm run build\n')
}
const leftOut = [
  ...(existsSync('../shared') ? [] : ['the tests that compare with ../shared, which is missing']),
  ...(process.env.SLOW === '1' ? [] : ['the slow tier (SLOW=1 npm test)']),
]
if (leftOut.length > 0) console.log(`Skipped: ${leftOut.join('; ')}.`)
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
