import type { Change } from '../../plan/plan.ts'
import { type WriteContext, type WriteResult } from './context.ts'
import { deleteAssociation, writeAssociation } from './writeAssociation.ts'
import { deleteEndpoint, writeEndpoint } from './writeEndpoint.ts'
import { deleteLink, writeLink } from './writeLink.ts'
import { writeModes } from './writeModes.ts'

/**
 * Makes one change after a fresh read of its object. If the object is already as wanted, nothing is
 * written; if it is as the plan saw it, it is written; otherwise throws a PremiseError (issue:
 * "Fresh reads").
 */
export async function write(change: Change, context: WriteContext): Promise<WriteResult> {
  switch (change.kind) {
    case 'dataCollectionEndpoint':
      return change.action === 'delete'
        ? await deleteEndpoint(context, change.before)
        : await writeEndpoint(context, change.after, change.before ?? undefined)
    case 'scopedResource':
      return change.action === 'delete'
        ? await deleteLink(context, change.before)
        : await writeLink(context, change.after, change.action === 'update')
    case 'association':
      return change.action === 'delete'
        ? await deleteAssociation(context, change.before)
        : await writeAssociation(context, change.after, change.before ?? undefined)
    case 'accessModes':
      return await writeModes(context, change.before, change.after)
  }
}
