import type { Reading } from '../../estate/estate.ts'
import { nameOf, parseResourceId } from '../../resources/id.ts'
import { configurationAssociation } from '../../resources/resource.ts'
import type { Arm } from '../arm.ts'
import { type RawOptions, readLive, readRaw } from '../sdk.ts'

/** The id without its leading slash, which the SDK adds. */
export function resourceUri(target: string): string {
  return target.replace(/^\//, '')
}

/** Reads the configuration association of a machine or cluster from the provider. */
export async function readAssociation(arm: Arm, target: string): Promise<Reading<unknown>> {
  return await readRaw(...getAssociation(arm, target))
}

/** Reads it right before a write; `undefined` if there is none. */
export async function readLiveAssociation(arm: Arm, target: string): Promise<unknown> {
  return await readLive(...getAssociation(arm, target))
}

function getAssociation(
  arm: Arm,
  target: string,
): [what: string, operation: (options: RawOptions) => Promise<unknown>] {
  const operations = arm.monitor(
    parseResourceId(target)?.subscription ?? '',
  ).dataCollectionRuleAssociations
  return [
    `read the configuration association of ${nameOf(target)}`,
    (options) => operations.get(resourceUri(target), configurationAssociation, options),
  ]
}
