import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EstateSeed, Simulator } from '../simulator/simulator.ts'

/**
 * A model of how a tool with a state file refreshes: one GET for each object in the state (the scope, its
 * links, the endpoints, every association), with limited parallelism, retried on 429 after `Retry-After`.
 * Terraform does this, ten at a time; it also reads the machines, which are not in its state, and which
 * this model omits in its favor.
 */
export async function refreshOneByOne(
  simulator: Simulator,
  estate: EstateSeed,
  parallelism: number,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: parallelism })
  const client: Client = {
    agent,
    ca: readFileSync(simulator.caFile),
    authorization: `Bearer ${simulator.token('00000000-0000-4000-8000-0000000000be')}`,
  }
  const paths = objectsKept(estate).map(
    ({ id, version }) => `${simulator.url}${id}?api-version=${version}`,
  )
  let next = 0
  const work = async (): Promise<void> => {
    for (let index = next++; index < paths.length; index = next++) {
      await readUntilAnswered(client, paths[index] ?? '')
    }
  }
  try {
    await Promise.all(Array.from({ length: parallelism }, work))
  } finally {
    agent.destroy()
  }
}

/** The objects in the state of such a tool, each with the api-version of its read. */
export function objectsKept(
  estate: EstateSeed,
): readonly { readonly id: string; readonly version: string }[] {
  return estate.resources.flatMap(({ id }) => {
    const version = versionOf(id)
    return version === undefined ? [] : [{ id, version }]
  })
}

interface Client {
  readonly agent: Agent
  readonly ca: Buffer
  readonly authorization: string
}

/** The api-version of an object in the state; `undefined` for objects outside it. */
function versionOf(id: string): string | undefined {
  if (/\/privateLinkScopes\//i.test(id)) return '2023-06-01-preview'
  if (/\/dataCollectionEndpoints\/[^/]+$/i.test(id)) return '2024-03-11'
  return /\/configurationAccessEndpoint$/i.test(id) ? '2024-03-11' : undefined
}

async function readUntilAnswered(client: Client, url: string): Promise<void> {
  for (;;) {
    const { status, retryAfter } = await read(client, url)
    if (status === 200) return
    if (status !== 429) throw new Error(`GET ${url} was answered ${status}.`)
    await sleep(retryAfter * 1000)
  }
}

async function read(
  { agent, ca, authorization }: Client,
  url: string,
): Promise<{ readonly status: number; readonly retryAfter: number }> {
  return await new Promise((resolve, reject) => {
    const sent = request(url, { agent, ca, headers: { authorization } }, (answer) => {
      answer.resume()
      answer.on('end', () => {
        resolve({
          status: answer.statusCode ?? 0,
          retryAfter: Number(answer.headers['retry-after'] ?? 1),
        })
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}
