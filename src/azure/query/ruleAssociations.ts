import type { ConfigurationAssociation } from '../../estate/estate.ts'
import { idKey } from '../../resources/id.ts'
import type { Arm } from '../arm.ts'
import { listTargetAssociations } from '../look/endpoint.ts'
import { parseAssociation } from '../look/parseResource.ts'

/**
 * The associations of targets with who changed each last and when, by the key of the target; empty for
 * one whose list may not be read. A rule's own list doesn't say it (recordings, quirk 1), so it is one
 * read a target.
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
