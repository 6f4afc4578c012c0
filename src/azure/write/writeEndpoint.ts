import { AzureError } from '../../errors.ts'
import { nameOf } from '../../resources/id.ts'
import { isOurEndpoint } from '../../estate/ownership.ts'
import type { DataCollectionEndpoint } from '../../resources/resource.ts'
import { asObject, field, text, texts } from '../azureJson.ts'
import { parseEndpoint } from '../look/parseResource.ts'
import { pollUntil } from '../poll.ts'
import { runRaw } from '../sdk.ts'
import { PremiseError, UnfinishedError, type WriteContext, type WriteResult } from './context.ts'
import { endpointParts, readLiveEndpoint } from '../look/endpoint.ts'
import { findUse } from './inUse.ts'
import { mergeTags, omit } from './body.ts'

/**
 * The SDK's version for endpoints. Updates bypass the SDK, because its models drop unknown
 * properties.
 */
const apiVersion = '2024-03-11'

/** Creates an endpoint, or updates one that we own to match the file. */
export async function writeEndpoint(
  context: WriteContext,
  wanted: DataCollectionEndpoint,
  before: DataCollectionEndpoint | undefined,
): Promise<WriteResult> {
  const live = await readLiveEndpoint(context.arm, wanted.id)
  const name = nameOf(wanted.id)
  if (live === undefined) {
    if (before !== undefined)
      throw new PremiseError(`The endpoint ${name} has been deleted since the plan.`)
    await createEndpoint(context, wanted)
    return 'done'
  }
  if (isAsWanted(live, wanted)) {
    await waitUntilReady(context, wanted.id, live)
    return 'already'
  }
  if (before === undefined) {
    throw new PremiseError(`Another process has created an endpoint ${name} since the plan.`)
  }
  if (!isAsWanted(live, before)) {
    throw new PremiseError(`Another process has changed the endpoint ${name} since the plan.`)
  }
  await updateEndpoint(context, wanted, live)
  return 'done'
}

/** True if region, public access and our tags match. */
function isAsWanted(live: unknown, wanted: DataCollectionEndpoint): boolean {
  const endpoint = parseEndpoint(live)
  const tags = new Map(Object.entries(endpoint.tags).map(([k, v]) => [k.toLowerCase(), v]))
  return (
    endpoint.location === wanted.location &&
    endpoint.publicNetworkAccess === wanted.publicNetworkAccess &&
    Object.entries(wanted.tags).every(([k, v]) => tags.get(k.toLowerCase()) === v)
  )
}

async function createEndpoint(
  context: WriteContext,
  wanted: DataCollectionEndpoint,
): Promise<void> {
  const { sub, group, name } = endpointParts(wanted.id)
  const { body } = await context.inFlight(() =>
    runRaw(`create the data collection endpoint ${name}`, [], (options) =>
      context.arm.monitor(sub).dataCollectionEndpoints.create(group, name, {
        ...options,
        body: {
          location: wanted.location,
          tags: { ...wanted.tags },
          networkAcls: { publicNetworkAccess: wanted.publicNetworkAccess },
        },
      }),
    ),
  )
  await waitUntilReady(context, wanted.id, body)
}

/**
 * Azure answers with `Succeeded` at once (recordings, quirk 8), but the specification allows a
 * longer operation.
 */
async function waitUntilReady(context: WriteContext, id: string, first: unknown): Promise<void> {
  const stateOf = (raw: unknown) => text(raw, 'properties', 'provisioningState') ?? 'Succeeded'
  let current = first
  if (!isFinal(stateOf(current))) {
    current = await pollUntil({
      waitMs: context.waitMs,
      signal: context.giveUp,
      // A new resource may answer 404 for a while (facts, section 3, row 19).
      read: async () => (await readLiveEndpoint(context.arm, id)) ?? current,
      isDone: (raw) => isFinal(stateOf(raw)),
    })
  }
  const state = stateOf(current)
  const name = nameOf(id)
  if (/^succeeded$/i.test(state)) return
  if (context.giveUp.aborted) throw new UnfinishedError(`The endpoint ${name} is still ${state}.`)
  if (isFinal(state)) {
    throw new AzureError(`The endpoint ${name} ended in state ${state}.`, {
      remedy: 'Check it in the portal, then run the same job again.',
      code: `Endpoint${state}`,
    })
  }
  const minutes = Math.round(context.waitMs / 60_000)
  throw new AzureError(`The endpoint ${name} is still ${state} after ${minutes} min.`, {
    remedy:
      'Run the same job again: it waits for the endpoint. If that is not enough, raise wait-timeout-minutes.',
    code: 'OperationTimedOut',
  })
}

function isFinal(state: string): boolean {
  return /^(succeeded|failed|canceled)$/i.test(state)
}

/**
 * Properties that Azure sets itself; everything else of the live endpoint is sent back unchanged.
 */
const readOnly = new Set([
  'immutableid',
  'configurationaccess',
  'logsingestion',
  'metricsingestion',
  'provisioningstate',
  'privatelinkscopedresources',
  'failoverconfiguration',
  'metadata',
])

async function updateEndpoint(
  context: WriteContext,
  wanted: DataCollectionEndpoint,
  live: unknown,
): Promise<void> {
  const name = nameOf(wanted.id)
  const properties = omit(field(live, 'properties'), (key) => readOnly.has(key.toLowerCase()))
  const rest = omit(live, (key) =>
    ['id', 'name', 'type', 'etag', 'systemdata', 'properties', 'tags'].includes(key.toLowerCase()),
  )
  const body = {
    ...rest,
    location: wanted.location,
    tags: mergeTags(texts(live, 'tags'), wanted.tags),
    properties: {
      ...properties,
      networkAcls: {
        ...asObject(properties['networkAcls']),
        publicNetworkAccess: wanted.publicNetworkAccess,
      },
    },
  }
  const what = `update the data collection endpoint ${name}`
  const answer = await context.inFlight(() =>
    context.arm.send({ method: 'PUT', path: wanted.id, apiVersion, what, body }),
  )
  await waitUntilReady(context, wanted.id, answer.body)
}

/** Deletes an endpoint that we own and nothing uses. */
export async function deleteEndpoint(
  context: WriteContext,
  before: DataCollectionEndpoint,
): Promise<WriteResult> {
  const { sub, group, name } = endpointParts(before.id)
  const live = await readLiveEndpoint(context.arm, before.id)
  if (live === undefined) return 'already'
  const endpoint = parseEndpoint(live)
  if (!isOurEndpoint(endpoint, context.owner))
    throw new PremiseError(`The endpoint ${name} no longer carries our tag.`)
  const use = await findUse(context, endpoint)
  if (use !== undefined) {
    throw new PremiseError(`The endpoint ${name} has come into use since the plan: ${use}.`)
  }
  await context.inFlight(() =>
    runRaw(`delete the data collection endpoint ${name}`, [404], (options) =>
      context.arm.monitor(sub).dataCollectionEndpoints.delete(group, name, options),
    ),
  )
  return 'done'
}
