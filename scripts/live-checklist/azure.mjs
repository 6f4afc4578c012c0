// Requests to Azure for the checklist, with the Azure CLI's sign-in and full access to status and headers.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export const versions = {
  scope: '2021-07-01-preview',
  collection: '2022-06-01',
  graph: '2021-03-01',
  workspace: '2022-10-01',
  group: '2021-04-01',
  compute: '2023-03-01',
  network: '2023-04-01',
  monitorWorkspace: '2023-04-03',
  metrics: '2018-01-01',
  locks: '2016-09-01',
  denials: '2022-04-01',
}

const run = promisify(execFile)

/** Runs the Azure CLI and returns its JSON. */
export async function az(...args) {
  const { stdout } = await run('az', [...args, '--output', 'json'], {
    shell: process.platform === 'win32',
  })
  return stdout.trim() === '' ? undefined : JSON.parse(stdout)
}

/** Sends one request with the Azure CLI's token. Returns status, headers, and the body if it is JSON. */
export function client({ resourceManager, token }) {
  return async (method, path, version, body) => {
    const url = /^https:/.test(path) ? path : `${resourceManager}${path}?api-version=${version}`
    const begun = Date.now()
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    let json
    try {
      json = JSON.parse(text)
    } catch {
      // Empty, or the page of a gateway: the text is shown unchanged.
    }
    return {
      status: response.status,
      headers: response.headers,
      body: json,
      text,
      ms: Date.now() - begun,
    }
  }
}

/** "409 Conflict: message", or only the status. */
export function describe({ status, body, text }) {
  const error = body?.error ?? (body?.code === undefined ? undefined : body)
  if (status < 300) return `${status}`
  if (error === undefined) return `${status} ${text === '' ? '(empty body)' : text.slice(0, 200)}`
  return `${status} ${error.code ?? ''}: ${error.message ?? '(no message)'}`
}

/** The headers that say where and when to poll. */
export function headersOf({ headers }) {
  const names = ['azure-asyncoperation', 'location', 'retry-after']
  const there = names.filter((name) => headers.get(name) !== null)
  return there.length === 0
    ? 'no header to poll'
    : there
        .map((name) => (name === 'retry-after' ? `Retry-After: ${headers.get(name)}` : name))
        .join(' + ')
}

/** Queries Resource Graph. */
export async function query(ask, subscription, kql) {
  return await ask('POST', '/providers/Microsoft.ResourceGraph/resources', versions.graph, {
    subscriptions: [subscription],
    query: kql,
    options: { resultFormat: 'objectArray', $top: 5 },
  })
}

/** Milliseconds between two reads of something that is changing. */
export const pace = { step: 2000 }

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until a link or the scope has a final state. Returns the state and the duration. */
export async function settle(ask, id) {
  const begun = Date.now()
  for (;;) {
    const answer = await ask('GET', id, versions.scope)
    const state = answer.body?.properties?.provisioningState ?? `${answer.status}`
    if (!/provisioning|updating|creating|accepted|deleting/i.test(state))
      return { state, ms: Date.now() - begun }
    if (Date.now() - begun > 300_000)
      return { state: `${state}, still, after 5 min`, ms: Date.now() - begun }
    await sleep(pace.step)
  }
}

/** `12 s`. */
export const seconds = (ms) => `${(ms / 1000).toFixed(0)} s`
