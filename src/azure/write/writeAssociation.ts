import type { ConfigurationAssociation } from '../../estate/estate.ts'
import { idKey, nameOf, parseResourceId } from '../../resources/id.ts'
import { associationMark } from '../../estate/ownership.ts'
import { marksOf, ownershipDescription } from '../../resources/ownership.ts'
import { type Association, configurationAssociation } from '../../resources/resource.ts'
import { parseAssociation } from '../look/parseResource.ts'
import { runRaw } from '../sdk.ts'
import { PremiseError, type WriteContext, type WriteResult } from './context.ts'
import { readLiveAssociation, resourceUri } from '../look/association.ts'

/** Associates a target with its endpoint, replacing the current association. */
export async function writeAssociation(
  context: WriteContext,
  wanted: Association,
  before: Association | undefined,
): Promise<WriteResult> {
  const name = nameOf(wanted.target)
  const live = await readLive(context, wanted.target)
  if (live !== undefined && pointsTo(live, wanted) && carries(live, wanted.mark)) return 'already'
  if (before === undefined && live !== undefined) {
    throw new PremiseError(
      `${name} has been associated with ${destinationOf(live)} since the plan.`,
    )
  }
  if (before !== undefined && live === undefined) {
    throw new PremiseError(
      `The association of ${name} with ${destinationOf(before)} has been deleted since the plan.`,
    )
  }
  if (before !== undefined && live !== undefined && !sameReference(live, before)) {
    throw new PremiseError(
      `${name} was associated with ${destinationOf(before)} in the plan, but is with ${destinationOf(live)} now.`,
    )
  }
  const subscription = parseResourceId(wanted.target)?.subscription ?? ''
  const operations = context.arm.monitor(subscription).dataCollectionRuleAssociations
  const body = {
    dataCollectionEndpointId: wanted.endpointId ?? '',
    description: ownershipDescription(marksOf(context.owner).own),
  }
  await context.inFlight(() =>
    runRaw(`associate ${name} with ${nameOf(wanted.endpointId ?? '')}`, [], (options) =>
      operations.create(resourceUri(wanted.target), configurationAssociation, { ...options, body }),
    ),
  )
  return 'done'
}

/** Deletes our association of a target that the file no longer names. */
export async function deleteAssociation(
  context: WriteContext,
  before: Association,
): Promise<WriteResult> {
  const live = await readLive(context, before.target)
  if (live === undefined) return 'already'
  const name = nameOf(before.target)
  if (!sameReference(live, before)) {
    throw new PremiseError(
      `${name} was associated with ${destinationOf(before)} in the plan, but is with ${destinationOf(live)} now.`,
    )
  }
  const subscription = parseResourceId(before.target)?.subscription ?? ''
  const operations = context.arm.monitor(subscription).dataCollectionRuleAssociations
  await context.inFlight(() =>
    runRaw(`delete the association of ${name}`, [404], (options) =>
      operations.delete(resourceUri(before.target), configurationAssociation, options),
    ),
  )
  return 'done'
}

async function readLive(
  context: WriteContext,
  target: string,
): Promise<ConfigurationAssociation | undefined> {
  const live = await readLiveAssociation(context.arm, target)
  return live === undefined ? undefined : parseAssociation(live)
}

type Reference = Pick<ConfigurationAssociation, 'endpointId' | 'ruleId'>

function pointsTo(live: Reference, wanted: Reference): boolean {
  return (
    live.endpointId !== undefined &&
    wanted.endpointId !== undefined &&
    idKey(live.endpointId) === idKey(wanted.endpointId)
  )
}

/** True if it has the required mark; without a required mark, any owner is fine. */
function carries(live: ConfigurationAssociation, mark: string | undefined): boolean {
  return mark === undefined || associationMark(live) === mark
}

function sameReference(a: Reference, b: Reference): boolean {
  return (
    idKey(a.endpointId ?? '') === idKey(b.endpointId ?? '') &&
    idKey(a.ruleId ?? '') === idKey(b.ruleId ?? '')
  )
}

function destinationOf(reference: Reference): string {
  return nameOf(reference.endpointId ?? reference.ruleId ?? '') || 'nothing'
}
