import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Diagnostic } from '../src/diagnostics.ts'
import { createLog } from '../src/job/log.ts'
import { joinSummaries } from '../src/publish/stepSummary.ts'
import type { Action, Change, Plan } from '../src/plan/plan.ts'
import { publish, publishFailure } from '../src/publish/publish.ts'
import { type Publication } from '../src/publish/publication.ts'
import type { Report, ReportFacts, Result } from '../src/report.ts'

let folder: string
let printed: string[]
const saved = { ...process.env }
const write = process.stdout.write.bind(process.stdout)

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'publish-'))
  for (const [name, file] of [
    ['GITHUB_OUTPUT', 'output'],
    ['GITHUB_STEP_SUMMARY', 'summary.md'],
  ] as const) {
    process.env[name] = path.join(folder, file)
    writeFileSync(path.join(folder, file), '')
  }
  process.env.RUNNER_TEMP = path.join(folder, 'temp')
  mkdirSync(process.env.RUNNER_TEMP)
  printed = []
  process.stdout.write = (text: string | Uint8Array) => printed.push(String(text)) > 0
})
afterEach(() => {
  process.stdout.write = write
  process.exitCode = undefined
  for (const name of ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'RUNNER_TEMP'])
    if (saved[name] === undefined) Reflect.deleteProperty(process.env, name)
    else process.env[name] = saved[name]
  rmSync(folder, { recursive: true })
})

const associationOf = (n: number) => ({
  kind: 'association',
  id: `/x/${n}`,
  target: `/t/${n}`,
  endpointId: `/e/${n}`,
})

function planOf(name: string, actions: readonly Action[]): Plan {
  const changes = actions.map((action, n) => ({
    key: `${n}`,
    id: `/x/${n}`,
    kind: 'association',
    action,
    before: action === 'create' ? null : associationOf(n),
    after: action === 'delete' ? null : associationOf(n),
    rule: 'config-association',
    reason: 'because',
    dependsOn: [],
    digest: 'd',
  })) as unknown as readonly Change[]
  const fingerprint = `sha256:${name}`
  return { topology: name, fingerprint, changes, unchanged: 0, unmanaged: [], diagnostics: [] }
}

function reportOf(file: string, result: Result, more: Partial<ReportFacts> = {}): Report {
  const report = { file, command: 'plan', situation: 'planned', result, diagnostics: [], ...more }
  return report as Report
}

function publicationOf(report: Report, more: Partial<Publication> = {}): Publication {
  const rendered = {
    comment: 'comment',
    summary: `# ${report.file}`,
    planJson: `{"f":"${report.file}"}`,
  }
  return { report, rendered, ...more }
}

async function publishAll(publications: readonly Publication[], failOnDrift = true) {
  await publish(publications, { failOnDrift, failOnSilent: true, log: createLog() })
  return outputs()
}

/** Parses outputs as the runner does: `name<<delimiter`, value, delimiter. */
function outputs(): Record<string, string> {
  const text = readFileSync(path.join(folder, 'output'), 'utf8')
  const found = [...text.matchAll(/^(.+?)<<(ghadelimiter_.+)\n([\s\S]*?)\n?\2\n/gm)]
  return Object.fromEntries(found.map(([, name = '', , value = '']) => [name, value]))
}

const annotations = () =>
  printed
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('::'))
const summary = () => readFileSync(path.join(folder, 'summary.md'), 'utf8')

describe('the last line of the log', () => {
  const last = () => printed.join('').trimEnd().split('\n').at(-1)

  it("is the verdict: result, counts and the comment's URL", async () => {
    const plan = planOf('production', ['create', 'create', 'delete'])
    const report = reportOf('p.yml', 'changes', { plan, topology: 'production' })
    await publishAll([publicationOf(report, { commentUrl: 'https://github.com/c' })])
    expect(last()).toBe(
      'production: changes (2 to create, 0 to update, 0 to replace, 1 to delete). Comment: https://github.com/c',
    )
  })

  it('exists for each file, and cannot be a command', async () => {
    await publishAll([
      publicationOf(reportOf('a.yml', 'no-changes', {})),
      publicationOf(reportOf('b.yml', 'failed', { topology: '::error::x' })),
    ])
    expect(last()).not.toMatch(/^::/)
    expect(printed.join('')).toContain('a.yml: no-changes.\n')
  })

  it('follows an error that says what differs, if drift fails the step', async () => {
    const plan = planOf('production', ['create', 'delete'])
    const report = reportOf('p.yml', 'drift', { plan, topology: 'production' })
    const publication = publicationOf(report, { issueUrl: 'https://github.com/i/7' })
    await publishAll([publication])
    const [error] = annotations().filter((line) => line.startsWith('::error'))
    expect(error).toContain('Azure differs from production in 2 places')
    expect(error).toContain('See https://github.com/i/7')
    expect(last()).toMatch(/^production: drift .* Issue: https:\/\/github\.com\/i\/7$/)
    printed.length = 0
    await publishAll([publication], false)
    expect(annotations()).toEqual([])
  })
})

describe('outputs', () => {
  it('of one plan', async () => {
    const plan = planOf('production', ['create', 'create', 'update', 'replace', 'delete'])
    const report = reportOf('.github/p.yml', 'changes', { plan, topology: 'production' })
    const rendered = { comment: 'c', summary: '# Plan', planJson: '{}', egressJson: '{"e":1}' }
    const found = await publishAll([{ report, rendered, commentUrl: 'https://github.com/c' }])
    expect(found).toEqual({
      result: 'changes',
      'failure-reason': '',
      'has-changes': 'true',
      'to-create': '2',
      'to-update': '1',
      'to-replace': '1',
      'to-delete': '1',
      fingerprint: 'sha256:production',
      'plan-json': expect.stringMatching(
        /^.+\/temp\/private-link-[^/]+\/p-[0-9a-f]{8}\.plan\.json$/,
      ),
      'plan-markdown': expect.stringMatching(/\/p-[0-9a-f]{8}\.plan\.md$/),
      'comment-url': 'https://github.com/c',
      'egress-fqdns': expect.stringMatching(/\/p-[0-9a-f]{8}\.egress\.json$/),
      'verify-json': '',
      'imported-file': '',
      'network-json': '',
      'explain-json': '',
    })
    expect(readFileSync(found['plan-json'] ?? '', 'utf8')).toBe('{}')
    expect(readFileSync(found['plan-markdown'] ?? '', 'utf8')).toBe('# Plan')
    expect(readFileSync(found['egress-fqdns'] ?? '', 'utf8')).toBe('{"e":1}')
    expect(summary()).toBe('# Plan\n\n')
    expect(process.exitCode).toBeUndefined()
  })

  it('of several files: sums, and one value per line', async () => {
    const found = await publishAll([
      publicationOf(reportOf('a/p.yml', 'changes', { plan: planOf('a', ['create']) })),
      publicationOf(reportOf('b/p.yml', 'changes', { plan: planOf('b', ['create', 'delete']) })),
    ])
    expect(found).toMatchObject({
      'to-create': '2',
      'to-delete': '1',
      fingerprint: 'sha256:a\nsha256:b',
    })
    const paths = (found['plan-json'] ?? '').split('\n')
    expect(paths.map((file) => readFileSync(file, 'utf8'))).toEqual([
      '{"f":"a/p.yml"}',
      '{"f":"b/p.yml"}',
    ])
    expect(new Set(paths).size).toBe(2)
    expect(summary()).toBe('# a/p.yml\n\n# b/p.yml\n\n')
  })

  it('without a plan', async () => {
    const rendered = { comment: '', summary: '', planJson: '' }
    const failure = { reason: 'invalid-topology', message: 'Bad.', remedy: 'Mend.' } as const
    const found = await publishAll([
      publicationOf(reportOf('p.yml', 'failed', { failure }), { rendered }),
    ])
    expect(found).toMatchObject({
      result: 'failed',
      'failure-reason': 'invalid-topology',
      'has-changes': 'false',
      'to-create': '0',
      fingerprint: '',
      'plan-json': '',
    })
  })

  it('with line breaks stay one output', async () => {
    const report = reportOf('p.yml', 'changes')
    const found = await publishAll([publicationOf(report, { commentUrl: 'x\nresult=forged' })])
    expect(found).toMatchObject({ result: 'changes', 'comment-url': 'x\nresult=forged' })
  })

  it('of a run that failed before its report', async () => {
    const message = 'max-deletes: "x" is not a number.\ncomment: <b>&</b>.'
    const failure = { reason: 'invalid-input', message, remedy: 'Correct them.' } as const
    await publishFailure(failure, createLog())
    expect(outputs()).toEqual({
      result: 'failed',
      'failure-reason': 'invalid-input',
      'has-changes': 'false',
      'to-create': '0',
      'to-update': '0',
      'to-replace': '0',
      'to-delete': '0',
      fingerprint: '',
      'plan-json': '',
      'plan-markdown': '',
      'comment-url': '',
      'egress-fqdns': '',
      'verify-json': '',
      'imported-file': '',
      'network-json': '',
      'explain-json': '',
    })
    expect(annotations()).toEqual([
      '::error title=Azure Monitor Private Link%3A invalid-input::max-deletes: "x" is not a number.%0Acomment: <b>&</b>.%0ACorrect them.',
    ])
    expect(summary()).toBe(
      '## Azure Monitor Private Link failed\n\n<pre>\nmax-deletes: "x" is not a number.\ncomment: &lt;b>&amp;&lt;/b>.\nCorrect them.\n</pre>\n\n',
    )
    expect(process.exitCode).toBe(1)
  })
})

describe('the result of several and the exit code', () => {
  it.each<[Result[], boolean, Result, number | undefined]>([
    [['no-changes', 'changes'], true, 'changes', undefined],
    [['clean'], true, 'clean', undefined],
    [['applied', 'no-changes'], true, 'applied', undefined],
    [['validated', 'no-changes'], true, 'validated', undefined],
    [['clean', 'drift'], true, 'drift', 1],
    [['clean', 'drift'], false, 'drift', undefined],
    [['partial', 'drift'], false, 'partial', 1],
    [['partial', 'failed', 'applied'], true, 'failed', 1],
    [[], true, 'no-changes', undefined],
  ])('%j with fail-on-drift %s', async (all, failOnDrift, result, exitCode) => {
    const reports = all.map((one, n) => publicationOf(reportOf(`${n}.yml`, one)))
    expect(await publishAll(reports, failOnDrift)).toMatchObject({ result })
    expect(process.exitCode).toBe(exitCode)
  })

  it('the reason is the one of the worst result', async () => {
    const failure = (reason: 'partial-apply' | 'blocked') => ({
      failure: { reason, message: 'M.', remedy: 'R.' },
    })
    const found = await publishAll([
      publicationOf(reportOf('a.yml', 'partial', failure('partial-apply'))),
      publicationOf(reportOf('b.yml', 'failed', failure('blocked'))),
    ])
    expect(found).toMatchObject({ result: 'failed', 'failure-reason': 'blocked' })
  })
})

describe('annotations', () => {
  const diagnostic = (more: Partial<Diagnostic> = {}): Diagnostic => ({
    severity: 'error',
    code: 'unknown-resource',
    message: 'There is no vm-01.',
    remedy: 'Correct the name.',
    ...more,
  })

  it('are on their line, worst first', async () => {
    const diagnostics = [
      diagnostic({ severity: 'notice', code: 'duration' }),
      diagnostic({ severity: 'warning', code: 'agent-missing', file: 'p.yml', line: 9 }),
      diagnostic({ file: 'p.yml', line: 12, column: 5 }),
    ]
    await publishAll([publicationOf(reportOf('p.yml', 'changes', { diagnostics }))])
    expect(annotations()).toEqual([
      '::error title=Azure Monitor Private Link%3A unknown-resource,file=p.yml,line=12,col=5::There is no vm-01.%0ACorrect the name.',
      '::warning title=Azure Monitor Private Link%3A agent-missing,file=p.yml,line=9::There is no vm-01.%0ACorrect the name.',
      '::notice title=Azure Monitor Private Link%3A duration,file=p.yml::There is no vm-01.%0ACorrect the name.',
    ])
  })

  it('are at most ten of a kind, the last of which says how many more there are', async () => {
    const many = (count: number, severity: Diagnostic['severity']) =>
      Array.from({ length: count }, (_, n) => diagnostic({ severity, line: n + 1 }))
    const diagnostics = [...many(25, 'error'), ...many(10, 'warning'), ...many(11, 'notice')]
    await publishAll([publicationOf(reportOf('p.yml', 'failed', { diagnostics }))])
    const of = (kind: string) => annotations().filter((line) => line.startsWith(`::${kind} `))
    expect([of('error').length, of('warning').length, of('notice').length]).toEqual([10, 10, 10])
    expect(of('error').at(-1)).toBe(
      '::error title=Azure Monitor Private Link::16 more are in the step summary.',
    )
    expect(of('warning').at(-1)).toContain('line=10')
    expect(of('notice').at(-1)).toContain('2 more are in')
  })

  it('include a failure without a diagnostic', async () => {
    const failure = { reason: 'azure-error', message: 'Azure said no.', remedy: 'Ask it.' } as const
    await publishAll([publicationOf(reportOf('p.yml', 'failed', { failure }))])
    expect(annotations()).toEqual([
      '::error title=Azure Monitor Private Link%3A azure-error,file=p.yml::Azure said no.%0AAsk it.',
    ])
  })

  it('do not say twice that a plan is blocked', async () => {
    const failure = { reason: 'blocked', message: 'Blocked.', remedy: 'Mend it.' } as const
    const diagnostics = [diagnostic()]
    await publishAll([publicationOf(reportOf('p.yml', 'failed', { failure, diagnostics }))])
    expect(annotations()).toHaveLength(1)
  })

  it('cannot forge a command', async () => {
    const hostile = 'x\r\n::add-mask::a\u2028##[error]b \u001b[31m%0A::set-output name=y::z'
    const diagnostics = [
      diagnostic({ message: hostile, remedy: hostile, file: `${hostile},line=1` }),
    ]
    await publishAll([publicationOf(reportOf(hostile, 'failed', { diagnostics }))])
    const lines = printed
      .join('')
      .split(/\r?\n/)
      .filter((line) => line !== '')
    expect(lines).toEqual([
      '::error title=Azure Monitor Private Link%3A unknown-resource,file=x%0A%3A %3Aadd-mask%3A %3Aa%0A## [error]b %250A%3A %3Aset-output name=y%3A %3Az%2Cline=1::x%0A: :add-mask: :a%0A## [error]b %250A: :set-output name=y: :z%0Ax%0A: :add-mask: :a%0A## [error]b %250A: :set-output name=y: :z',
      'x : :add-mask: :a ## [error]b [U+001B][31m%0A: :set-output name=y: :z: failed (1 error).',
    ])
  })
})

describe('the step summary', () => {
  const long = (count: number) =>
    `<details>\n\n\`\`\`text\n${'ä'.repeat(39)}\n`.concat(`${'ä'.repeat(49)}\n`.repeat(count))

  it('is cut at the end of a line, with open markup closed', () => {
    const text = joinSummaries([long(100)], 1000)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1000)
    expect(Buffer.byteLength(text)).toBeGreaterThan(700)
    expect(text).toMatch(
      /^<details>\n\n```text\nä{39}\n(ä{49}\n)+```\n<\/details>\n\n> The summary is too long for GitHub; the file named by the output `plan-markdown` has all of it\.\n\n$/,
    )
  })

  it('gives unused room to the following parts', () => {
    const last = 'x'.repeat(1000)
    const text = joinSummaries(['short', long(100), last], 3000)
    expect(text.startsWith('short\n\n<details>')).toBe(true)
    expect(text.endsWith(`\n\n${last}\n\n`)).toBe(true)
    expect(Buffer.byteLength(text)).toBeGreaterThan(2000)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(3000)
  })

  it('is complete when it fits to the byte', () => {
    expect(joinSummaries(['12345678'], 10)).toBe('12345678\n\n')
  })

  it('is at most 1 MiB in the file', async () => {
    const rendered = { comment: '', summary: long(20_000), planJson: '' }
    await publishAll([publicationOf(reportOf('p.yml', 'changes'), { rendered })])
    expect(Buffer.byteLength(summary())).toBeLessThanOrEqual(1024 * 1024)
    expect(Buffer.byteLength(summary())).toBeGreaterThan(1_040_000)
  })
})

describe('if something cannot be written', () => {
  it('the run goes on with a warning', async () => {
    process.env.RUNNER_TEMP = path.join(folder, 'missing')
    process.env.GITHUB_STEP_SUMMARY = folder
    const found = await publishAll([publicationOf(reportOf('p.yml', 'no-changes'))])
    expect(found).toMatchObject({ result: 'no-changes', 'plan-json': '' })
    expect(printed.join('')).toMatch(
      /^::warning title=Azure Monitor Private Link::The plan could not be written to files: .*\n::warning title=Azure Monitor Private Link::The step summary could not be written: .*\np\.yml: no-changes\.\n$/,
    )
    expect(existsSync(path.join(folder, 'missing'))).toBe(false)
  })
})
