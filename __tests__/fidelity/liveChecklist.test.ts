import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { type Estate, expandEstate, idOf } from '../../simulator/estate.ts'
import {
  type Knobs,
  type SeedResource,
  type Simulator,
  startSimulator,
} from '../../simulator/simulator.ts'
import { talkTo } from './talk.ts'

const run = promisify(execFile)
const subscription = '11111111-1111-1111-1111-111111111111'
const script = path.resolve(import.meta.dirname, '../../scripts/live-checklist.mjs')

interface Told {
  /** The observations, by number of the point. */
  readonly seen: Readonly<Record<string, string>>
  readonly text: string
  /** Ids that exist at the end and did not at the start. */
  readonly left: readonly string[]
  /** `PUT …`: every write that was sent. */
  readonly writes: readonly string[]
}

const given = {
  read: ['--scope', idOf(subscription, 'scope', 'rg-net/ampls')],
  try: [
    ...['--group', 'rg-check', '--target', idOf(subscription, 'machine', 'rg-check/vm')],
    ...['--workspace', idOf(subscription, 'logWorkspace', 'rg-check/law')],
  ],
}
/** An estate for the reading part: a scope and its surroundings. */
const asked = [
  ...['--scope', idOf(subscription, 'scope', 'rg-net/ampls')],
  ...['--workspace', idOf(subscription, 'logWorkspace', 'rg-check/law')],
  ...['--monitor-workspace', idOf(subscription, 'monitorWorkspace', 'rg-logs/amw')],
  ...['--rule', idOf(subscription, 'rule', 'rg-check/dcr')],
]
const telemetryKnobs = { queryEndpoints: 'self', caller: 'inside' } as const

const bare: Estate = {
  subscription,
  resourceGroups: ['rg-check'],
  scope: { id: 'rg-net/ampls', links: { 'My-Law': 'log:rg-logs/law' } },
  logWorkspaces: { 'rg-logs/law': 'westeurope', 'rg-check/law': 'westeurope' },
  monitorWorkspaces: { 'rg-logs/amw': 'westeurope' },
  machines: { 'rg-check/vm': 'westeurope' },
}

/** With a private endpoint, and a machine that sends through it. */
const inNetwork: Estate = {
  ...bare,
  scope: {
    id: 'rg-net/ampls',
    privateEndpoints: { 'rg-net/pe': 'approved' },
    links: { 'My-Law': 'log:rg-check/law', 'My-Dce': 'rg-check/dce' },
  },
  endpoints: { 'rg-check/dce': 'westeurope' },
  rules: {
    'rg-check/dcr': {
      location: 'westeurope',
      streams: ['Microsoft-Perf'],
      logs: ['rg-check/law'],
    },
  },
  machines: {
    'rg-check/vm': {
      location: 'westeurope',
      endpoint: 'rg-check/dce',
      rules: ['rg-check/dcr'],
    },
  },
}

const regions = ['--location', 'westeurope', '--other-location', 'northeurope']

/** Runs the script against a simulator, with an `az` that returns its address. */
async function tell(
  command: 'read' | 'try',
  knobs: Partial<Knobs>,
  args: readonly string[] = given[command],
): Promise<Told> {
  const simulator = await startSimulator({
    estate: expandEstate(args === asked ? inNetwork : bare),
    knobs: { scopedWriteMs: 400, ...knobs },
  })
  const front = await startFront(simulator)
  const folder = await mkdtemp(path.join(tmpdir(), 'ampl-check-'))
  try {
    const ids = () => simulator.azure.snapshot().resources.map(({ id }) => id)
    const before = new Set(ids())
    await writeFile(path.join(folder, 'az'), stub(front.url, simulator), {
      mode: 0o755,
    })
    const { stdout } = await run(
      process.execPath,
      [script, command, '--pause', '50', ...(command === 'try' ? regions : []), ...args],
      {
        env: {
          PATH: `${folder}${path.delimiter}${process.env['PATH'] ?? ''}`,
          NODE_EXTRA_CA_CERTS: simulator.caFile,
        },
      },
    )
    const rows = [...stdout.matchAll(/^\| ([PT]\d+|–) \| [^|]+ \| (.*) \|$/gm)]
    return {
      seen: Object.fromEntries(rows.map(([, number = '', seen = '']) => [number, seen])),
      text: stdout,
      left: ids().filter((id) => !before.has(id)),
      writes: front.writes,
    }
  } finally {
    await front.close()
    await simulator.close()
    await rm(folder, { recursive: true, force: true })
  }
}

interface Front {
  readonly url: string
  readonly writes: readonly string[]
  readonly close: () => Promise<void>
}

/** Resources that the script creates, of types that the simulator only reads. */
const made =
  /\/(resourcegroups\/[^/]+|workspaces\/[^/]+|virtualnetworks\/[^/]+|virtualmachinescalesets\/[^/]+)$/i

/**
 * A proxy in front of the simulator, which also accepts what only the checklist writes: a group and
 * its resources.
 */
async function startFront(simulator: Simulator): Promise<Front> {
  const writes: string[] = []
  const talk = talkTo(simulator)
  const answer = async (method: string, url: string, body: string) => {
    const [id = ''] = url.split('?')
    if (method === 'PUT' || method === 'DELETE') writes.push(`${method} ${id}`)
    if (method === 'PUT' && made.test(id)) {
      const resource = { ...(JSON.parse(body) as object), id } as SeedResource
      if (id.includes('/providers/')) simulator.azure.put(resource)
      return { status: 201, body: resource }
    }
    if (method === 'DELETE' && /\/resourcegroups\/[^/]+$/i.test(id)) {
      for (const one of simulator.azure.snapshot().resources)
        if (one.id.toLowerCase().startsWith(`${id.toLowerCase()}/`)) simulator.azure.remove(one.id)
      return { status: 202, body: undefined }
    }
    return await talk.question(method, url, body)
  }
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request
    void text(request)
      .then((body) => answer(method, url, body))
      .then((reply) => {
        const headers = 'headers' in reply ? { ...reply.headers } : {}
        delete headers['content-length']
        delete headers['transfer-encoding']
        response.writeHead(reply.status, headers)
        response.end(reply.body === undefined ? '' : JSON.stringify(reply.body))
      })
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    writes,
    close: async () => {
      talk.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** An Azure CLI that returns the proxy's address, and a token for each requested audience. */
function stub(url: string, simulator: Simulator): string {
  const logs = `${simulator.url}/_logs`
  const tokenFor = (audience?: string) => ({ accessToken: simulator.token(undefined, audience) })
  const answers = {
    'account show ': { id: subscription, tenantId: '72f988bf-0000-4000-8000-2d7cd011db47' },
    'account get-access-token ': tokenFor(),
    [`account get-access-token --resource ${logs}`]: tokenFor(logs),
    'account get-access-token --resource https://prometheus.monitor.azure.com': tokenFor(
      'https://prometheus.monitor.azure.com',
    ),
    'cloud show ': { endpoints: { resourceManager: `${url}/`, logAnalyticsResourceId: logs } },
    'provider operation show --namespace': [
      'Microsoft.Insights/DataCollectionEndpoints/ScopedPrivateLinkProxies/Write',
    ],
  }
  const cases = Object.entries(answers).map(
    ([words, answer]) => `"${words}") echo '${JSON.stringify(answer)}';;`,
  )
  // Every command of the script ends with --output json.
  return `#!/bin/sh\nwords="$1 $2 $3 $4"\ncase "\${words%--output json}" in\n${cases.join('\n')}\nesac\n`
}

/** The points that only writing can answer. */
const tried = ['P1', 'P11', 'P12', 'P13', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7']

describe('scripts/live-checklist.mjs', () => {
  it('reads without writing, and omits who owns it', async () => {
    const { seen, text: told, left, writes } = await tell('read', {})
    expect([left, writes]).toEqual([[], []])
    expect(told).not.toMatch(/11111111|72f988bf|rg-net|rg-logs/)
    expect(seen).toEqual({
      P6: 'microsoft.operationalinsights/workspaces: 1',
      P8: expect.stringMatching(
        /^insightsresources: 0 rows · insightresources: 400 BadRequest/,
      ) as unknown,
      P9: '"Microsoft.Insights/DataCollectionEndpoints/ScopedPrivateLinkProxies/Write"',
      P10: expect.stringMatching(
        /locks: 404 .*denyAssignments: 404 .*managedBy not set/,
      ) as unknown,
      P11: 'id …/providers/microsoft.insights/privatelinkscopes/ampls/scopedresources/My-Law · linkedResourceId /subscriptions/…/resourcegroups/…/providers/microsoft.operationalinsights/workspaces/law',
      P15: 'resources: 0 rows · insightsresources: 0 rows',
      ...Object.fromEntries(['T2', 'T3', 'T8'].map((point) => [point, 'needs --workspace'])),
      ...Object.fromEntries(['T1', 'T5'].map((point) => [point, 'needs --monitor-workspace'])),
      T4: 'this cloud has another service',
      T6: 'no private endpoint',
      T7: 'needs --rule',
    })
  })

  it('reads the other answer too', async () => {
    const { seen } = await tell('read', {
      ...{ graphScoped: 'resources', graphLinks: 'hidden', associationTable: 'insightresources' },
    })
    expect(seen).toMatchObject({
      P6: 'none does here (is anything linked?)',
      P8: expect.stringMatching(
        /^insightsresources: 400 BadRequest.*insightresources: 0 rows$/,
      ) as unknown,
      P15: expect.stringMatching(/^resources: 1 rows/) as unknown,
    })
  })

  it('tries everything, reports the answers, and leaves nothing behind', async () => {
    const { seen, text: told, left } = await tell('try', {})
    expect(left).toEqual([])
    expect(told).not.toMatch(/11111111|72f988bf/)
    expect(seen).toEqual({
      P1: expect.stringMatching(
        /^409 Conflict: Cannot modify resource while in provisioning state: 'Provisioning'; the first ended Succeeded after \d+ s$/,
      ) as unknown,
      P2: 'PUT 200, Provisioning, no header to poll; the scope is Provisioning meanwhile',
      P3: expect.stringMatching(
        /^unlinking answers 200, no header to poll · deleting answers 409 Conflict.*; the association still exists afterwards$/,
      ) as unknown,
      P4: expect.stringMatching(/^409 Conflict: It's not possible to delete resources/) as unknown,
      P5: expect.stringMatching(/^as it is: 200 · under another name: 409 Conflict/) as unknown,
      P6: 'yes, after about 0 s',
      P7: '200',
      P11: expect.stringMatching(
        /^linkedResourceId all in lower case; id ….microsoft.insights.privatelinkscopes.ampls-check-\w+.scopedresources.dce$/,
      ) as unknown,
      P12: expect.stringMatching(
        /^digit: 200 · two characters: 400 .* · one character: 400 .* · 45 characters: 400 .* · ends in -: 400 /,
      ) as unknown,
      P13: expect.stringMatching(
        /^PUT 200 in 0 s, .*x-ms-ratelimit-remaining-subscription/,
      ) as unknown,
    })
  })

  it('creates its own group, writes nowhere else, and deletes the group', async () => {
    const { seen, text: told, left, writes } = await tell('try', {}, [])
    expect(left).toEqual([])
    expect(told).not.toMatch(/11111111|72f988bf|Stopped/)
    expect(Object.keys(seen).sort()).toEqual(tried)
    const [first = '', ...others] = writes
    expect(first).toMatch(/^PUT \/subscriptions\/[^/]+\/resourceGroups\/rg-ampl-check-\w+$/)
    const group = first.replace('PUT ', '')
    expect(others.at(-1)).toBe(`DELETE ${group}`)
    expect(others.filter((write) => !write.split(' ')[1]?.startsWith(group))).toEqual([])
  })

  it('deletes what it created if it must stop half-way, and says why', async () => {
    // A group that the caller does not have: the second creation is refused.
    const { seen, left } = await tell('try', {}, ['--group', 'rg-missing', ...given.try.slice(2)])
    expect(left).toEqual([])
    expect(seen).toEqual({
      '–': expect.stringMatching(
        /^could not create ampls-check-\w+: 404 ResourceGroupNotFound/,
      ) as unknown,
    })
  })

  it('reports the other answer too', async () => {
    const { seen, left } = await tell('try', {
      ...{
        busyStatus: 400,
        lro: 'async-operation',
        retryAfterSeconds: 1,
        identicalLink: 'conflict',
      },
      ...{ otherRegion: 'refuse', linkedDelete: 'allow', endpointNames: 'lenient' },
    })
    expect(left).toEqual([])
    expect(seen).toMatchObject({
      P1: expect.stringMatching(/^400 BadRequest: Cannot modify/) as unknown,
      P2: 'PUT 202, no body, azure-asyncoperation + location + Retry-After: 1; the scope is Provisioning meanwhile',
      P3: 'it was deleted above',
      P4: '200',
      P5: expect.stringMatching(/^as it is: 409 Conflict/) as unknown,
      P7: expect.stringMatching(/^400 .*same region/) as unknown,
      P12: expect.stringMatching(
        /^digit: 200 · two characters: 200 · one character: 200 · 45/,
      ) as unknown,
    })
  })
})

describe('scripts/live-checklist.mjs, telemetry', () => {
  it("reports the query services' answers, without addresses or names", async () => {
    const { seen, text: told, left, writes } = await tell('read', telemetryKnobs, asked)
    expect([left, writes]).toEqual([[], []])
    expect(told).not.toMatch(/11111111|72f988bf|rg-net|rg-logs|fd40|10\.0\.0/)
    expect(seen).toMatchObject({
      T1: '200; public access: Disabled; 0 series, 0 with Microsoft.resourceid',
      T2: 'fd00::/8: 1',
      T3: '200; public access for queries: Disabled',
      T4: 'this cloud has another service',
      T5: 'not in this cloud',
      T6: expect.stringMatching(
        /^privatelink\.monitor\.azure\.com: 9 records \(handler\.control, ingest\), /,
      ) as unknown,
      T7: expect.stringMatching(/^404 /) as unknown,
      T8: expect.stringMatching(/^(?:200|400 )/) as unknown,
    })
  })

  it('reports a refusal only by its codes', async () => {
    const { seen } = await tell('read', { ...telemetryKnobs, caller: 'internet' }, asked)
    expect(seen).toMatchObject({
      T1: expect.stringMatching(/^403.*; public access: Disabled/) as unknown,
      T2: '403 InsufficientAccessError / NspValidationFailedError',
      T3: '403 InsufficientAccessError / NspValidationFailedError; public access for queries: Disabled',
    })
  })
})
