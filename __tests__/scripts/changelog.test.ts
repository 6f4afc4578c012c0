import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'

const script = path.resolve('scripts/changelog.mjs')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'changelog-'))
  git('init', '-q', '-b', 'main')
  commit({ 'src/a.ts': '1', 'CHANGELOG.md': '## [Unreleased]\n' })
  git('checkout', '-q', '-b', 'topic')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function git(...args: string[]): void {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'commit.gpgsign=false']
  execFileSync('git', [...who, ...args], { cwd: folder, stdio: 'ignore' })
}

function commit(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), text)
  }
  git('add', '-A')
  git('commit', '-q', '-m', 'x')
}

function run(...args: string[]) {
  const env = { ...process.env, GITHUB_BASE_REF: '' }
  return spawnSync(process.execPath, [script, ...args], { cwd: folder, env, encoding: 'utf8' })
}

test('a change of src/ without a line is refused, and says what to do', () => {
  commit({ 'src/a.ts': '2' })
  const { status, stderr } = run('main')
  expect(status).toBe(1)
  expect(stderr).toContain('Add one under [Unreleased]')
})

test('with a line it passes, and so does a change of something else', () => {
  commit({ 'docs/x.md': 'x' })
  expect(run('main').status).toBe(0)
  commit({ 'src/a.ts': '2', 'CHANGELOG.md': '## [Unreleased]\n\n- a\n' })
  expect(run('main').status).toBe(0)
})

test('later commits on main do not count for the branch', () => {
  commit({ 'docs/x.md': 'x' })
  git('checkout', '-q', 'main')
  commit({ 'src/a.ts': '3' })
  git('checkout', '-q', 'topic')
  expect(run('main').status).toBe(0)
})

test('without a base it says so and passes', () => {
  const { status, stdout } = run()
  expect(status).toBe(0)
  expect(stdout).toContain('no base')
})
