import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { EgressFqdns } from '../../src/egress/egress.ts'
import type { Said, Zone } from './dnsServer.ts'
import type { ServersPlan } from './servers.ts'
import { type Authority, makeAuthority } from './tlsServer.ts'

/**
 * Runs `check-network` in two network namespaces with a real resolver, a blackholed route and an
 * intercepting certificate. The client's only route is a router that has the private endpoint, the
 * public addresses and the DNS server. The bundle runs as on a runner, with only the list of names.
 */
const canMake =
  process.getuid?.() === 0 && spawnSync('ip', ['netns', 'list'], { stdio: 'ignore' }).status === 0
const slowly = process.env['SLOW'] === '1' && canMake ? describe : describe.skip

const client = `pl-client-${process.pid}`
const router = `pl-router-${process.pid}`
const dns = '10.1.0.1'
const ip = (...words: readonly string[]) => execFileSync('ip', words, { stdio: 'pipe' })

const group = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers'
const dce = `${group}/Microsoft.Insights/dataCollectionEndpoints/dce-weu`
const law = `${group}/Microsoft.OperationalInsights/workspaces/law`
const config = 'dce-weu-71ib.westeurope-1.handler.control.monitor.azure.com'
const ingest = 'dce-weu-71ib.westeurope-1.ingest.monitor.azure.com'
const ods = '0aa1b2c3-0000-4000-8000-00000000abcd.ods.opinsights.azure.com'
const oms = '0aa1b2c3-0000-4000-8000-00000000abcd.oms.opinsights.azure.com'
const shared = 'global.handler.control.monitor.azure.com'
const query = 'api.loganalytics.io'
const regional = 'westeurope.handler.control.monitor.azure.com'
const hosts = [config, ingest, ods, oms]
const egress: EgressFqdns = {
  formatVersion: 1,
  topology: 'production',
  scope: `${group}/Microsoft.Insights/privateLinkScopes/ampls`,
  private: true,
  regions: [
    {
      region: 'westeurope',
      hosts,
      targets: [
        {
          id: `${group}/Microsoft.Compute/virtualMachines/vm-01`,
          hosts,
          wildcards: [],
          pending: [],
        },
      ],
    },
  ],
  endpoints: [{ id: dce, configurationAccess: config, logsIngestion: ingest }],
  logWorkspaces: [{ id: law, hosts: [ods, oms] }],
}

const well: Zone = {
  [config]: { a: ['10.0.0.4'] },
  [ingest]: { a: ['10.0.0.5'] },
  [ods]: { a: ['10.0.0.6'] },
  [oms]: { a: ['10.0.0.7'] },
  [shared]: { cname: 'global.handler.control.privatelink.monitor.azure.com' },
  'global.handler.control.privatelink.monitor.azure.com': { a: ['10.0.0.8'] },
  [query]: { cname: 'api.privatelink.monitor.azure.com' },
  'api.privatelink.monitor.azure.com': { a: ['10.0.0.9'] },
  [regional]: { a: ['20.1.1.1'] },
}
const served = ['4', '5', '6', '7', '8', '9', '10'].map((last) => `10.0.0.${last}`)
const blackholed = '10.0.0.66'
const intercepted = '10.0.0.77'

let folder: string
let trusted: Authority
let plan: Omit<ServersPlan, 'zone'>

slowly('check-network in a network namespace', () => {
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'namespaces-'))
    makeNetwork()
    trusted = await makeAuthority('Microsoft Azure RSA TLS Issuing CA 03', 'Microsoft Corporation')
    writeFileSync(path.join(folder, 'ca.pem'), trusted.certificate)
    const names = [...hosts, shared, query, regional]
    const right = await trusted.sign(names)
    const wrong = await (await makeAuthority('Inspection CA', 'Contoso Proxy')).sign(names)
    plan = {
      dns,
      https: [
        ...[...served, '20.1.1.1'].map((address) => ({ address, ...right })),
        { address: intercepted, ...wrong },
      ],
    }
    writeFileSync(path.join(folder, 'egress.json'), JSON.stringify(egress))
  }, 60_000)
  afterAll(() => {
    for (const name of [client, router]) spawnSync('ip', ['netns', 'del', name])
    rmSync(path.join('/etc/netns', client), { recursive: true, force: true })
    rmSync(folder, { recursive: true, force: true })
  })

  it('private and healthy names are reachable', async () => {
    const { exit, outputs, check, summary } = await checkIn(well)
    expect([exit, outputs['result'], check.inside]).toEqual([0, 'reachable', true])
    expect(summary).toContain('## ✅ production: 6 names private and reachable from here')
    expect(check.names.find(({ name }) => name === config)).toMatchObject({
      addresses: ['10.0.0.4'],
      state: 'private',
      connected: true,
      tls: 'verified',
      ping: 'Healthy',
      cause: null,
    })
  })

  it.each<readonly [string, string, Said, string, RegExp]>([
    ['a zone that is not there', ods, { a: ['20.1.1.1'] }, 'public', /^own DNS server: /],
    ['a name that is not there', ods, { a: [] }, 'no-address', /^not scoped: /],
    [
      'a route into nowhere',
      ingest,
      { a: [blackholed] },
      'unreachable',
      /^route or firewall: .*ETIMEDOUT/,
    ],
    [
      'a certificate of somebody else',
      oms,
      { a: [intercepted] },
      'unreachable',
      /^intercepted TLS: .*Contoso Proxy/,
    ],
    ['a server that says nothing', ods, 'silence', 'no-address', /^own DNS server: .*answer/],
    ['aliases in a circle', ods, { cname: ods }, 'no-address', /./],
  ])('%s is told', async (_, name, said, state, cause) => {
    const { exit, outputs, check } = await checkIn({ ...well, [name]: said })
    expect([exit, outputs['result'], outputs['failure-reason']]).toEqual([
      1,
      'unreachable',
      'network-unreachable',
    ])
    const found = check.names.find((each) => each.name === name)
    expect(found?.state).toBe(state)
    expect(found?.cause).toMatch(cause)
    expect(found?.remedy).not.toBe('')
  })

  it("a different hosts file is shown beside the DNS server's answer", async () => {
    const hostsFile = path.join('/etc/netns', client, 'hosts')
    writeFileSync(hostsFile, `10.0.0.10 ${ods}\n`)
    try {
      const { check, summary } = await checkIn({ ...well, [ods]: { a: ['20.1.1.1'] } })
      expect(check.names.find(({ name }) => name === ods)).toMatchObject({
        addresses: ['10.0.0.10'],
        addressesByServers: ['20.1.1.1'],
      })
      expect(summary).toContain('; the DNS servers return <code>')
    } finally {
      rmSync(hostsFile)
    }
  })

  it('40 addresses arrive over TCP, and are private', async () => {
    const many = Array.from({ length: 40 }, (_, index) => `10.2.0.${index + 1}`)
    const { outputs, check } = await checkIn({ ...well, [ods]: { a: [...many, '10.0.0.10'] } })
    expect(check.names.find(({ name }) => name === ods)?.addresses).toHaveLength(41)
    expect(outputs['result']).toMatch(/reachable/)
  })

  it('only public names: this runner is not in the network', async () => {
    const open = Object.fromEntries([...hosts, shared, query, regional].map((n) => [n, publicly]))
    const { exit, outputs, check, summary } = await checkIn(open)
    expect([exit, outputs['result'], check.inside]).toEqual([0, 'unknown', false])
    expect(summary).toContain('This runner is not in the network')
  })
})

const publicly: Said = { a: ['20.1.1.1'] }

/** A client and a router; the router runs every server, and drops packets to one address. */
function makeNetwork(): void {
  for (const name of [client, router]) ip('netns', 'add', name)
  ip('link', 'add', 'pl0', 'netns', client, 'type', 'veth', 'peer', 'name', 'pl1', 'netns', router)
  ip('-n', client, 'addr', 'add', '10.1.0.2/24', 'dev', 'pl0')
  ip('-n', router, 'addr', 'add', `${dns}/24`, 'dev', 'pl1')
  for (const [name, device] of [
    [client, 'pl0'],
    [router, 'pl1'],
    [client, 'lo'],
    [router, 'lo'],
  ] as const)
    ip('-n', name, 'link', 'set', device, 'up')
  ip('-n', client, 'route', 'add', 'default', 'via', dns)
  for (const address of [...served, intercepted, '20.1.1.1'])
    ip('-n', router, 'addr', 'add', `${address}/32`, 'dev', 'lo')
  ip('netns', 'exec', router, 'sysctl', '-qw', 'net.ipv4.ip_forward=1')
  ip('-n', router, 'route', 'add', 'blackhole', blackholed)
  mkdirSync(path.join('/etc/netns', client), { recursive: true })
  writeFileSync(path.join('/etc/netns', client, 'resolv.conf'), `nameserver ${dns}\n`)
}

interface Checked {
  readonly exit: number | null
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  readonly check: {
    readonly inside: boolean | null
    readonly names: readonly {
      readonly name: string
      readonly state: string
      readonly addresses: readonly string[]
      readonly cause: string | null
      readonly remedy: string | null
    }[]
  }
}

async function checkIn(zone: Zone): Promise<Checked> {
  const file = path.join(folder, 'servers.json')
  writeFileSync(file, JSON.stringify({ ...plan, zone } satisfies ServersPlan))
  const servers = await startServers(file)
  try {
    const at = (name: string) => path.join(folder, name)
    for (const name of ['output', 'summary.md']) writeFileSync(at(name), '')
    const ran = spawnSync('ip', ['netns', 'exec', client, process.execPath, 'dist/index.js'], {
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        INPUT_COMMAND: 'check-network',
        'INPUT_EGRESS-JSON': 'egress.json',
        GITHUB_ACTIONS: 'true',
        GITHUB_WORKSPACE: folder,
        GITHUB_OUTPUT: at('output'),
        GITHUB_STEP_SUMMARY: at('summary.md'),
        RUNNER_TEMP: folder,
        RUNNER_ENVIRONMENT: 'self-hosted',
        NODE_EXTRA_CA_CERTS: at('ca.pem'),
      },
    })
    const outputs = outputsOf(readFileSync(at('output'), 'utf8'))
    const json = outputs['network-json'] ?? ''
    if (json === '') throw new Error(`No check: ${ran.stdout}\n${ran.stderr}`)
    return {
      exit: ran.status,
      outputs,
      summary: readFileSync(at('summary.md'), 'utf8'),
      check: JSON.parse(readFileSync(json, 'utf8')) as Checked['check'],
    }
  } finally {
    servers.kill()
  }
}

async function startServers(file: string): Promise<ChildProcess> {
  const script = path.join(import.meta.dirname, 'servers.ts')
  const words = ['netns', 'exec', router, process.execPath, '--import', 'tsx', script, file]
  const servers = spawn('ip', words, { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve, reject) => {
    servers.stdout.once('data', resolve)
    servers.once('exit', () => reject(new Error('The servers did not start.')))
  })
  return servers
}

/** Parses outputs as the runner does: `name<<delimiter`, value, delimiter. */
function outputsOf(text: string): Readonly<Record<string, string>> {
  const found = [...text.matchAll(/^(.+?)<<(ghadelimiter_.+)\n([\s\S]*?)\n?\2\n/gm)]
  return Object.fromEntries(found.map(([, name = '', , value = '']) => [name, value]))
}
