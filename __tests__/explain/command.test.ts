import { describe, expect, it } from '@jest/globals'
import { InputError } from '../../src/errors.ts'
import { renderExplainSummary } from '../../src/render/explain/summary.ts'
import { estate, find, stage, subscription, topologyText } from '../verify/harness.ts'
import { explainAt } from './harness.ts'
import { signsOf } from './story.ts'

/** `explain` against a simulated Azure: what it reads, and what it never does. */

const whole = '✔✔✔✔✔✔✔✔✔✔✔'
const more = {
  ...estate,
  machines: {
    ...estate.machines,
    'rg-app/vm-3': { location: 'westeurope', rules: ['rg-monitor/dcr'], tags: { team: 'web' } },
    'rg-own/vm-9': 'westeurope',
    'rg-other/vm-9': 'westeurope',
  },
}

describe('a chain that holds', () => {
  it('is clean, asks the workspaces for this one target, and reads only', async () => {
    const { report, chain, requests } = await explainAt(await stage(), 'rg-app/vm-1')
    expect([signsOf(chain), report.result]).toEqual([whole, 'clean'])
    expect(report.plan).toBeUndefined()
    const asked = requests.filter(({ host }) => host === 'logs' || host === 'metrics')
    expect(asked.map(({ host }) => host)).toEqual(['logs'])
    expect(JSON.stringify(asked[0]?.requestBody)).toContain('vm-1')
    expect(JSON.stringify(asked[0]?.requestBody)).not.toMatch(/vm-2|aks-1/)
    const others = requests.filter(({ host, method }) => host === 'arm' && method !== 'GET')
    for (const { path } of others) expect(path).toContain('/providers/Microsoft.ResourceGraph/')
  })

  it('of a cluster: by its rules, and without an agent extension', async () => {
    const { report, chain } = await explainAt(await stage(), 'aks-1')
    expect([signsOf(chain), report.result]).toEqual([whole, 'clean'])
  })

  it('of a machine that a select matches', async () => {
    const text = topologyText.replace(
      '  - { resource: rg-app/vm-2, logs: logs }',
      '  - { select: { tags: { team: web } }, logs: logs }',
    )
    const { chain } = await explainAt(await stage(more), 'vm-3', text)
    expect(signsOf(chain)).toBe('✔✔✔✘??✔✔✔✔✘')
    expect(chain.links[0]?.detail).toMatch(/^The select in line 11 matches it, logs to logs/)
  })
})

describe('what the file does not name', () => {
  it('is found by its name, and followed as far as Azure tells', async () => {
    const { report, chain } = await explainAt(await stage(more), 'vm-3')
    expect([signsOf(chain), report.result]).toEqual(['✘✔✔✘??✔✔✔✔✘', 'broken'])
    expect(chain.links[0]?.remedy).toBe('Add it under machines: - rg-app/vm-3')
    // The diagnostics are those of the file as it is.
    expect(report.diagnostics.map(({ resource }) => resource)).not.toContainEqual(
      expect.stringMatching(/vm-3$/),
    )
  })

  it('and Azure has not: the chain of an id is told, a name is an error', async () => {
    const azure = await stage(more)
    const gone = `/subscriptions/${subscription}/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/gone`
    expect(signsOf((await explainAt(azure, gone)).chain)).toBe('✘✘????✔????')
    await expect(explainAt(azure, 'vm-12')).rejects.toThrow(/no machine or cluster "vm-12"/)
    await expect(explainAt(azure, 'vm-9')).rejects.toThrow(/"vm-9" is the name of 2 targets:/)
    const { remedy } = await explainAt(azure, 'vm-12').then(
      () => new InputError('', ''),
      (error: unknown) => (error instanceof InputError ? error : new InputError('', '')),
    )
    expect(remedy).toContain('Did you mean vm-1 ')
  })
})

describe('what is broken, or can not be told', () => {
  it('is read exactly, though Resource Graph remembers otherwise', async () => {
    const azure = await stage(estate, { resourceGraphLagMs: 3_600_000 })
    azure.simulator.azure.remove(
      find(
        azure.simulator,
        'vm-2/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint',
      ),
    )
    const { chain } = await explainAt(azure, 'vm-2')
    expect(signsOf(chain).slice(0, 6)).toBe('✔✔✔✘??')
  })

  it('a machine that may not be read: nothing of it is guessed, and the run goes on', async () => {
    const hidden = `/subscriptions/${subscription}/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/vm-1`
    const { report, chain } = await explainAt(
      await stage({ ...estate, unreadable: [hidden] }),
      'rg-app/vm-1',
    )
    expect(report.result).toBe('unknown')
    expect(signsOf(chain).slice(0, 3)).toBe('✔??')
    expect(report.diagnostics.map(({ code }) => code)).toContain('unreadable-resource')
  })

  it('a workspace that gives no role: unknown, with the role, and the rest is told', async () => {
    const law = `/subscriptions/${subscription}/resourceGroups/rg-monitor/providers/Microsoft.OperationalInsights/workspaces/law`
    const denied = [{ action: 'Microsoft.OperationalInsights/workspaces/query/read', scope: law }]
    const { report, chain } = await explainAt(await stage({ ...estate, denied }), 'vm-1')
    expect([signsOf(chain), report.result]).toEqual([`${whole.slice(1)}?`, 'unknown'])
    expect(chain.links.at(-1)?.detail).toContain('Log Analytics Reader')
  })

  it('shows no name as markup, beside what the plan says', async () => {
    const azure = await stage({
      ...estate,
      machines: {
        ...estate.machines,
        'rg-app/vm-1': {
          location: 'westeurope',
          endpoint: 'rg-monitor/dce-weu',
          rules: ['rg-monitor/dcr <img src=x> @octocat'],
        },
      },
      rules: {
        ...estate.rules,
        'rg-monitor/dcr <img src=x> @octocat': { location: 'westeurope', logs: ['rg-monitor/law'] },
      },
    })
    const { report, chain } = await explainAt(
      azure,
      'vm-1',
      topologyText.replace('rg-app/vm-2, logs', 'rg-app/vm-2, metrics: metrics, logs'),
    )
    const summary = renderExplainSummary(chain, report, {
      portal: 'https://p.example',
      rulesUrl: '',
    })
    expect(summary).not.toMatch(/<img|@octocat/)
    expect(summary).toContain('octocat')
    expect(summary).toMatch(/### The plan of production says[^]*\*\*nothing-sends\*\*/)
  })
})
