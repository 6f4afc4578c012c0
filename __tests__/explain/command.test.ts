import { describe, expect, it } from '@jest/globals'
import { InputError } from '../../src/errors.ts'
import { renderExplainSummary } from '../../src/render/explain/summary.ts'
import { estate, find, stage, subscription, topologyText } from '../verify/harness.ts'
import { explainAt } from './harness.ts'
import { signsOf } from './story.ts'

/** `explain` against a simulated Azure: what it reads, and that it never writes. */

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

describe('an intact chain', () => {
  it('is clean, queries the workspaces for this target only, and never writes', async () => {
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

  it('of a cluster is judged by its rules, without an agent extension', async () => {
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
    expect(chain.links[0]?.detail).toMatch(/^The select on line 11 matches it, logs to logs/)
  })
})

describe('a target that the file does not name', () => {
  it('is found by its name, and followed as far as Azure shows', async () => {
    const { report, chain } = await explainAt(await stage(more), 'vm-3')
    expect([signsOf(chain), report.result]).toEqual(['✘✔✔✘??✔✔✔✔✘', 'broken'])
    expect(chain.links[0]?.remedy).toBe('Add it under machines: - rg-app/vm-3')
    // The diagnostics are those of the unchanged file.
    expect(report.diagnostics.map(({ resource }) => resource)).not.toContainEqual(
      expect.stringMatching(/vm-3$/),
    )
  })

  it('and that does not exist has a chain if given by id, and is an error if given by name', async () => {
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

describe('broken and unknown links', () => {
  it('are read from the resource provider, even if Resource Graph is stale', async () => {
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

  it('of an unreadable machine are unknown, and the run continues', async () => {
    const hidden = `/subscriptions/${subscription}/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/vm-1`
    const { report, chain } = await explainAt(
      await stage({ ...estate, unreadable: [hidden] }),
      'rg-app/vm-1',
    )
    expect(report.result).toBe('unknown')
    expect(signsOf(chain).slice(0, 3)).toBe('✔??')
    expect(report.diagnostics.map(({ code }) => code)).toContain('unreadable-resource')
  })

  it('of a workspace without access are unknown, with the missing role, and the others are judged', async () => {
    const law = `/subscriptions/${subscription}/resourceGroups/rg-monitor/providers/Microsoft.OperationalInsights/workspaces/law`
    const denied = [{ action: 'Microsoft.OperationalInsights/workspaces/query/read', scope: law }]
    const { report, chain } = await explainAt(await stage({ ...estate, denied }), 'vm-1')
    expect([signsOf(chain), report.result]).toEqual([`${whole.slice(1)}?`, 'unknown'])
    expect(chain.links.at(-1)?.detail).toContain('Log Analytics Reader')
  })

  it('show no name as markup, next to the diagnostics of the plan', async () => {
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
