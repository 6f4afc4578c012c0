import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

const root = path.join(import.meta.dirname, '..')
const script = path.join(root, 'examples/setup.sh')
const [first, second] = [
  '11111111-1111-1111-1111-111111111111',
  '22222222-2222-2222-2222-222222222222',
]

interface State {
  readonly apps: Readonly<Record<string, string>>
  readonly credentials: Readonly<Record<string, readonly { readonly subject: string }[]>>
  readonly roles: Readonly<Record<string, { readonly AssignableScopes: readonly string[] }>>
  readonly assignments: readonly string[]
  readonly environments: Readonly<Record<string, readonly string[]>>
  readonly variables: Readonly<Record<string, string>>
  readonly changes: readonly (readonly string[])[]
}

/** Runs the script against stubs of az and gh that record what was created. */
describe('examples/setup.sh', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'ampl-setup-'))
    for (const name of ['az', 'gh']) {
      copyFileSync(path.join(root, '__tests__/setup/stub.mjs'), path.join(folder, name))
      chmodSync(path.join(folder, name), 0o755)
    }
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const run = (args: readonly string[], input = '', env: Readonly<Record<string, string>> = {}) => {
    const { status, stdout, stderr } = spawnSync('bash', [script, ...args], {
      encoding: 'utf8',
      input,
      env: {
        ...process.env,
        PATH: `${folder}:${process.env['PATH'] ?? ''}`,
        STUB_STATE: path.join(folder, 'state.json'),
        SETUP_PAUSE: '0',
        ...env,
      },
    })
    return { status, stdout, stderr }
  }
  const state = () => JSON.parse(readFileSync(path.join(folder, 'state.json'), 'utf8')) as State
  const usual = ['--repository', 'octo-org/platform', '--subscription', first]

  it('shows every command, asks, and changes nothing without confirmation', () => {
    const { status, stdout } = run(usual, 'n\n')
    expect([status, stdout.trimEnd().split('\n').at(-1)]).toEqual([
      1,
      'Run them? [y/N] Nothing was changed.',
    ])
    expect(stdout).toContain("az ad app create --display-name 'private-link platform plan'")
    expect(state().changes).toEqual([])
  })

  it('creates everything, and a second run has nothing to do', () => {
    const { status, stdout, stderr } = run(usual, 'y\n')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('Done.')
    const made = state()
    const [plan = '', apply = ''] = ['plan', 'apply'].map(
      (which) => made.apps[`private-link platform ${which}`],
    )
    const subjects = (id: string) => made.credentials[id]?.map(({ subject }) => subject)
    expect(subjects(plan)).toEqual([
      'repo:octo-org/platform:pull_request',
      'repo:octo-org/platform:ref:refs/heads/main',
    ])
    expect(subjects(apply)).toEqual(['repo:octo-org/platform:environment:production'])
    expect(made.assignments.map((one) => one.split('|')[1])).toEqual([
      'Reader',
      'Log Analytics Reader',
      'Monitoring Data Reader',
      'Reader',
      'Azure Monitor Private Link apply',
    ])
    expect(made.environments).toEqual({ production: ['main'] })
    expect(made.variables).toEqual({
      AZURE_TENANT_ID: '99999999-8888-4777-8666-555555555555',
      AZURE_PLAN_CLIENT_ID: plan,
      AZURE_APPLY_CLIENT_ID: apply,
    })
    const again = run(usual)
    expect([again.status, again.stdout.trimEnd().split('\n').at(-1)]).toEqual([
      0,
      'Everything exists; nothing to do.',
    ])
    expect(state().changes).toEqual(made.changes)
  })

  it('counts one missing command as one command', () => {
    run([...usual, '--yes'])
    const file = path.join(folder, 'state.json')
    const made = state()
    const variables = Object.fromEntries(
      Object.entries(made.variables).filter(([name]) => name !== 'AZURE_TENANT_ID'),
    )
    writeFileSync(file, JSON.stringify({ ...made, variables }))
    expect(run([...usual, '--only-show']).stdout).toContain('\n1 command would be run.\n')
  })

  it('uses the subject prefix from GitHub, and adds a subscription later', () => {
    const env = { STUB_PREFIX: 'repo:octo-org@123456/platform@456789' }
    run([...usual, '--yes'], '', env)
    const { status, stdout } = run([...usual, '--subscription', second, '--yes'], '', env)
    expect(status).toBe(0)
    expect(stdout).toContain('az role definition update')
    const { roles, assignments, credentials } = state()
    expect(roles['Azure Monitor Private Link apply']?.AssignableScopes).toEqual([
      `/subscriptions/${first}`,
      `/subscriptions/${second}`,
    ])
    expect(assignments.filter((one) => one.endsWith(second))).toHaveLength(5)
    expect(JSON.stringify(credentials)).toContain(
      'repo:octo-org@123456/platform@456789:environment:production',
    )
  })

  it('stops at a failure, and a second run continues from there', () => {
    const failed = run([...usual, '--yes'], '', { STUB_FAIL: 'role assignment create' })
    expect(failed.status).not.toBe(0)
    expect(failed.stderr).toContain('Insufficient privileges')
    expect(run([...usual, '--yes']).status).toBe(0)
    expect(Object.keys(state().apps)).toHaveLength(2)
  })

  it.each([
    [[], 'give --repository OWNER/NAME.'],
    [['--repository', 'octo-org/platform'], 'give --subscription ID'],
    [['--repository', 'octo-org/platform', '--subscription', 'mine'], 'is not a subscription id'],
    [['--repository', 'a b/c', '--subscription', first], 'give --repository OWNER/NAME.'],
    [[...usual, '--name', "x' or '1"], 'use letters, digits'],
    [['--nonsense'], 'there is no option --nonsense'],
    [['--repository'], '--repository needs a value.'],
  ])('reports what is wrong with %j', (args, said) => {
    const { status, stderr } = run(args)
    expect([status, stderr.includes(said)]).toEqual([1, true])
  })

  it('has the role of docs/permissions.md', () => {
    const page = readFileSync(path.join(root, 'docs/permissions.md'), 'utf8')
    const shown = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
    const file = readFileSync(path.join(root, 'examples/apply-role.json'), 'utf8')
    expect(JSON.parse(file)).toEqual(JSON.parse(shown))
  })
})
