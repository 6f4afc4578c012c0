import type { Reading } from '../../estate/estate.ts'
import { nameOf, parseResourceId } from '../../resources/id.ts'
import { configurationAssociation } from '../../resources/resource.ts'
import type { Arm } from '../arm.ts'
import { readRaw } from '../sdk.ts'

/** The SDK puts a slash before the resource's id. */
export function resourceUri(target: string): string {
  return target.replace(/^\//, '')
}

/** Reads the configuration association of a machine or cluster exactly. */
export async function readAssociation(arm: Arm, target: string): Promise<Reading<unknown>> {
  const sub = parseResourceId(target)?.subscription ?? ''
  return await readRaw(`read the configuration association of ${nameOf(target)}`, options =>
    arm
      .monitor(sub)
      .dataCollectionRuleAssociations.get(resourceUri(target), configurationAssociation, options),
  )
}
