import type { Reading } from '../../estate/estate.ts'
import { nameOf, parseResourceId } from '../../resources/id.ts'
import type { Arm } from '../arm.ts'
import { type RawOptions, readLive, readRaw } from '../sdk.ts'

/** Subscription, group and name of an endpoint, for the SDK's operations. */
export function endpointParts(id: string): { sub: string; group: string; name: string } {
  const parsed = parseResourceId(id)
  if (parsed === undefined) throw new Error(`"${id}" is not the id of a resource`)
  return { sub: parsed.subscription, group: parsed.resourceGroup, name: parsed.name }
}

/** Reads an endpoint exactly. */
export async function readEndpoint(arm: Arm, id: string): Promise<Reading<unknown>> {
  return await readRaw(...getEndpoint(arm, id))
}

/** The same right before it is written; `undefined` when it doesn't exist. */
export async function readLiveEndpoint(arm: Arm, id: string): Promise<unknown> {
  return await readLive(...getEndpoint(arm, id))
}

function getEndpoint(
  arm: Arm,
  id: string,
): [what: string, operation: (options: RawOptions) => Promise<unknown>] {
  const { sub, group, name } = endpointParts(id)
  return [
    `read the data collection endpoint ${name}`,
    (options) => arm.monitor(sub).dataCollectionEndpoints.get(group, name, options),
  ]
}

/** Every association with an endpoint, from the endpoint's own list; none when it doesn't exist. */
export async function listEndpointAssociations(
  arm: Arm,
  id: string,
): Promise<Reading<readonly unknown[]>> {
  const { sub, group, name } = endpointParts(id)
  const operations = arm.monitor(sub).dataCollectionRuleAssociations
  const reading = await readPages(`list the associations of the endpoint ${name}`, (options) =>
    operations.listByDataCollectionEndpoint(group, name, options).byPage(),
  )
  return reading.state === 'missing' ? { state: 'found', value: [] } : reading
}

/** Every association of a machine or cluster. */
export async function listTargetAssociations(
  arm: Arm,
  target: string,
): Promise<Reading<readonly unknown[]>> {
  const operations = arm.monitor(
    parseResourceId(target)?.subscription ?? '',
  ).dataCollectionRuleAssociations
  return await readPages(`list the associations of ${nameOf(target)}`, (options) =>
    operations.listByResource(target.replace(/^\//, ''), options).byPage(),
  )
}

/** Every page of a list through the SDK, entries as Azure gave them; 404 and 403 told apart. */
async function readPages(
  what: string,
  open: (options: RawOptions) => AsyncIterable<unknown>,
): Promise<Reading<readonly unknown[]>> {
  const entries: unknown[] = []
  const reading = await readRaw(what, async (options) => {
    entries.push(...(await collectRaw(options, open)))
  })
  return reading.state === 'found' ? { state: 'found', value: entries } : reading
}

/** Follows the SDK's pages and keeps the raw entries of each. */
async function collectRaw(
  options: RawOptions,
  open: (options: RawOptions) => AsyncIterable<unknown>,
): Promise<readonly unknown[]> {
  const entries: unknown[] = []
  const raw: RawOptions = {
    onResponse: (response, ...rest) => {
      options.onResponse(response, ...rest)
      const { parsedBody } = response as typeof response & { parsedBody?: { value?: unknown } }
      if (response.status === 200 && Array.isArray(parsedBody?.value)) {
        entries.push(...(parsedBody.value as unknown[]))
      }
    },
  }
  const pages = open(raw)[Symbol.asyncIterator]()
  // What counts comes by the way, above: the SDK's own pages have lost what its models don't know.
  while ((await pages.next()).done !== true);
  return entries
}
