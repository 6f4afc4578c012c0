import type { ConfigurationAssociation } from '../../estate/estate.ts'
import { idKey } from '../../resources/id.ts'
import type { Arm } from '../arm.ts'
import { listTargetAssociations } from '../look/endpoint.ts'
import { parseAssociation } from '../look/parseResource.ts'

/**
 * The associations of targets, with who last changed them and when, by the target's key; empty for
 * a target whose list cannot be read. A rule's own list lacks this (recordings, quirk 1), so each
 * target needs one read.
 */
export async function readTargetAssociations(
  arm: Arm,
  targets: readonly string[],
): Promise<ReadonlyMap<string, readonly ConfigurationAssociation[]>> {
  const lists = await Promise.all(
    targets.map(async (target) => {
      const reading = await listTargetAssociations(arm, target)
      const found = reading.state === 'found' ? reading.value : []
      return [idKey(target), found.flatMap((raw) => parseAssociation(raw) ?? [])] as const
    }),
  )
  return new Map(lists)
}
