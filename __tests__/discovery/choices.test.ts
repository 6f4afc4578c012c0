import { describe, expect, test } from '@jest/globals'
import { aliasesFor } from '../../src/discovery/aliases.ts'
import { linkName, machineEndpointName } from '../../src/resources/names.ts'
import { markOf } from '../../src/resources/ownership.ts'
import { idOf } from '../oracle/random.ts'
import { found, type World } from '../oracle/world.ts'
import { addRule, type Building, scopeId, worldOf } from './compliant.ts'
import { importOf } from './importOf.ts'

const home = '11111111-1111-1111-1111-111111111111'
const dce = (name: string, group = 'rg-Hub') =>
  idOf(home, group, 'Microsoft.Insights/dataCollectionEndpoints', name)
const vm = (name: string, group = 'rg-app') =>
  idOf(home, group, 'Microsoft.Compute/virtualMachines', name)

/**
 * Builds an estate step by step, starting with one Azure Monitor workspace and one endpoint in
 * westeurope.
 */
function estate() {
  const building: Building = {
    links: [],
    targets: new Map(),
    monitorWorkspaces: new Map(),
    logWorkspaces: new Map(),
    endpoints: new Map(),
    rules: new Map(),
    associations: new Map(),
    ruleAssociations: new Map(),
  }
  const link = (id: string, name = `link-${building.links.length}`) => {
    building.links.push({
      id: `${scopeId.text}/scopedResources/${name}`,
      name,
      linkedResourceId: id,
      provisioningState: 'Succeeded',
    })
  }
  const endpoint = (id: ReturnType<typeof dce>, location: string, tags = {}) => {
    building.endpoints.set(
      id.key,
      found({
        id: id.text,
        name: id.name,
        location,
        tags,
        publicNetworkAccess: 'Disabled',
        links: [],
      }),
    )
    return id
  }
  const machine = (id: ReturnType<typeof vm>, location: string, endpointId?: string, tags = {}) => {
    const target = { id: id.text, name: id.name, type: id.type, location, tags }
    building.targets.set(id.key, found(target))
    if (endpointId !== undefined) {
      building.associations.set(id.key, {
        id: `${id.text}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`,
        target: id.text,
        endpointId,
      })
    }
    return target
  }
  const automatic = endpoint(dce('amw', 'MA_amw'), 'westeurope')
  const amw = idOf(home, 'rg-Hub', 'Microsoft.Monitor/accounts', 'amw')
  building.monitorWorkspaces.set(
    amw.key,
    found({
      id: amw.text,
      name: 'amw',
      location: 'westeurope',
      endpointId: automatic.text,
      hasQueryPrivateEndpoint: true,
    }),
  )
  link(automatic.text)
  const shared = endpoint(dce('dce-weu'), 'westeurope')
  link(shared.text)
  return {
    building,
    link,
    endpoint,
    machine,
    amw,
    automatic,
    shared,
    world: () => worldOf(building),
  }
}

function settingsOf(world: World, name?: string) {
  const { topology, plan, text } = importOf(world, name)
  return { settings: topology.endpoints, name: topology.name, plan, text, topology }
}

describe('machineIngestion', () => {
  /** Two machines that send metrics through endpoints with these names. */
  function senders(nameOf: (id: ReturnType<typeof vm>) => string) {
    const it = estate()
    for (const name of ['vm-1', 'vm-2']) {
      const id = vm(name)
      const target = it.machine(id, 'westeurope', it.shared.text)
      const through = it.endpoint(dce(nameOf(id)), 'westeurope')
      it.link(through.text)
      const more = { streams: ['Microsoft-OtelPerfMetrics'], metricsDestinations: [it.amw.text] }
      addRule(it.building, target, `otel-${name}`, 'westeurope', {
        ...more,
        endpointId: through.text,
      })
    }
    return it.world()
  }

  test('is none if the endpoints have other names', () => {
    const { settings, plan } = settingsOf(senders(({ name }) => `MSOtel-${name}`))
    expect(settings.machineIngestion).toBe('none')
    expect(plan.changes).toEqual([])
  })

  test('is perMachine when every machine has an endpoint with the default name', () => {
    const nameOf = ({ key }: { key: string }) =>
      machineEndpointName('dce-{machine}-{hash}', {
        topology: 'x',
        region: 'westeurope',
        machineId: key,
      }) ?? ''
    const { settings, plan } = settingsOf(senders(nameOf))
    expect(settings.machineIngestion).toBe('perMachine')
    expect(plan.changes).toEqual([])
  })

  test('is perRegion when the region has an endpoint with the default name', () => {
    const { settings, plan } = settingsOf(
      senders(() => 'dce-hub-westeurope-ingest'),
      'hub',
    )
    expect(settings.machineIngestion).toBe('perRegion')
    expect(plan.changes).toEqual([])
  })
})

describe('existing', () => {
  test('is the most used linked endpoint of a region, only for regions where a target must move', () => {
    const it = estate()
    it.machine(vm('vm-1'), 'westeurope', it.shared.text)
    it.machine(vm('vm-2'), 'westeurope', it.shared.text)
    it.machine(vm('vm-3'), 'westeurope', it.automatic.text)
    expect(settingsOf(it.world()).settings.existing).toEqual([])
    const far = it.endpoint(dce('dce-neu'), 'northeurope')
    it.link(far.text)
    it.machine(vm('vm-4'), 'westeurope', far.text)
    const { settings, plan } = settingsOf(it.world())
    expect(settings.existing).toMatchObject([{ region: 'westeurope', id: { key: it.shared.key } }])
    expect(plan.changes).toMatchObject([
      { action: 'replace', after: { endpointId: it.shared.text } },
    ])
  })

  test('omits a region without a linked endpoint: the plan creates one there', () => {
    const it = estate()
    it.machine(vm('vm-1'), 'eastus', it.shared.text)
    const { settings, plan } = settingsOf(it.world(), 'hub')
    expect(settings.existing).toEqual([])
    expect(plan.changes.map(({ action, kind }) => `${action} ${kind}`)).toEqual([
      'create dataCollectionEndpoint',
      'create scopedResource',
      'replace association',
    ])
  })
})

describe('The name', () => {
  test('is the single mark of this scope; marks of other scopes do not count', () => {
    const it = estate()
    it.machine(vm('vm-1'), 'westeurope', it.shared.text)
    expect(settingsOf(it.world()).name).toBe('ampls-hub-01')
    const tag = (mark: string) => ({ 'azure-monitor-private-link': mark })
    it.endpoint(dce('dce-weu'), 'westeurope', tag(markOf('prod', `${scopeId.text}-other`)))
    expect(settingsOf(it.world()).name).toBe('ampls-hub-01')
    it.endpoint(dce('dce-weu'), 'westeurope', tag(markOf('prod', scopeId.text)))
    const { name, plan } = settingsOf(it.world())
    expect(name).toBe('prod')
    expect(plan.changes).toEqual([])
  })

  test('comes from the scope if two topologies marked it, and both are listed', () => {
    const it = estate()
    it.machine(vm('vm-1'), 'westeurope', it.shared.text)
    const other = it.endpoint(dce('dce-2'), 'westeurope')
    it.machine(vm('vm-2'), 'westeurope', other.text)
    it.link(it.shared.text, linkName('prod', it.shared.text))
    it.link(other.text, linkName('dev', other.text))
    const { name, text, plan } = settingsOf(it.world())
    expect(name).toBe('ampls-hub-01')
    expect(text).toContain('formerNames: [dev, prod]')
    expect(plan.changes).toEqual([])
  })
})

describe('More than 20 machines of one resource group', () => {
  function crowd(count: number, others: readonly string[]) {
    const it = estate()
    for (let n = 0; n < count; n++) {
      it.machine(vm(`vm-${String(n).padStart(5, '0')}`), 'westeurope', it.shared.text, { set: 'a' })
    }
    for (const name of others) it.machine(vm(name), 'westeurope', undefined, { set: 'a' })
    return it.world()
  }

  test('are written one per line, below the select that would match the same machines', () => {
    const { text, topology } = settingsOf(crowd(21, []))
    expect(topology.targets).toHaveLength(21)
    expect(text).toContain(
      '21 machines of rg-app share these settings. This select would match the same',
    )
    expect(text).toContain('  #   - select:\n  #       resourceGroups: [rg-app]\n')
    expect(settingsOf(crowd(20, [])).text).not.toContain('select')
  })

  test('have a comment that lists what else the select would match', () => {
    const { text } = settingsOf(crowd(21, ['stranger-1', 'stranger-2']))
    expect(text).toContain('This select would match them and also stranger-1')
  })

  test('become a select if the file would exceed 1 MiB and the select matches them exactly', () => {
    const long = 'a'.repeat(60)
    const it = estate()
    for (let n = 0; n < 14_000; n++) {
      const group = `rg-${n % 3 === 0 ? 'exact' : 'mixed'}-${long}`
      it.machine(vm(`vm-${n}-${long}`.slice(0, 64), group), 'westeurope', it.shared.text)
    }
    it.machine(vm('stranger', `rg-mixed-${long}`), 'westeurope')
    expect(() => importOf(it.world())).toThrow('1 MiB')
    const fit = estate()
    for (let n = 0; n < 14_000; n++) {
      const group = `rg-${n % 30}-${long}`
      fit.machine(vm(`vm-${n}-${long}`.slice(0, 64), group), 'westeurope', fit.shared.text)
    }
    const { text, topology } = importOf(fit.world())
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024)
    expect(topology.selects).toHaveLength(30)
    expect(topology.targets).toEqual([])
  })
})

describe('Aliases', () => {
  const law = (name: string, group: string) =>
    idOf(home, group, 'Microsoft.OperationalInsights/workspaces', name).text
  const amw = (name: string, group: string) =>
    idOf(home, group, 'Microsoft.Monitor/accounts', name).text
  const place = (id: string, name: string) =>
    [id.toLowerCase(), { id, name, location: 'westeurope', hasQueryPrivateEndpoint: true }] as const

  test('are the workspaces’ names, made unique within the file', () => {
    const aliases = aliasesFor({
      monitor: new Map([place(amw('X', 'rg'), 'X'), place(amw('1e3', 'rg'), '1e3')]),
      logs: new Map([
        place(law('x', 'rg-1'), 'x'),
        place(law('x', 'rg-2'), 'x'),
        place(law('Law_Prod.weu', 'rg'), 'Law_Prod.weu'),
        place(law('__', 'rg'), '__'),
        place(law('a'.repeat(80), 'rg'), 'a'),
      ]),
    })
    const values = [...aliases.values()]
    expect(new Set(values).size).toBe(7)
    for (const alias of values) expect(alias).toMatch(/^[a-z][a-z0-9-]{0,63}$/)
    expect(values).toEqual(
      expect.arrayContaining([
        'x-metrics',
        'x-rg-1',
        'x-rg-2',
        'law-prod-weu',
        'ws-1e3',
        'workspace',
      ]),
    )
  })
})

describe('a monitoring add-on', () => {
  const law = (name: string) =>
    idOf(home, 'rg-Hub', 'Microsoft.OperationalInsights/workspaces', name)

  /** Adds a cluster that uses the scope and whose add-on sends to this workspace. */
  function withAddon(it: ReturnType<typeof estate>, name: string, workspaceId: string): void {
    const id = idOf(home, 'rg-aks', 'Microsoft.ContainerService/managedClusters', name)
    const target = it.machine(id, 'westeurope', it.shared.text)
    const addons = [{ name: 'omsagent', workspaceId, usesKey: true }] as const
    it.building.targets.set(id.key, found({ ...target, addons }))
  }

  function place(it: ReturnType<typeof estate>, name: string): string {
    const { key, text } = law(name)
    it.building.logWorkspaces.set(key, found({ id: text, name, location: 'westeurope' }))
    return text
  }

  test('is mentioned in a comment if only it sends to a workspace, and that workspace is not linked', () => {
    const it = estate()
    const text = place(it, 'law-aks')
    for (const name of ['aks-1', 'aks-2']) withAddon(it, name, text)
    const imported = importOf(it.world())
    expect(imported.topology.logAnalyticsWorkspaces).toEqual([])
    const words = imported.text.replace(/\n *# /g, ' ')
    expect(words).toContain(
      'The monitoring add-ons of rg-aks/aks-1 and rg-aks/aks-2 send to rg-Hub/law-aks, but no data collection rule does, so it is not in this file.',
    )
    expect(imported.plan.changes).toEqual([])
  })

  test('is not mentioned if the scope links the workspace or a rule sends to it', () => {
    const it = estate()
    const linked = place(it, 'law-linked')
    it.link(linked)
    withAddon(it, 'aks-1', linked.toUpperCase())
    const imported = importOf(it.world())
    expect(imported.topology.logAnalyticsWorkspaces).toHaveLength(1)
    expect(imported.text).not.toContain('add-on')
  })
})
