import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { load } from 'js-yaml'
import { failureReasons, InputError } from '../src/errors.ts'
import { findWorkspaceFiles } from '../src/job/workspaceFiles.ts'
import { clouds, commentModes, readInputs, workflowInputs } from '../src/job/inputs.ts'
import { inputDefaults } from '../src/job/inputReader.ts'
import { commands } from '../src/commands/commands.ts'
import { commandNames, results } from '../src/report.ts'

const standard = '.github/azure-monitor-private-link.yml'
const all = ['auto', ...commandNames]
const offered = `${all.slice(0, -1).join(', ')} or ${all.at(-1) ?? ''}`
let folder: string
let workspace: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'inputs-'))
  workspace = path.join(folder, 'workspace')
  put(standard)
  for (const name of Object.keys(process.env))
    if (name.startsWith('INPUT_')) Reflect.deleteProperty(process.env, name)
})
afterEach(() => rmSync(folder, { recursive: true }))

function put(file: string, base = workspace): void {
  mkdirSync(path.dirname(path.join(base, file)), { recursive: true })
  writeFileSync(path.join(base, file), 'version: 1\n')
}

function read(inputs: Readonly<Record<string, string>> = {}) {
  for (const [name, value] of Object.entries(inputs))
    process.env[`INPUT_${name.toUpperCase()}`] = value
  return readInputs(commands, workflowInputs(workspace))
}

function problemsOf(inputs: Readonly<Record<string, string>>): string[] {
  try {
    read(inputs)
  } catch (error) {
    if (error instanceof InputError && error.reason === 'invalid-input')
      return error.message.split('\n')
    throw error
  }
  return []
}

describe('valid inputs', () => {
  it('nothing: the defaults of the contract', () => {
    expect(read()).toEqual({
      command: 'auto',
      topologyFiles: [standard],
      cloud: 'AzureCloud',
      githubToken: '',
      comment: 'always',
      egressFiles: [],
      requireReviewedPlan: true,
      maxDeletes: 10,
      maxReplacements: 20,
      failOnDrift: true,
      waitTimeoutMinutes: 30,
      maxConcurrency: 8,
      checkNetwork: true,
      verifyWindowMinutes: 15,
      verifyWaitMinutes: 0,
      failOnSilent: true,
    })
  })

  it('empty texts: the same', () => {
    const defaults = read()
    expect(read(Object.fromEntries(Object.keys(inputDefaults).map((name) => [name, ''])))).toEqual(
      defaults,
    )
  })

  it('one target for explain, which other commands ignore', () => {
    expect(read({ command: 'explain', target: ' rg-app/vm-01 ' }).target).toBe('rg-app/vm-01')
    expect(read({ command: 'plan', target: 'a\nb' }).target).toBeUndefined()
    expect(problemsOf({ command: 'explain', target: '' })[0]).toMatch(/^target: missing/)
    expect(problemsOf({ command: 'explain', target: 'a\nb' })[0]).toMatch(/but 2 are given/)
  })

  it('a DNS server, and lists of host names, for check-network', () => {
    const inputs = { 'dns-server': ' 10.0.0.4:53 ', 'egress-json': 'a.json\n /tmp/b.json ' }
    expect(
      read({ ...inputs, command: 'check-network', 'topology-file': 'none.yml' }),
    ).toMatchObject({
      dnsServer: '10.0.0.4:53',
      topologyFiles: ['a.json', '/tmp/b.json'],
      egressFiles: ['a.json', '/tmp/b.json'],
    })
    expect(read({ ...inputs, command: 'plan', 'topology-file': standard })).toMatchObject({
      topologyFiles: [standard],
      egressFiles: [],
    })
    expect(problemsOf({ 'dns-server': 'dns.example.com' })).toEqual([
      'dns-server: "dns.example.com" is not the address of a DNS server, with or without a port: 10.0.0.4, 10.0.0.4:5353 or [fd00::4]:53.',
    ])
  })

  it('everything', () => {
    expect(
      read({
        command: 'apply',
        'topology-file': standard,
        'client-id': '11111111-1111-1111-1111-111111111111',
        'tenant-id': 'contoso.onmicrosoft.com',
        cloud: 'https://management.local.azurestack.external/',
        'github-token': 'ghs_1',
        comment: 'on-change',
        'require-reviewed-plan': 'false',
        'max-deletes': '0',
        'max-replacements': '0',
        'fail-on-drift': 'false',
        'wait-timeout-minutes': '1',
        'max-concurrency': '1',
        'check-network': 'false',
        'verify-window-minutes': '60',
        'verify-wait-minutes': '15',
        'fail-on-silent': 'false',
      }),
    ).toEqual({
      command: 'apply',
      topologyFiles: [standard],
      identity: {
        clientId: '11111111-1111-1111-1111-111111111111',
        tenantId: 'contoso.onmicrosoft.com',
      },
      cloud: 'https://management.local.azurestack.external',
      githubToken: 'ghs_1',
      comment: 'on-change',
      requireReviewedPlan: false,
      maxDeletes: 0,
      maxReplacements: 0,
      failOnDrift: false,
      waitTimeoutMinutes: 1,
      maxConcurrency: 1,
      checkNetwork: false,
      verifyWindowMinutes: 60,
      verifyWaitMinutes: 15,
      failOnSilent: false,
      egressFiles: [],
    })
  })

  it('a cloud in the case that azure/login writes it', () => {
    expect(read({ cloud: 'azureusgovernment' }).cloud).toBe('AzureUSGovernment')
  })
})

describe('invalid inputs', () => {
  it.each([
    ['command', 'destroy', `"destroy" is not one of ${offered}.`],
    ['command', 'Plan', `"Plan" is not one of ${offered}.`],
    ['comment', 'sometimes', '"sometimes" is not one of always, on-change or never.'],
    ['require-reviewed-plan', 'no', '"no" is not one of true or false.'],
    ['require-reviewed-plan', 'False', '"False" is not one of true or false.'],
    ['fail-on-drift', '0', '"0" is not one of true or false.'],
    ['max-deletes', '-1', '"-1" is not a whole number of 0 or more.'],
    ['max-deletes', '1.5', '"1.5" is not a whole number of 0 or more.'],
    ['max-deletes', '1e3', '"1e3" is not a whole number of 0 or more.'],
    ['max-replacements', 'many', '"many" is not a whole number of 0 or more.'],
    ['max-replacements', '9'.repeat(20), `"${'9'.repeat(20)}" is not a whole number of 0 or more.`],
    ['wait-timeout-minutes', '0', '"0" is not a whole number from 1 to 7200.'],
    ['wait-timeout-minutes', '7201', '"7201" is not a whole number from 1 to 7200.'],
    ['max-concurrency', '0', '"0" is not a whole number of 1 or more.'],
    ['check-network', 'yes', '"yes" is not one of true or false.'],
    ['verify-window-minutes', '0', '"0" is not a whole number from 1 to 1440.'],
    ['verify-window-minutes', '1441', '"1441" is not a whole number from 1 to 1440.'],
    ['verify-wait-minutes', '-1', '"-1" is not a whole number from 0 to 7200.'],
    ['fail-on-silent', 'yes', '"yes" is not one of true or false.'],
    [
      'cloud',
      'AzureGermanCloud',
      '"AzureGermanCloud" is not a cloud; use AzureCloud, AzureUSGovernment, AzureChinaCloud or the https:// URL of a Resource Manager.',
    ],
    [
      'cloud',
      'http://arm.local',
      '"http://arm.local" is not a cloud; use AzureCloud, AzureUSGovernment, AzureChinaCloud or the https:// URL of a Resource Manager.',
    ],
    [
      'cloud',
      'https://user:pw@arm.local',
      '"https://user:pw@arm.local" is not a cloud; use AzureCloud, AzureUSGovernment, AzureChinaCloud or the https:// URL of a Resource Manager.',
    ],
    [
      'cloud',
      'https://arm.local/?x=1',
      '"https://arm.local/?x=1" is not a cloud; use AzureCloud, AzureUSGovernment, AzureChinaCloud or the https:// URL of a Resource Manager.',
    ],
    [
      'topology-file',
      'none.yml',
      'none.yml does not exist in the workspace; check out the repository in an earlier step.',
    ],
  ])('%s: %s', (name, value, problem) => {
    expect(problemsOf({ [name]: value })).toEqual([`${name}: ${problem}`])
  })

  it('one half of the identity', () => {
    expect(problemsOf({ 'client-id': 'a' })).toEqual([
      'tenant-id: missing, although client-id is set; set both or neither.',
    ])
  })

  it('the other half', () => {
    expect(problemsOf({ 'tenant-id': 'a' })).toEqual([
      'client-id: missing, although tenant-id is set; set both or neither.',
    ])
  })

  it('an identity that would change a URL', () => {
    expect(problemsOf({ 'client-id': 'a', 'tenant-id': 'b/../c' })).toEqual([
      'tenant-id: "b/../c" is not a Microsoft Entra id.',
    ])
  })

  it('all problems at once', () => {
    expect(
      problemsOf({ command: 'x', comment: 'x', 'fail-on-drift': 'x', 'topology-file': 'a*\nb*' }),
    ).toEqual([
      `command: "x" is not one of ${offered}.`,
      'topology-file: a* matches no file of the workspace.',
      'topology-file: b* matches no file of the workspace.',
      'comment: "x" is not one of always, on-change or never.',
      'fail-on-drift: "x" is not one of true or false.',
    ])
  })
})

describe('topology-file', () => {
  beforeEach(() => {
    for (const file of ['a/b/c.yml', 'a/b.yml', 'a/x.yaml', 'z.yml', '.git/config.yml', 'q[1].yml'])
      put(file)
    put('outside.yml', folder)
    put('workspace-next/y.yml', folder)
  })

  it.each([
    ['a path', ['z.yml'], ['z.yml']],
    ['a path with dots', ['./a/../z.yml'], ['z.yml']],
    ['several, in order and once', ['z.yml', 'a/b.yml', './z.yml'], ['a/b.yml', 'z.yml']],
    ['a star in a folder', ['a/*.yml'], ['a/b.yml']],
    ['a star for the folder', ['*/b.yml'], ['a/b.yml']],
    ['a star and dots', ['*/azure*.yml'], [standard]],
    ['two stars', ['**/*.yml'], [standard, 'a/b.yml', 'a/b/c.yml', 'q[1].yml', 'z.yml']],
    ['two stars below a folder', ['a/**/*.yml'], ['a/b.yml', 'a/b/c.yml']],
    ['two stars at the end', ['a/**'], ['a/b.yml', 'a/b/c.yml', 'a/x.yaml']],
    ['two stars twice', ['**/b/**/c.yml'], ['a/b/c.yml']],
    ['a question mark', ['a/?.yml'], ['a/b.yml']],
    ['question marks', ['a/x.y??l'], ['a/x.yaml']],
    ['brackets, which mean nothing', ['q[1].yml'], ['q[1].yml']],
    ['brackets beside a star', ['q[*.yml'], ['q[1].yml']],
  ])('%s', (_, patterns, files) => {
    expect(findWorkspaceFiles(patterns, workspace)).toEqual({ files, problems: [] })
  })

  it('no pattern takes long, and more than fifty files are refused with a remedy', () => {
    put(`${'a'.repeat(120)}.yml`)
    const stars = findWorkspaceFiles(
      [`${'*a'.repeat(30)}*b`, `${'**/'.repeat(12)}z.yml`],
      workspace,
    )
    expect(stars.problems).toHaveLength(1)
    for (let n = 0; n < 51; n++) put(`many/${n}.yml`)
    const [problem] = problemsOf({ 'topology-file': 'many/*.yml' })
    expect(problem).toContain('51 files are given')
    expect(problem).toContain('matrix')
  })

  it('an absolute path inside the workspace', () => {
    expect(findWorkspaceFiles([`${workspace}/a/*.yml`], workspace).files).toEqual(['a/b.yml'])
  })

  it.each([
    ['a path outside', '../outside.yml', '../outside.yml is outside the workspace'],
    [
      'a way out in the middle',
      'a/../../outside.yml',
      'a/../../outside.yml is outside the workspace',
    ],
    [
      'a way out behind a glob',
      '*/../../outside.yml',
      '*/../../outside.yml is outside the workspace',
    ],
    ['an absolute path', '/etc/passwd', '/etc/passwd is outside the workspace'],
    ['a folder', 'a', 'a is a folder, not a file'],
    ['the workspace itself', '.', '. is a folder, not a file'],
    ['a glob without a match', 'b/*.yml', 'b/*.yml matches no file of the workspace'],
    ['a glob that only folders match', '?', '? matches no file of the workspace'],
    ['the folder of git', '.git/*.yml', '.git/*.yml matches no file of the workspace'],
    ['a null character', 'a\0b', 'a\0b is outside the workspace'],
  ])('%s is a problem', (_, pattern, problem) => {
    expect(findWorkspaceFiles([pattern], workspace)).toEqual({ files: [], problems: [problem] })
  })

  it('a folder next to the workspace whose name begins with the same text is outside', () => {
    const pattern = `${workspace}-next/y.yml`
    expect(findWorkspaceFiles([pattern], workspace).problems).toEqual([
      `${pattern} is outside the workspace`,
    ])
  })

  it.each(['link.yml', 'l*.yml'])('a link to a file outside is a problem: %s', (pattern) => {
    symlinkSync(path.join(folder, 'outside.yml'), path.join(workspace, 'link.yml'))
    expect(findWorkspaceFiles([pattern], workspace)).toEqual({
      files: [],
      problems: ['link.yml leads outside the workspace'],
    })
  })

  it('a link into .git is a problem, because checkouts keep their token there', () => {
    put('.git/config')
    symlinkSync('.git/config', path.join(workspace, 'config.yml'))
    expect(findWorkspaceFiles(['config.yml'], workspace)).toEqual({
      files: [],
      problems: ['config.yml is inside .git'],
    })
    expect(findWorkspaceFiles(['.git/config'], workspace).files).toEqual([])
  })

  it.each(['away/y.yml', '*/y.yml'])('a link to a folder outside is a problem: %s', (pattern) => {
    symlinkSync(path.join(folder, 'workspace-next'), path.join(workspace, 'away'))
    expect(findWorkspaceFiles([pattern], workspace)).toEqual({
      files: [],
      problems: ['away/y.yml leads outside the workspace'],
    })
  })

  it('a link within the workspace is one file with what it points to', () => {
    symlinkSync(path.join(workspace, 'z.yml'), path.join(workspace, 'a/first.yml'))
    expect(findWorkspaceFiles(['z.yml', 'a/first.yml'], workspace).files).toEqual(['a/first.yml'])
  })

  it('circular links end', () => {
    symlinkSync(workspace, path.join(workspace, 'a/circle'))
    expect(findWorkspaceFiles(['**/z.yml'], workspace).files).toEqual(['z.yml'])
  })

  it('a workspace reached through a link is inside itself', () => {
    const link = path.join(folder, 'link')
    symlinkSync(workspace, link)
    expect(findWorkspaceFiles([`${link}/z.yml`, 'a/b.yml'], link)).toEqual({
      files: ['a/b.yml', 'z.yml'],
      problems: [],
    })
  })

  it('a missing workspace is a problem', () => {
    const missing = path.join(folder, 'missing')
    expect(findWorkspaceFiles(['a'], missing).problems).toEqual([
      `there is no workspace at ${missing}`,
    ])
  })
})

describe('action.yml matches the code', () => {
  const action = load(readFileSync(path.join(import.meta.dirname, '../action.yml'), 'utf8')) as {
    description: string
    inputs: Record<string, { description: string; default?: string; required: boolean }>
    outputs: Record<string, { description: string }>
    runs: object
  }

  it('runs the bundle on node 24', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' })
    expect(action.description.length).toBeLessThan(125)
  })

  it('in its inputs and their defaults', () => {
    const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default])
    const expected = {
      command: inputDefaults.command,
      'topology-file': inputDefaults['topology-file'],
      'client-id': undefined,
      'tenant-id': undefined,
      cloud: inputDefaults.cloud,
      'github-token': '${{ github.token }}',
      comment: inputDefaults.comment,
      'require-reviewed-plan': inputDefaults['require-reviewed-plan'],
      'max-deletes': inputDefaults['max-deletes'],
      'max-replacements': inputDefaults['max-replacements'],
      'fail-on-drift': inputDefaults['fail-on-drift'],
      'wait-timeout-minutes': inputDefaults['wait-timeout-minutes'],
      'max-concurrency': inputDefaults['max-concurrency'],
      'check-network': inputDefaults['check-network'],
      'verify-window-minutes': inputDefaults['verify-window-minutes'],
      'verify-wait-minutes': inputDefaults['verify-wait-minutes'],
      'fail-on-silent': inputDefaults['fail-on-silent'],
      scope: undefined,
      name: undefined,
      target: undefined,
      'dns-server': undefined,
      'egress-json': undefined,
    }
    expect(defaults).toEqual(Object.entries(expected))
    expect(Object.values(action.inputs).every(({ required }) => !required)).toBe(true)
  })

  it.each([
    ['command', ['auto', ...commandNames]],
    ['cloud', clouds],
    ['comment', commentModes],
  ])('in the values of %s', (name, values) => {
    for (const value of values) expect(action.inputs[name]?.description).toContain(`\`${value}\``)
  })

  it.each([
    ['result', results],
    ['failure-reason', failureReasons],
  ])('in the values of %s', (name, values) => {
    for (const value of values) expect(action.outputs[name]?.description).toContain(`\`${value}\``)
  })

  it('with a description of each', () => {
    for (const { description } of [
      ...Object.values(action.inputs),
      ...Object.values(action.outputs),
    ])
      expect(description).toMatch(/^[A-Z`].{20,}\.$/s)
  })
})
