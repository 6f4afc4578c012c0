import type { Reading } from '../../estate/estate.ts'
import { nameOf, parseResourceId } from '../../resources/id.ts'
import type { Arm } from '../arm.ts'
import { type RawOptions, readRaw } from '../sdk.ts'

/** Subscription, group and name of an endpoint, for the SDK's operations. */
export function endpointParts(id: string): { sub: string; group: string; name: string } {
  const parsed = parseResourceId(id)
  if (parsed === undefined) throw new Error(`"${id}" is not the id of a resource`)
  return { sub: parsed.subscription, group: parsed.resourceGroup, name: parsed.name }
}

/** Reads an endpoint exactly. */
export async function readEndpoint(arm: Arm, id: string): Promise<Reading<unknown>> {
  const { sub, group, name } = endpointParts(id)
  return await readRaw(`read the data collection endpoint ${name}`, options =>
    arm.monitor(sub).dataCollectionEndpoints.get(group, name, options),
  )
}

/** Every association with an endpoint, from the endpoint's own list; empty when it doesn't exist. */
export async function listEndpointAssociations(arm: Arm, id: string): Promise<readonly unknown[]> {
  const { sub, group, name } = endpointParts(id)
  return await collectPages(`list the associations of the endpoint ${name}`, options =>
    arm
      .monitor(sub)
      .dataCollectionRuleAssociations.listByDataCollectionEndpoint(group, name, options)
      .byPage(),
  )
}

/** Every association of a machine or cluster. */
export async function listTargetAssociations(
  arm: Arm,
  target: string,
): Promise<Reading<readonly unknown[]>> {
  const sub = parseResourceId(target)?.subscription ?? ''
  const pages: unknown[] = []
  const reading = await readRaw(`list the associations of ${nameOf(target)}`, async options => {
    pages.push(
      ...(await collectRaw(options, raw =>
        arm
          .monitor(sub)
          .dataCollectionRuleAssociations.listByResource(target.replace(/^\//, ''), raw)
          .byPage(),
      )),
    )
  })
  return reading.state === 'found' ? { state: 'found', value: pages } : reading
}

async function collectPages(
  what: string,
  open: (options: RawOptions) => AsyncIterable<unknown>,
): Promise<readonly unknown[]> {
  const pages: unknown[] = []
  await readRaw(what, async options => {
    pages.push(...(await collectRaw(options, open)))
  })
  return pages
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
  for await (const page of open(raw)) void page
  return entries
}
