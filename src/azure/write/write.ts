import type { Change } from '../../plan/plan.ts'
import { type WriteContext, type WriteResult } from './context.ts'
import { deleteAssociation, writeAssociation } from './writeAssociation.ts'
import { deleteEndpoint, writeEndpoint } from './writeEndpoint.ts'
import { deleteLink, writeLink } from './writeLink.ts'
import { writeModes } from './writeModes.ts'

/**
 * Makes one change, after a fresh read of that one object: found as wanted, nothing is written; found
 * as the plan saw it, it is written; found otherwise, a PremiseError says so (issue: "Fresh reads").
 */
export async function write(change: Change, context: WriteContext): Promise<WriteResult> {
  const { before, after } = change
  switch (change.kind) {
    case 'dataCollectionEndpoint':
      if (after?.kind === 'dataCollectionEndpoint') {
        const was = before?.kind === 'dataCollectionEndpoint' ? before : undefined
        return await writeEndpoint(context, after, was)
      }
      if (before?.kind === 'dataCollectionEndpoint') return await deleteEndpoint(context, before)
      break
    case 'scopedResource':
      if (after?.kind === 'scopedResource') {
        return await writeLink(context, after, change.action === 'update')
      }
      if (before?.kind === 'scopedResource') return await deleteLink(context, before)
      break
    case 'association':
      if (after?.kind === 'association') {
        const was = before?.kind === 'association' ? before : undefined
        return await writeAssociation(context, after, was)
      }
      if (before?.kind === 'association') return await deleteAssociation(context, before)
      break
    case 'accessModes':
      if (after?.kind === 'accessModes' && before?.kind === 'accessModes') {
        return await writeModes(context, before, after)
      }
      break
  }
  throw new Error(`The change ${change.key} holds no object of its kind.`)
}
