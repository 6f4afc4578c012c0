import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { automaticEndpoint, expandEstate, idOf } from '../../simulator/estate.ts'
import { estate, topology } from '../../simulator/demo/estate.ts'
import { type Simulator, startSimulator } from '../../simulator/simulator.ts'
import { type AzureCli, hasAzureCli, signInAzureCli } from './azureCli.ts'
import { at } from './fields.ts'
import { runCommand } from './runs.ts'

const isAsked = process.env['SLOW'] === '1'
const isThere = isAsked && (await hasAzureCli())
if (isAsked && !isThere) {
  console.warn(
    'Left out: there is no az. Debian has it: apt-get install --no-install-recommends azure-cli',
  )
}

const { subscription } = estate
const group = `/subscriptions/${subscription}/resourceGroups`
const workspaceEndpoint = automaticEndpoint(estate, 'rg-monitor/amw-weu')
const logs = idOf(subscription, 'logWorkspace', 'rg-monitor/law-weu')
const machine = idOf(subscription, 'machine', 'rg-app/vm-01')
const cluster = idOf(subscription, 'cluster', 'rg-aks/aks-weu')
const northCluster = idOf(subscription, 'cluster', 'rg-aks/aks-neu')
const clusterEndpoint = idOf(subscription, 'endpoint', 'rg-aks/MSProm-westeurope-aks-weu')
const north = idOf(subscription, 'endpoint', 'rg-monitor/dce-neu-by-hand')

/** The changes of the plan, one per line. */
interface Planned {
  readonly changes: readonly string[]
  readonly unchanged: unknown
}

const suite = isThere ? describe : describe.skip

suite('the article, done by hand with the Azure CLI', () => {
  let simulator: Simulator | undefined
  let cli: AzureCli | undefined

  beforeAll(async () => {
    // Without Retry-After, az would wait 30 seconds (toolchain, section 11).
    simulator = await startSimulator({ estate: expandEstate(estate), knobs: { scopedWriteMs: 0 } })
    cli = await signInAzureCli(simulator, subscription)
  }, 120_000)

  afterAll(async () => {
    await cli?.close()
    await simulator?.close()
  })

  async function az(...args: readonly string[]): Promise<unknown> {
    if (cli === undefined) throw new Error('az is not signed in')
    return await cli.az(...args)
  }

  /** `az monitor private-link-scope scoped-resource create`, as in the article. */
  async function link(name: string, to: string): Promise<unknown> {
    return await az(
      ...['monitor', 'private-link-scope', 'scoped-resource', 'create'],
      ...['--resource-group', 'rg-monitor', '--scope-name', 'ampls-hub'],
      ...['--name', name, '--linked-resource', to],
    )
  }

  /**
   * The request of `az monitor data-collection rule association create`, which is an extension and
   * not available here.
   */
  async function associate(target: string, endpoint: string): Promise<unknown> {
    return await az(
      ...['rest', '--method', 'put', '--url'],
      `${target}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint?api-version=2022-06-01`,
      ...['--body', JSON.stringify({ properties: { dataCollectionEndpointId: endpoint } })],
    )
  }

  async function plan(): Promise<Planned> {
    if (simulator === undefined) throw new Error('there is no simulator')
    const { outputs, file, stdout } = await runCommand(simulator, topology, 'plan')
    if (outputs['failure-reason'] !== '') throw new Error(stdout)
    const json: unknown = JSON.parse(file('plan-json'))
    const changes = at(json, 'changes') as readonly object[]
    return {
      changes: changes.map((change) => {
        const id = at(change, 'after', 'linkedResourceId') ?? at(change, 'after', 'target')
        const about = typeof id === 'string' ? id : String(at(change, 'id'))
        return `${String(at(change, 'action'))} ${String(at(change, 'kind'))} ${about.split('/').at(-1) ?? ''}`
      }),
      unchanged: at(json, 'unchanged'),
    }
  }

  it('before, everything must be done', async () => {
    expect(await plan()).toEqual({
      changes: [
        'create dataCollectionEndpoint dce-production-northeurope',
        'create dataCollectionEndpoint dce-vm-02-cfda90',
        'create scopedResource amw-weu',
        'create scopedResource dce-production-northeurope',
        'create scopedResource dce-vm-02-cfda90',
        'create scopedResource law-weu',
        'create scopedResource MSProm-westeurope-aks-neu',
        'create scopedResource MSProm-westeurope-aks-weu',
        'create association aks-neu',
        'create association aks-weu',
        'create association vm-01',
        'replace association vm-02',
        'update accessModes ampls-hub',
      ],
      unchanged: 0,
    })
  })

  it('links what the article links, with other names than ours', async () => {
    const linked = await link('amw-endpoint', workspaceEndpoint)
    expect(at(linked, 'provisioningState')).toBe('Succeeded')
    await link('my-workspace', logs)
    await link('my-cluster', clusterEndpoint)
    const listed = await az(
      ...['monitor', 'private-link-scope', 'scoped-resource', 'list'],
      ...['--resource-group', 'rg-monitor', '--scope-name', 'ampls-hub'],
    )
    expect((listed as readonly unknown[]).map((one) => at(one, 'name'))).toEqual([
      'amw-endpoint',
      'my-cluster',
      'my-workspace',
    ])
  }, 120_000)

  it('creates an endpoint, links it, and associates', async () => {
    await az(
      ...['rest', '--method', 'put', '--url', `${north}?api-version=2022-06-01`],
      ...['--body', JSON.stringify({ location: 'northeurope', properties: {} })],
    )
    await link('dce-neu', north)
    await associate(machine, workspaceEndpoint)
    await associate(cluster, workspaceEndpoint)
    await associate(northCluster, north)
  }, 120_000)

  it('then our plan shows only what is still missing', async () => {
    expect(await plan()).toEqual({
      changes: [
        'create dataCollectionEndpoint dce-production-northeurope',
        'create dataCollectionEndpoint dce-vm-02-cfda90',
        'create scopedResource dce-production-northeurope',
        'create scopedResource dce-vm-02-cfda90',
        'create scopedResource MSProm-westeurope-aks-neu',
        'replace association vm-02',
        'update accessModes ampls-hub',
      ],
      // Four links, three associations.
      unchanged: 7,
    })
  })

  it("gets Azure's refusals, with Azure's messages", async () => {
    // The same resource under another name, and an Azure Monitor workspace.
    await expect(link('again', workspaceEndpoint)).rejects.toThrow(
      /Scoped resource with same linked resource id already exists/,
    )
    await expect(
      link('metrics', idOf(subscription, 'monitorWorkspace', 'rg-monitor/amw-weu')),
    ).rejects.toThrow(/400|BadRequest|not supported|Invalid/i)
    await expect(
      az(
        ...['rest', '--method', 'put', '--url'],
        `${machine}/providers/Microsoft.Insights/dataCollectionRuleAssociations/my-endpoint?api-version=2022-06-01`,
        ...['--body', JSON.stringify({ properties: { dataCollectionEndpointId: north } })],
      ),
    ).rejects.toThrow(/InvalidEndpointAssociationName/)
  }, 120_000)

  it('polls the status of a long-running link, as the Azure CLI does', async () => {
    if (simulator === undefined) throw new Error('there is no simulator')
    const { knobs } = simulator.azure
    // Finishes at once: az polls immediately, and then after 30 seconds if the status has no
    // Retry-After.
    Object.assign(knobs, { lro: 'async-operation', retryAfterSeconds: 1 })
    const made = await link(
      'neu-cluster',
      `${group}/rg-aks/providers/Microsoft.Insights/dataCollectionEndpoints/MSProm-westeurope-aks-neu`,
    )
    expect(at(made, 'provisioningState')).toBe('Succeeded')
    Object.assign(knobs, { lro: 'body' })
    const asked = simulator.azure.requests.map(({ path }) => path)
    expect(asked.some((path) => path.includes('/privatelinkscopeoperationstatuses/'))).toBe(true)
    const { changes, unchanged } = await plan()
    expect(changes).not.toContain('create scopedResource MSProm-westeurope-aks-neu')
    expect(unchanged).toBe(8)
  }, 120_000)

  it('then an apply does the rest and leaves manually created objects alone', async () => {
    if (simulator === undefined) throw new Error('there is no simulator')
    const before = new Map(simulator.azure.snapshot().resources.map((one) => [one.id, one]))
    const { outputs, stdout } = await runCommand(simulator, topology, 'apply')
    if (outputs['result'] !== 'applied') throw new Error(stdout)
    const after = new Map(simulator.azure.snapshot().resources.map((one) => [one.id, one]))
    const byHand = [...before].filter(([id]) => /by-hand|scopedResources/i.test(id))
    expect(byHand.length).toBe(6)
    for (const [id, one] of byHand) expect(after.get(id)).toEqual(one)
    expect(await plan()).toEqual({ changes: [], unchanged: 14 })
  }, 120_000)
})
