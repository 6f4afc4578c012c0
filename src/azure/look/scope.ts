import type { Estate, Link, PrivateEndpoint, Reading, Scope } from '../../estate/estate.ts'
import { compareText, idKey } from '../../resources/id.ts'
import type { Topology } from '../../topology/topology.ts'
import type { Arm, ArmResponse } from '../arm.ts'
import { idText, list, text } from '../azureJson.ts'
import type { LookOptions } from './openEstate.ts'
import { parseLink, parsePrivateEndpoint, parseScope } from './parseResource.ts'
import { entriesOf, pageWatch } from '../pages.ts'
import { pollUntil } from '../poll.ts'
import { readResource } from '../sdk.ts'

/**
 * The version with `accessModeSettings` and an available specification; the SDK uses it too
 * (toolchain, section 1.2).
 */
export const scopeApiVersion = '2023-06-01-preview'
const networkApiVersion = '2023-04-01'

/**
 * Reads the scope, its links and its private endpoints from the provider. Waits while they are
 * Provisioning.
 */
export async function lookAtScope(
  arm: Arm,
  topology: { readonly privateLinkScope: Pick<Topology['privateLinkScope'], 'id'> },
  options: LookOptions,
): Promise<Pick<Estate, 'scope' | 'links' | 'privateEndpoints'>> {
  const { id } = topology.privateLinkScope
  const first = await readScope(arm, id.text, id.name)
  if (first.state !== 'found') return { scope: first, links: [], privateEndpoints: [] }
  const raw = await waitForScope(arm, id, first.value, options)
  const [links, privateEndpoints] = await Promise.all([
    waitForLinks(arm, id, options),
    readPrivateEndpoints(arm, raw),
  ])
  return { scope: { state: 'found', value: parseScope(raw) }, links, privateEndpoints }
}

/**
 * Reads the raw scope, with 404 and 403 as states. Bypasses the SDK, which fails on old scopes
 * (toolchain, section 1.5).
 */
export async function readScope(arm: Arm, id: string, name: string): Promise<Reading<unknown>> {
  const what = `read the private link scope ${name}`
  const answer = await arm.send({
    method: 'GET',
    path: id,
    apiVersion: scopeApiVersion,
    accept: [403, 404],
    what,
  })
  return readResource(answer, what)
}

async function waitForScope(
  arm: Arm,
  id: { readonly text: string; readonly name: string },
  first: unknown,
  options: LookOptions,
): Promise<unknown> {
  if (!isProvisioning(parseScope(first))) return first
  options.log(`The private link scope ${id.name} is Provisioning: waiting for it.`)
  const last = await pollUntil({
    waitMs: options.waitMs,
    signal: options.signal,
    read: () => readScope(arm, id.text, id.name),
    isDone: (reading) => reading.state !== 'found' || !isProvisioning(parseScope(reading.value)),
  })
  return last.state === 'found' ? last.value : first
}

function isProvisioning(scope: Scope): boolean {
  return /^(provisioning|updating|creating|accepted)$/i.test(scope.provisioningState)
}

/** Lists the links, waiting for those that are being created or deleted. */
async function waitForLinks(
  arm: Arm,
  id: { readonly text: string; readonly name: string },
  options: LookOptions,
): Promise<readonly Link[]> {
  return await pollUntil({
    waitMs: options.waitMs,
    signal: options.signal,
    read: () => listLinks(arm, id),
    isDone: (links) => !links.some((link) => isMoving(link.provisioningState)),
  })
}

/** True for a state that is not final. */
export function isMoving(provisioningState: string): boolean {
  return !/^(succeeded|failed|canceled)$/i.test(provisioningState)
}

/** Every link of a scope, from all pages, in order of id. */
export async function listLinks(
  arm: Arm,
  id: { readonly text: string; readonly name: string },
): Promise<readonly Link[]> {
  const raw = await listAll(arm, `${id.text}/scopedResources`, scopeApiVersion, {
    what: `list the links of the private link scope ${id.name}`,
  })
  return raw
    .map(parseLink)
    .filter((link) => link.linkedResourceId !== '')
    .toSorted((a, b) => compareText(idKey(a.id), idKey(b.id)))
}

/** Reads every page of a list. */
export async function listAll(
  arm: Arm,
  path: string,
  apiVersion: string,
  options: { readonly what: string; readonly accept?: readonly number[] },
): Promise<readonly unknown[]> {
  const all: unknown[] = []
  const watch = pageWatch(options.what)
  let next: string | undefined = path
  let first = true
  while (next !== undefined) {
    watch(next)
    const answer: ArmResponse = await arm.send({
      method: 'GET',
      path: next,
      ...(first ? { apiVersion } : {}),
      ...(options.accept === undefined ? {} : { accept: options.accept }),
      what: options.what,
    })
    if (answer.status >= 400) return all
    all.push(...entriesOf(answer.body, 'value', options.what))
    next = text(answer.body, 'nextLink')
    first = false
  }
  return all
}

/**
 * Reads the private endpoints, at most ten per scope (facts, section 2.1). An unreadable one counts
 * as having no static addresses.
 */
async function readPrivateEndpoints(arm: Arm, scope: unknown): Promise<readonly PrivateEndpoint[]> {
  const connections = list(scope, 'properties', 'privateEndpointConnections')
  const endpoints = await Promise.all(
    connections.map(async (connection) => {
      const id = idText(connection, 'properties', 'privateEndpoint', 'id')
      if (id === undefined) return parsePrivateEndpoint(connection, undefined)
      const answer = await arm.send({
        method: 'GET',
        path: id,
        apiVersion: networkApiVersion,
        // A private endpoint of another tenant gives a 401 (facts-2, D.4: other tenants' networks).
        accept: [400, 401, 403, 404],
        what: `read the private endpoint ${text(connection, 'name') ?? id}`,
      })
      if (answer.status === 200) return parsePrivateEndpoint(connection, answer.body)
      const hidden = text(answer.body, 'error', 'message') ?? `Azure answered ${answer.status}.`
      return { ...parsePrivateEndpoint(connection, undefined), hidden }
    }),
  )
  return endpoints.toSorted((a, b) => compareText(a.connection, b.connection))
}
