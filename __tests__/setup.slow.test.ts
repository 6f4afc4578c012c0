import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { hasAzureCli } from './fidelity/azureCli.ts'

const isThere = process.env['SLOW'] === '1' && (await hasAzureCli())
const suite = isThere ? describe : describe.skip

/** Microsoft's own command line parses each command of examples/setup.sh; without a sign-in it runs none. */
suite('the commands of examples/setup.sh', () => {
  const root = path.join(import.meta.dirname, '..')
  const folder = mkdtempSync(path.join(tmpdir(), 'ampl-setup-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const refusal =
    /unrecognized arguments|arguments are required|is misspelled|not recognized|expected one argument/
  const az = (command: string) =>
    spawnSync('bash', ['-c', command], {
      encoding: 'utf8',
      env: {
        ...process.env,
        AZURE_CONFIG_DIR: path.join(folder, 'config'),
        AZURE_CORE_COLLECT_TELEMETRY: '0',
        AZURE_CORE_NO_COLOR: '1',
      },
    })

  it('are all accepted', () => {
    expect(az('az ad app create --no-such-option x').stderr).toMatch(refusal)
    for (const name of ['az', 'gh']) {
      copyFileSync(path.join(root, '__tests__/setup/stub.mjs'), path.join(folder, name))
      chmodSync(path.join(folder, name), 0o755)
    }
    const subscription = '11111111-1111-1111-1111-111111111111'
    const { stdout } = spawnSync(
      'bash',
      [
        path.join(root, 'examples/setup.sh'),
        ...['--repository', 'octo-org/platform', '--subscription', subscription, '--only-show'],
      ],
      {
        encoding: 'utf8',
        env: {
          ...process.env,
          PATH: `${folder}:${process.env['PATH'] ?? ''}`,
          STUB_STATE: path.join(folder, 'state.json'),
        },
      },
    )
    const questions = [
      'az account show --query tenantId --output tsv',
      `az ad app list --filter "displayName eq 'x'" --query '[].appId' --output tsv`,
      'az ad sp show --id x --query id --output tsv',
      'az ad app federated-credential list --id x --query y --output tsv',
      'az role definition list --name x --custom-role-only true --query y --output tsv',
      "az role definition update --role-definition '{}'",
      'az role assignment list --assignee x --role Reader --scope /y --query z --output tsv',
    ]
    const shown = stdout.split('\n').flatMap((line) => (/^ {4}az /.test(line) ? [line.trim()] : []))
    expect(shown.length).toBeGreaterThan(10)
    const refused = [...questions, ...shown].filter((command) => refusal.test(az(command).stderr))
    expect(refused).toEqual([])
  })
})
