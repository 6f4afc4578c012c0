import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { isObject, textAt } from '../../../simulator/azure/json.ts'
import type { SeedResource } from '../../../simulator/simulator.ts'
import { start } from './ask.ts'

const folder = new URL('../../../../shared/traffic/', import.meta.url)
const recorded = '00000000-0000-0000-0000-000000000000'
const group = (name: string): string =>
  `/subscriptions/${recorded}/resourceGroups/${name}/providers`

interface Interaction {
  readonly request: { readonly method: string; readonly uri: string; readonly body?: unknown }
  readonly response: { readonly status: number; readonly body: unknown }
}

interface Replay {
  readonly file: string
  /** Resources of read-only types that the recording created. */
  readonly resources: readonly SeedResource[]
  readonly groups: readonly string[]
  /** The numbers of the replayed interactions, in order. */
  readonly steps: readonly number[]
}

const replays: readonly Replay[] = [
  {
    file: 'azure-cli-extensions/test_amcs_data_collection_endpoint_association__2023-11-01.json',
    resources: [
      {
        id: `${group('clitest_amcs_endpoints_association000001')}/Microsoft.Compute/virtualMachines/vm1`,
        location: 'westus',
      },
    ],
    groups: [],
    steps: [1, 2, 3, 4, 5, 6],
  },
  {
    file: 'azure-cli-extensions/test_amcs_data_collection_endpoint__2023-11-01.json',
    resources: [],
    groups: ['clitest_amcs_endpoints000001'],
    steps: [1, 2, 3, 4, 5, 6, 7, 8],
  },
  {
    file: 'azure-cli/test_monitor_private_link_scope_scenario__2020-04-23.json',
    resources: [
      {
        id: `${group('clitest.rg000001')}/microsoft.insights/components/clitest000003`,
        location: 'eastus',
      },
      {
        id: `${group('clitest.rg000001')}/Microsoft.OperationalInsights/workspaces/clitest000002`,
        location: 'eastus2euap',
      },
    ],
    groups: [],
    steps: [1, 2, 3, 4, 9, 10, 11, 12, 13, 14, 33, 34, 35, 36],
  },
]

const isThere = existsSync(folder)

for (const { file, resources, groups, steps } of replays) {
  const run = isThere ? test : test.skip
  run(`answers as in ${file}`, async () => {
    const { interactions } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as {
      readonly interactions: readonly Interaction[]
    }
    const seed = { subscriptions: [recorded], resources, resourceGroups: groups }
    const { simulator, question } = await start([], {}, seed)
    for (const step of steps) {
      const interaction = interactions[step - 1]
      if (!interaction) throw new Error(`${file} has no interaction ${step}`)
      const { request, response } = interaction
      const isSlow = textAt(response.body, 'properties', 'provisioningState') === 'Provisioning'
      simulator.azure.knobs.scopedWriteMs = isSlow ? Infinity : 0
      const path = request.uri.replace('https://management.azure.com', '')
      const reply = await question(request.method, path, bodyOf(request.body))
      const title = `${step} ${request.method} ${path}`
      expect([title, reply.status, normal(reply.body ?? null)]).toEqual([
        title,
        response.status,
        normal(response.body),
      ])
      await simulator.azure.finishWrites()
    }
  })
}

/** Some bodies were recorded as Python byte string literals. */
function bodyOf(body: unknown): unknown {
  return typeof body === 'string' ? body.replace(/^b'(.*)'$/, '$1') : body
}

/** The answer without the parts that differ between calls: ids, times, user names. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal)
  if (typeof value === 'string') {
    return value
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (guid) =>
        guid === recorded ? guid : 'guid',
      )
      .replace(/^"guid"$|^"[0-9a-f]{8}-0000-0[0-9]00-0000-[0-9a-f]{12}"$/, 'etag')
      .replace(/^dce-[0-9a-f]{32}$/, 'dce-id')
      .replace(/-[a-z0-9]{4}(\.[a-z0-9]+-\d\.)/, '-hash$1')
      .replace(/ For more details please go to https:\/\/aka\.ms\/ARMResourceNotFoundFix/, '')
  }
  if (!isObject(value)) return value
  const entries = Object.entries(value).filter(([key]) => key !== 'systemData')
  const stamp = isObject(value['systemData'])
    ? [['systemData', Object.keys(value['systemData']).sort()]]
    : []
  return Object.fromEntries([
    ...entries.map(([key, inner]): [string, unknown] => [key, normal(inner)]),
    ...(stamp as [string, unknown][]),
  ])
}
