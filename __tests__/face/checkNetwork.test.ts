import { describe, expect, it } from '@jest/globals'
import { expandEstate } from '../../simulator/estate.ts'
import { estateAfter, run, withSimulator } from '../safety/runs.ts'
import { firstTime, hub } from '../safety/situations.ts'
import { dispatched, topologyFile } from '../support/repository.ts'
import { startDns, type Zone } from '../probe/dnsServer.ts'

/**
 * Runs `check-network` with the bundle against a simulated Azure whose private endpoint is on the
 * loopback.
 */

const topology = firstTime.replace('accessModes: { ingestion: PrivateOnly }\n', '')
const loopback = { ...hub, network: { subnetPrefix: '127.0.7.0/24' } }

interface Check {
  readonly inside: boolean | null
  readonly names: readonly {
    readonly name: string
    readonly state: string
    readonly for: readonly string[]
    readonly cause: string | null
  }[]
}

async function check(
  addressOf: (name: string) => string | undefined,
  inputs = {},
  runner = 'self-hosted',
) {
  const estate = await estateAfter(expandEstate(loopback), topology)
  return await withSimulator({ estate }, async (simulator) => {
    const files = { [topologyFile]: topology }
    const plan = await run(simulator, dispatched(files))
    const egress = plan.file('egress-fqdns')
    const names = [...new Set(egress.match(/[a-z0-9.-]+\.azure\.com/g) ?? [])]
    const all = [...names, 'global.handler.control.monitor.azure.com', 'api.loganalytics.io']
    const zone = Object.fromEntries(
      all.flatMap((name) => {
        const address = addressOf(name)
        return address === undefined ? [] : [[name, { a: [address] }]]
      }),
    ) satisfies Zone
    const dns = await startDns(zone)
    const before = simulator.azure.requests.length
    const job = { command: 'check-network', 'dns-server': dns.address, ...inputs }
    const result = await run(
      simulator,
      dispatched(
        { ...files, 'egress.json': egress },
        { inputs: job, env: { RUNNER_ENVIRONMENT: runner } },
      ),
    )
    await dns.close()
    return {
      result,
      check: JSON.parse(result.file('network-json')) as Check,
      asked: simulator.azure.requests.slice(before),
    }
  })
}

describe('check-network', () => {
  it('compares with the private endpoint’s addresses, and explains what is wrong with a name', async () => {
    const { result, check: found } = await check((name) =>
      name.includes('.ods.') ? '127.0.9.9' : '127.0.7.4',
    )
    expect(result.outputs).toMatchObject({
      result: 'unreachable',
      'failure-reason': 'network-unreachable',
      'plan-json': '',
    })
    expect(result.exitCode).toBe(1)
    expect(found.inside).toBe(true)
    const of = (part: string) => found.names.find(({ name }) => name.includes(part))
    expect(of('global.handler')).toMatchObject({ state: 'unreachable' })
    expect(of('global.handler')?.cause).toMatch(/^route or firewall: /)
    expect(of('.ods.')).toMatchObject({ state: 'other-private' })
    expect(of('.ods.')?.cause).toMatch(/^zone of another scope: /)
    expect(of('.ods.')?.for).not.toEqual([])
    expect(result.summary).toContain('### Why, and what to do')
  })

  it('gives no verdict on a GitHub-hosted runner, whatever the results', async () => {
    const { result, check: found } = await check(() => '127.0.9.9', {}, 'github-hosted')
    expect(result.outputs).toMatchObject({ result: 'unknown', 'failure-reason': '' })
    expect([result.exitCode, found.inside]).toEqual([0, null])
  })

  it('needs neither a topology file nor Azure with the host names of an earlier run', async () => {
    const inputs = { 'egress-json': 'egress.json', 'topology-file': 'none.yml' }
    const { result, check: found, asked } = await check(() => undefined, inputs)
    expect(result.outputs).toMatchObject({ result: 'unknown', 'failure-reason': '' })
    expect(result.exitCode).toBe(0)
    expect(found.inside).toBeNull()
    expect(asked).toEqual([])
  })
})
