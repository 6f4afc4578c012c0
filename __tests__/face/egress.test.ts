import { describe, expect, it } from '@jest/globals'
import { type Estate, expandEstate } from '../../simulator/estate.ts'
import type { JobResult } from '../../simulator/job/job.ts'
import type { Simulator } from '../../simulator/simulator.ts'
import type { EgressFqdns } from '../../src/egress/egress.ts'
import { estateAfter, run, withSimulator } from '../safety/runs.ts'
import { firstTime, hub } from '../safety/situations.ts'
import { dispatched, topologyFile } from '../support/repository.ts'
import { subscription } from '../support/stable.ts'

/** The host names of the article's "Ingestion from a private AKS cluster", and its remote write. */

const group = `/subscriptions/${subscription}/resourceGroups`
const open = firstTime.replace('accessModes: { ingestion: PrivateOnly }\n', '')

async function plan(
  topology: string,
  estate: Estate = hub,
  applied = false,
): Promise<{ readonly result: JobResult; readonly said: string; readonly egress: EgressFqdns }> {
  const seed = applied ? await estateAfter(expandEstate(estate), topology) : expandEstate(estate)
  return await withSimulator({ estate: seed }, async (simulator) => {
    const result = await run(simulator, dispatched({ [topologyFile]: topology }))
    const egress = JSON.parse(result.file('egress-fqdns')) as EgressFqdns
    return { result, egress, said: saidBy(simulator) }
  })
}

/** All of Azure's answers in one text. */
function saidBy({ azure }: Simulator): string {
  return JSON.stringify(azure.requests.map(({ responseBody }) => responseBody))
}

function targetsOf(egress: EgressFqdns) {
  return egress.regions.flatMap(({ targets }) => targets)
}

describe('the host names', () => {
  it('are exactly those that Azure returned, once everything exists', async () => {
    const { egress, said, result } = await plan(open, hub, true)
    expect(result.outputs).toMatchObject({ result: 'no-changes' })
    expect(egress).toMatchObject({ formatVersion: 1, topology: 'production', private: true })
    expect(egress.regions.map(({ region }) => region)).toEqual(['northeurope', 'westeurope'])
    expect(targetsOf(egress).map(({ id }) => id.split('/').at(-1))).toEqual([
      'aks-neu',
      'vm-02',
      'aks-weu',
      'vm-01',
    ])
    for (const { hosts, wildcards, pending } of targetsOf(egress)) {
      expect({ wildcards, pending }).toEqual({ wildcards: [], pending: [] })
      expect(hosts).not.toEqual([])
      for (const host of hosts) {
        const customer = /^([0-9a-f-]{36})\.(?:ods|oms)\.opinsights\.azure\.com$/.exec(host)?.[1]
        expect(said).toContain(customer === undefined ? `https://${host}` : customer)
      }
    }
  })

  it('of a cluster cover configuration, ingestion and logs', async () => {
    const { egress } = await plan(open, hub, true)
    const cluster = targetsOf(egress).find(({ id }) => id.endsWith('/aks-weu'))
    const shapes = cluster?.hosts.map((host) =>
      host
        .replace(/^[0-9a-f-]{36}\./, 'CUSTOMER.')
        .replace(/-[a-z0-9]{4}\.westeurope/, '.westeurope'),
    )
    expect(shapes?.toSorted()).toEqual([
      'CUSTOMER.ods.opinsights.azure.com',
      'CUSTOMER.oms.opinsights.azure.com',
      'amw-weu.westeurope-1.handler.control.monitor.azure.com',
      'amw-weu.westeurope-1.ingest.monitor.azure.com',
      'amw-weu.westeurope-1.metrics.ingest.monitor.azure.com',
      'msprom-westeurope-aks-weu.westeurope-1.handler.control.monitor.azure.com',
      'msprom-westeurope-aks-weu.westeurope-1.ingest.monitor.azure.com',
      'msprom-westeurope-aks-weu.westeurope-1.metrics.ingest.monitor.azure.com',
    ])
  })

  it('of an endpoint that does not exist yet are not guessed', async () => {
    const { egress, result } = await plan(open)
    const pending = targetsOf(egress).find(({ id }) => id.endsWith('/aks-neu'))?.pending
    expect(pending).toEqual([
      `${group}/rg-monitor/providers/Microsoft.Insights/dataCollectionEndpoints/dce-production-northeurope`,
    ])
    expect(result.file('egress-fqdns')).not.toMatch(/dce-production-northeurope-?\w*\.northeurope/)
  })

  it("are the article's public wildcards without a private path", async () => {
    const { scope, ...rest } = hub
    const unconnected: Estate = { ...rest, scope: { id: scope?.id ?? '' } }
    const { egress, result } = await plan(open, unconnected, true)
    expect(egress.private).toBe(false)
    for (const { wildcards } of targetsOf(egress)) {
      expect(wildcards).toEqual([
        '*.handler.control.monitor.azure.com',
        '*.ingest.monitor.azure.com',
      ])
    }
    expect(result.summary).toContain('The scope has no approved private endpoint')
  })

  it('are in the summary as a table and as firewall rules, ready to paste', async () => {
    const { egress, result } = await plan(open, hub, true)
    const { summary } = result
    expect(summary).toContain('| Target | Host names (HTTPS, 443) | Not known yet |')
    const json = /```json\n([^]*?)\n```/.exec(summary)?.[1] ?? ''
    const collection = JSON.parse(json) as { rules: { name: string; targetFqdns: string[] }[] }
    expect(collection.rules.map(({ name, targetFqdns }) => [name, targetFqdns])).toEqual(
      egress.regions.map(({ region, hosts }) => [`monitor-${region}`, hosts]),
    )
    const commands = /```bash\n([^]*?)\n```/.exec(summary)?.[1] ?? ''
    for (const host of egress.regions.flatMap(({ hosts }) => hosts)) {
      expect(commands).toContain(`'${host}'`)
    }
  })
})

describe('remote write from outside Azure', () => {
  const writing = `${open}remoteWrite:\n  - { name: onprem-k3s, metrics: metrics-weu }\n`

  it('is shown with the URL made of Azure’s endpoint and rule, and what its cluster needs', async () => {
    const { result, said } = await plan(writing)
    const { remoteWrite } = JSON.parse(result.file('plan-json')) as {
      remoteWrite: { name: string; url: string; endpoint: string; rule: string }[]
    }
    expect(remoteWrite).toHaveLength(1)
    const [target] = remoteWrite
    const [, host = '', rule = ''] =
      /^https:\/\/([^/]+)\/dataCollectionRules\/(dcr-[0-9a-f]{32})\/streams\/Microsoft-PrometheusMetrics\/api\/v1\/write\?api-version=2023-04-24$/.exec(
        target?.url ?? '',
      ) ?? []
    expect(host).toMatch(/\.metrics\.ingest\.monitor\.azure\.com$/)
    expect(said).toContain(`https://${host}`)
    expect(said).toContain(rule)
    expect(target).toMatchObject({ name: 'onprem-k3s' })
    for (const words of [
      target?.url ?? '',
      'VPN gateway or ExpressRoute',
      'DNS',
      'Monitoring Metrics Publisher',
    ]) {
      expect(result.summary).toContain(words)
    }
  })

  it('to a workspace without an automatic endpoint has an unknown address', async () => {
    const old: Estate = {
      ...hub,
      monitorWorkspaces: { 'rg-monitor/amw-weu': { location: 'westeurope', old: true } },
    }
    const { result } = await plan(writing, old)
    expect(result.summary).toContain('the address is unknown')
  })
})
