import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { estate, topology, topologyFile } from '../../simulator/demo/estate.ts'
import { expandEstate } from '../../simulator/estate.ts'
import { type Call, call, type CallResult, startCall } from '../../simulator/job/commandLine.ts'
import { type Simulator, startSimulator } from '../../simulator/simulator.ts'
import { commands } from '../../src/commands/commands.ts'
import { offeredCommands } from '../../src/terminal/offered.ts'
import { inputOptions, withoutMeaning } from '../../src/terminal/options.ts'
import { load } from 'js-yaml'
import { makeGate } from '../support/gate.ts'
import { runtime } from '../support/play.ts'

/** Runs the built bundle with arguments, as a separate process (contract section 12). */

let azure: Simulator
beforeAll(async () => {
  azure = await startSimulator({ estate: expandEstate(estate) })
})
afterAll(async () => azure.close())

const gate = makeGate(2)
const files = { [topologyFile]: topology }
const broken = topology
  .replace('metrics: metrics-weu', 'metrics: metrics-wue')
  .replace('accessModes', 'acessModes')

/** Calls the command line, and checks what must hold for every call. */
async function run(what: Call, simulator: Simulator | undefined = azure): Promise<CallResult> {
  const result = await gate(() => call(simulator, { files, ...what }, runtime))
  for (const line of `${result.stdout}\n${result.stderr}`.split(/\r?\n/)) {
    expect(line.trimStart().startsWith('::')).toBe(false)
    expect(line).not.toContain('##[')
  }
  if (what.env?.['FORCE_COLOR'] === undefined) expect(result.stdout).not.toContain('\u001b')
  expect(result.stderr).not.toMatch(/\u001b|Warning: |\n\s+at /)
  expect(result.stdout + result.stderr).not.toContain('the-secret-of-the-command-line')
  return result
}

/** Creates a fake Azure CLI in its own folder; the SDK starts it from the root folder. */
function putAz(script: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'az-'))
  writeFileSync(path.join(folder, 'az'), script, { mode: 0o755 })
  folders.push(folder)
  return folder
}
const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

const writes = () =>
  azure.azure.requests.filter(({ method, host }) => host === 'arm' && !/GET|POST/.test(method))

describe('plan', () => {
  test('prints only the report in a pipe, and needs no GitHub', async () => {
    const { exitCode, stdout, stderr } = await run({ args: ['plan'] })
    expect(exitCode).toBe(0)
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^📝 production: 11 to create, 1 to update and 1 to replace\n/)
    expect(stdout).toContain('vm-02: dce-eus → dce-production-northeurope')
    expect(stdout).toContain(`${topologyFile}:25:15`)
    expect(stdout).toContain('To apply: open a pull request with the file.')
    for (const left of ['<', '**', '&#', '```', 'mermaid', 'https://portal', 'this pull request']) {
      expect(stdout).not.toContain(left)
    }
    expect(writes()).toEqual([])
  })

  test('takes the file as an argument, from any folder, and exits with 2 for changes on request', async () => {
    const named = { files: { 'deep/er/my.yml': topology } }
    const { exitCode, stdout } = await run({
      args: ['plan', 'deep/er/my.yml', '--detailed-exitcode'],
      ...named,
    })
    expect(exitCode).toBe(2)
    expect(stdout).toContain('deep/er/my.yml')
  })

  test('--json prints only plan-json', async () => {
    const { exitCode, stdout, stderr } = await run({ args: ['plan', '--json'] })
    const plan = JSON.parse(stdout) as Record<string, unknown>
    expect(exitCode).toBe(0)
    expect(stderr).toBe('')
    expect(plan).toMatchObject({ formatVersion: 1, topology: 'production', result: 'changes' })
    expect(plan['changes']).toHaveLength(13)
  })

  test('--json prints an array for several files, in the given order', async () => {
    const two = {
      'b.yml': topology,
      'a.yml': topology
        .replace('name: production', 'name: staging')
        .replace('ampls-hub', 'ampls-gone'),
    }
    const { exitCode, stdout, stderr } = await run({
      args: ['plan', 'b.yml', 'a.yml', '--json'],
      files: two,
    })
    const plans = JSON.parse(stdout) as readonly {
      readonly topology: string
      readonly result: string
    }[]
    expect(plans.map(({ topology: name, result }) => [name, result])).toEqual([
      ['production', 'changes'],
      ['staging', 'failed'],
    ])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('ampls-gone')
  })

  test('--markdown prints the report of the step summary', async () => {
    const { exitCode, stdout } = await run({ args: ['plan', '--markdown'] })
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^## 📝 production: 11 to create/)
    expect(stdout).toContain('```mermaid')
  })

  test('has colors on request, and none with NO_COLOR', async () => {
    const env = { FORCE_COLOR: '1', COLUMNS: '80' }
    const colored = await run({ args: ['plan'], env })
    expect(colored.stdout).toContain('\u001b[1m')
    const lines = colored.stdout.replace(/\u001b\[\d+m/g, '').split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
    const plain = await run({ args: ['plan'], env: { ...env, NO_COLOR: '1' } })
    expect(plain.stdout).not.toContain('\u001b')
  })

  test('takes limits as options, and exits with 1 beyond them', async () => {
    const { exitCode, stdout } = await run({
      args: ['plan', '--max-replacements', '0', '--detailed-exitcode'],
    })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('limit-exceeded')
    expect(stdout).toContain('A blocked plan is never applied.')
  })

  test('prints no runner command in a step of a job, whatever Azure contains', async () => {
    const hostile = await startSimulator({
      estate: expandEstate({
        ...estate,
        machines: {
          'rg-app/vm-01': { location: 'westeurope' },
          'rg-app/vm-02': {
            location: 'northeurope',
            endpoint: 'rg-old/dce-eus',
            changedBy: {
              by: '::error::x ##[error]y\n::set-output name=a::b\u001b[2J',
              type: 'User',
            },
          },
        },
      }),
    })
    try {
      const env = { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: '/dev/null' }
      for (const option of ['--json', '--markdown', '--topology-file=' + topologyFile]) {
        const { stdout } = await run({ args: ['plan', option], env }, hostile)
        expect(stdout).toContain('error')
      }
    } finally {
      await hostile.close()
    }
  })
})

describe('drift', () => {
  test('exits with 1 depending on fail-on-drift, as the action does', async () => {
    expect((await run({ args: ['drift'] })).exitCode).toBe(1)
    expect((await run({ args: ['drift', '--fail-on-drift', 'false'] })).exitCode).toBe(0)
    expect((await run({ args: ['drift', '--no-fail-on-drift'] })).exitCode).toBe(0)
    expect((await run({ args: ['drift', '--fail-on-drift', '--json'] })).exitCode).toBe(1)
    const detailed = await run({ args: ['drift', '--detailed-exitcode'] })
    expect(detailed.exitCode).toBe(2)
    expect(detailed.stdout).toContain('Azure differs from the file in 13 places')
  })
})

describe('validate', () => {
  test('reads only the file: no Azure, no sign-in', async () => {
    const { exitCode, stdout, stderr } = await run({ args: ['validate'] }, undefined)
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`✅ ${topologyFile} is valid`)
    expect(stdout).toContain('2 machines, 2 clusters and 2 workspaces')
  })

  test('reports every problem with its position', async () => {
    const { exitCode, stdout } = await run(
      { args: ['validate', 'my.yml'], files: { 'my.yml': broken } },
      undefined,
    )
    expect(exitCode).toBe(1)
    expect(stdout).toContain('my.yml:6:1: There is no key "acessModes"'.slice(0, 10))
    expect(stdout).toContain('my.yml:16:14')
    expect(stdout).toContain('metrics-weu')
  })

  test('--json prints { "diagnostics": […] }', async () => {
    const bad = await run(
      { args: ['validate', '--json', 'my.yml'], files: { 'my.yml': broken } },
      undefined,
    )
    const { diagnostics, ...others } = JSON.parse(bad.stdout) as { diagnostics: readonly object[] }
    expect(others).toEqual({})
    expect(diagnostics).toMatchObject([
      { severity: 'error', code: 'unknown-key', file: 'my.yml', line: 6, column: 1 },
      { severity: 'error', code: 'unknown-alias', file: 'my.yml', line: 16, column: 14 },
    ])
    expect(bad.exitCode).toBe(1)
    const good = await run({ args: ['validate', '--json'] }, undefined)
    expect(JSON.parse(good.stdout)).toEqual({ diagnostics: [] })
    expect(good.exitCode).toBe(0)
  })

  test('finds clashes between several files', async () => {
    const two = { 'a.yml': topology, 'b.yml': topology }
    const { exitCode, stdout } = await run(
      { args: ['validate', 'a.yml', 'b.yml', '--json'], files: two },
      undefined,
    )
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly { code: string }[] }
    expect(exitCode).toBe(1)
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(
      new Set(['duplicate-name', 'duplicate-scope']),
    )
  })

  test('accepts any text as input', async () => {
    for (const text of ['', '\0', '- '.repeat(2000), 'a: &a [*a]']) {
      const { exitCode, stderr } = await run(
        { args: ['validate', 'x.yml'], files: { 'x.yml': text } },
        undefined,
      )
      expect([text.slice(0, 5), exitCode]).toEqual([text.slice(0, 5), 1])
      expect(stderr).not.toContain('bug')
    }
  })
})

describe('import', () => {
  const scope = `/subscriptions/${estate.subscription}/resourceGroups/rg-monitor/providers/Microsoft.Insights/privateLinkScopes/ampls-hub`

  test('writes a file and prints { "file", "plan" }', async () => {
    const { exitCode, stdout, stderr } = await run({
      args: ['import', scope, 'new/mine.yml', '--json'],
      files: {},
    })
    expect([exitCode, stderr]).toEqual([0, ''])
    const { file, plan, ...others } = JSON.parse(stdout) as { file: string; plan: object }
    expect([file, others]).toEqual(['new/mine.yml', {}])
    expect(plan).toMatchObject({ formatVersion: 1, result: 'imported' })
  })

  test('never overwrites a file, and requires a scope', async () => {
    const there = await run({ args: ['import', '--scope', scope, topologyFile] })
    expect([there.exitCode, there.stdout]).toEqual([1, ''])
    expect(there.stderr).toContain('already exists')
    const without = await run({ args: ['import', 'x.yml'] })
    expect(without.exitCode).toBe(1)
    expect(without.stderr).toContain('scope:')
  })
})

describe('usage', () => {
  test('offers every command except apply, and accepts every input or says why not', () => {
    const names = Object.keys(commands).filter((name) => name !== 'apply')
    expect([...offeredCommands].toSorted()).toEqual(['validate', ...names].toSorted())
    const known = new Set([...Object.keys(inputOptions), ...Object.keys(withoutMeaning), 'command'])
    const { inputs } = load(readFileSync('action.yml', 'utf8')) as { inputs: object }
    expect(Object.keys(inputs).filter((name) => !known.has(name))).toEqual([])
  })

  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

  test('--help and --version, for the program and for each command', async () => {
    const help = await run({ args: ['--help'] }, undefined)
    expect([help.exitCode, help.stderr]).toEqual([0, ''])
    for (const word of ['validate', 'plan', 'drift', 'az login', 'Exit codes']) {
      expect(help.stdout).toContain(word)
    }
    for (const command of ['validate', 'plan', 'drift']) {
      const { exitCode, stdout } = await run({ args: [command, '--help'] }, undefined)
      expect(exitCode).toBe(0)
      expect(stdout).toContain(`Usage: azure-monitor-private-link ${command} [file…] [options]`)
      for (const option of ['--topology-file', '--json', '--markdown', '--detailed-exitcode']) {
        expect(stdout).toContain(option)
      }
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
    }
    for (const args of [['--version'], ['plan', '--version']]) {
      const { exitCode, stdout } = await run({ args }, undefined)
      expect([exitCode, stdout]).toEqual([0, `${version}\n`])
    }
  })

  test('apply is not available, and the error says what to do', async () => {
    const { exitCode, stdout, stderr } = await run({ args: ['apply'] })
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toContain('changes to Azure go through review')
    expect(stderr).toContain('azure-monitor-private-link plan')
    expect(stderr).toContain('pull request')
  })

  test.each<[readonly string[], readonly string[]]>([
    [['pln'], ['no command "pln"', 'Did you mean plan?']],
    [['--json'], ['there is no option --json', '--help']],
    [
      ['plan', '--max-delets', '3'],
      ['no option --max-delets', 'Did you mean --max-deletes?'],
    ],
    [['plan', '--json', '--markdown'], ['--json and --markdown exclude each other']],
    [['plan', '--json=yes'], ['--json takes no value']],
    [['plan', '--cloud'], ['--cloud needs a value']],
    [
      ['plan', '--cloud', 'Mars'],
      ['cloud: "Mars" is not a cloud', 'plan --help'],
    ],
    [['plan', '--cloud', 'AzureCloud', '--cloud', 'AzureCloud'], ['given twice']],
    [
      ['plan', '--max-deletes', 'many', '--max-concurrency', '0'],
      ['max-deletes:', 'max-concurrency:'],
    ],
    [['plan', '--comment', 'never'], ['there is no pull request to comment on']],
    [['plan', '--github-token', 'x'], ['GitHub is not used']],
    [['plan', 'nope.yml'], ['there is no file nope.yml']],
    [['plan', '.github'], ['.github is a folder']],
    [['plan', '*.nope'], ['*.nope matches no file']],
    [['drift', '--fail-on-drift=maybe'], ['fail-on-drift: "maybe"']],
    [['validate', '--cloud', 'AzureCloud'], ['there is no option --cloud']],
  ])('%j is wrong usage', async (args, words) => {
    const { exitCode, stdout, stderr } = await run({ args })
    expect([exitCode, stdout]).toEqual([1, ''])
    for (const word of words) expect(stderr.toLowerCase()).toContain(word.toLowerCase())
    expect(stderr).toContain('What to do:')
  })

  test('without the default file, it says which file and how to name another', async () => {
    const { exitCode, stderr } = await run({ args: ['plan'], files: {} })
    expect(exitCode).toBe(1)
    expect(stderr).toContain(topologyFile)
    expect(stderr).toContain('name the file')
  })

  test('without arguments outside a job, it asks for a command', async () => {
    const { exitCode, stdout, stderr } = await run({ args: [] }, undefined)
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toContain('--help')
  })
})

describe('sign-in', () => {
  test('without credentials it says how to sign in from a terminal', async () => {
    const env = {
      AZURE_TENANT_ID: '',
      AZURE_CLIENT_ID: '',
      AZURE_CLIENT_SECRET: '',
      PATH: '/nowhere',
    }
    const { exitCode, stdout } = await run({ args: ['plan'], env })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('az login')
    expect(stdout).not.toContain('permissions')
    const json = await run({ args: ['plan', '--json'], env })
    expect(JSON.parse(json.stdout)).toMatchObject({
      failure: { reason: 'auth-failed' },
      changes: [],
    })
    expect(json.stderr).toContain('az login')
  })

  test('with an Azure CLI that is signed out, it says so', async () => {
    const env = { AZURE_TENANT_ID: '', AZURE_CLIENT_ID: '', AZURE_CLIENT_SECRET: '' }
    const az = '#!/bin/sh\necho "ERROR: Please run \'az login\' to setup account." >&2\nexit 1\n'
    const { exitCode, stdout } = await run({
      args: ['plan'],
      env: { ...env, PATH: `${putAz(az)}:/usr/bin:/bin` },
    })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('az login')
    expect(stdout).not.toContain('azure/login')
  })

  test("uses the Azure CLI's login", async () => {
    const token = {
      accessToken: azure.token(),
      expires_on: Math.floor(Date.now() / 1000) + 3600,
      expiresOn: '2099-01-01 00:00:00.000000',
      tokenType: 'Bearer',
    }
    const { exitCode, stdout } = await run({
      args: ['plan', '--detailed-exitcode'],
      env: {
        AZURE_TENANT_ID: '',
        AZURE_CLIENT_ID: '',
        AZURE_CLIENT_SECRET: '',
        PATH: `${putAz(`#!/bin/sh\necho '${JSON.stringify(token)}'\n`)}:/usr/bin:/bin`,
      },
    })
    expect([exitCode, stdout.split('\n')[0]]).toEqual([
      2,
      '📝 production: 11 to create, 1 to update and 1 to replace',
    ])
  })
})

describe('an early end', () => {
  test('Ctrl-C ends the run at once, with exit code 130 and a message', async () => {
    const slow = await startSimulator({ estate: expandEstate(estate), knobs: { readMs: 60_000 } })
    try {
      const running = await startCall(slow, { args: ['plan'], files }, runtime)
      while (slow.azure.requests.length === 0) await new Promise((go) => setTimeout(go, 20))
      running.kill('SIGINT')
      const { exitCode, stdout, stderr } = await running.done
      expect([exitCode, stdout]).toEqual([130, ''])
      expect(stderr).toBe('Stopped. Nothing was changed in Azure.\n')
    } finally {
      await slow.close()
    }
  })

  test('a closed pipe is not an error', async () => {
    const running = await startCall(azure, { args: ['plan'], files }, runtime)
    running.closeOutput()
    const { exitCode, stderr } = await running.done
    expect([exitCode, stderr]).toEqual([0, ''])
  })
})

test('package.json declares it as a program', () => {
  const { bin } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    bin: Record<string, string>
  }
  expect(bin).toEqual({ 'azure-monitor-private-link': 'dist/index.js' })
  expect(readFileSync(runtime.entry, 'utf8').slice(0, 20)).toBe('#!/usr/bin/env node\n')
})
