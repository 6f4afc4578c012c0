import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'

const suite = process.env['SLOW'] === '1' ? describe : describe.skip
const root = path.join(import.meta.dirname, '..')

/** Runs each bench in its smallest size, to show that it still works. The figures are not judged. */
const smallest: Readonly<Record<string, readonly string[]>> = {
  'apply.ts': ['--links', '0', '--targets', '0', '--writes', '24'],
  'memory.ts': ['--targets', '20', '--runs', '1'],
  'peers.ts': ['--targets', '20', '--machines', '24'],
  'planning.ts': ['--targets', '100', '--runs', '1'],
  'profile.ts': ['--targets', '20'],
  'requests.ts': ['--targets', '100', '--runs', '1', '--apply', '24'],
  'scale.ts': ['--targets', '24,100', '--subscriptions', '3'],
  'start.ts': ['--runs', '1'],
}

const names = readdirSync(path.join(root, 'bench')).filter((name) => name.endsWith('.ts'))

describe('every bench', () => {
  it('has a smallest size', () => {
    const runnable = names.filter((name) =>
      /^await main\(\)$/m.test(readFileSync(path.join(root, 'bench', name), 'utf8')),
    )
    expect(runnable.toSorted()).toEqual(Object.keys(smallest).toSorted())
  })
})

suite('the smallest size of', () => {
  it.each(Object.entries(smallest))('bench/%s is measured', (name, options) => {
    const tsx = path.join(root, 'node_modules/tsx/dist/cli.mjs')
    const { stdout, stderr, signal } = spawnSync(
      process.execPath,
      [tsx, path.join(root, 'bench', name), ...options],
      { encoding: 'utf8', cwd: root, timeout: 900_000 },
    )
    expect(signal).toBeNull()
    // A broken promise is reported on this stream; anything else there is a failure.
    const complaints = stderr
      .split('\n')
      .filter((line) => line !== '' && !/ is more than /.test(line))
    expect(complaints).toEqual([])
    expect(stdout.split('\n').filter((line) => line.startsWith('| ')).length).toBeGreaterThan(2)
  })
})
