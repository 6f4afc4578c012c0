import { readFileSync } from 'node:fs'
import { Agent, request as send } from 'node:https'
import type { IncomingHttpHeaders } from 'node:http'
import { afterEach } from '@jest/globals'
import {
  type EstateSeed,
  type GitHubSeed,
  type Knobs,
  type SeedResource,
  type Simulator,
  startSimulator,
} from '../../../simulator/simulator.ts'

export const subscription = '11111111-1111-1111-1111-111111111111'
export const inGroup = `/subscriptions/${subscription}/resourceGroups/rg`
export const insights = `${inGroup}/providers/Microsoft.Insights`
export const machine = `${inGroup}/providers/Microsoft.Compute/virtualMachines/vm`
export const configuration = `${machine}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The parsed body; `undefined` when it is empty or isn't JSON. */
  readonly body: unknown
}

export interface Running {
  readonly simulator: Simulator
  /** Sends a request with a token, or without any header when `authorization` is empty; the path's `?api-version=` is that of `version` where it has none. */
  readonly question: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Reply>
}

const running: { simulator: Simulator; agent: Agent }[] = []

afterEach(async () => {
  for (const { simulator, agent } of running.splice(0)) {
    agent.destroy()
    await simulator.close()
  }
})

/** Starts a simulator with an endpoint, a machine, a scope, and the given additions. */
export async function start(
  more: readonly SeedResource[] = [],
  knobs: Partial<Knobs> = {},
  seed: Partial<EstateSeed> = {},
  github?: GitHubSeed,
): Promise<Running> {
  const resources = [
    { id: `${insights}/dataCollectionEndpoints/Dce-1`, location: 'westeurope' },
    { id: machine, location: 'westeurope' },
    {
      id: `${insights}/privateLinkScopes/Scope`,
      location: 'global',
      properties: { accessModeSettings: openModes },
    },
    ...more,
  ]
  const estate = { subscriptions: [subscription], resources, ...seed }
  const simulator = await startSimulator({ estate, knobs, ...(github ? { github } : {}) })
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ca: readFileSync(simulator.caFile) })
  running.push({ simulator, agent })
  return {
    simulator,
    question: (method, path, body, headers = {}) =>
      exchange(agent, method, versioned(simulator.url, path), body, {
        ...(headers['authorization'] === ''
          ? {}
          : { authorization: `Bearer ${simulator.token()}`, ...headers }),
      }),
  }
}

export const openModes = { queryAccessMode: 'Open', ingestionAccessMode: 'Open', exclusions: [] }

/** Waits until a condition holds; fails after a second. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  const end = Date.now() + 1000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('Waited for a second in vain')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

const versions: readonly (readonly [RegExp, string])[] = [
  [/resourcegraph/i, '2021-03-01'],
  [/privateLink/i, '2021-07-01-preview'],
  [/dataCollection/i, '2022-06-01'],
  [/OperationalInsights/i, '2022-10-01'],
  [/Monitor\//i, '2023-04-03'],
  [/HybridCompute/i, '2022-12-27'],
  [/managedClusters/i, '2023-05-01'],
  [/KubernetesConfiguration/i, '2022-11-01'],
  [/Kubernetes/i, '2021-10-01'],
  [/Network/i, '2022-01-01'],
  [/Compute/i, '2023-03-01'],
  [/components/i, '2020-02-02'],
]

function versioned(url: string, path: string): string {
  const full = path.startsWith('https:') ? path : url + path
  if (full.includes('api-version') || full.includes('?bare')) return full
  if (/\/oauth2\/|\.well-known|_github/.test(full)) return full
  const extension = full.includes('dataCollectionRuleAssociations')
  const version = extension
    ? '2022-06-01'
    : (versions.find(([pattern]) => pattern.test(full))?.[1] ?? '2021-04-01')
  return `${full}${full.includes('?') ? '&' : '?'}api-version=${version}`
}

function exchange(
  agent: Agent,
  method: string,
  url: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = send(url, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          body: parse(text),
        })
      })
    })
    sent.on('error', reject)
    sent.end(
      typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body),
    )
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // An empty body or a page; the text is available.
    return undefined
  }
}
