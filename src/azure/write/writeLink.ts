import { AzureError } from '../../errors.ts'
import type { Link } from '../../estate/estate.ts'
import { idKey, nameOf, sameId } from '../../resources/id.ts'
import type { ScopedResource } from '../../resources/resource.ts'
import { followOperation } from './longRunning.ts'
import { parseLink } from '../look/parseResource.ts'
import { isMoving, listLinks, scopeApiVersion } from '../look/scope.ts'
import {
  isLinkedAlready,
  PremiseError,
  UnfinishedError,
  type WriteContext,
  type WriteResult,
} from './context.ts'
import { pollUntil } from '../poll.ts'
import { persist, waitForIdleScope } from './persist.ts'
import { findUser } from './inUse.ts'

/** How long a new resource may answer 404 (facts, section 3, row 19; recordings, quirk 13). */
const missingMs = 120_000

/**
 * Links an endpoint or workspace to the scope and waits until the link has succeeded. Bypasses the
 * SDK: Azure answers 200 `Provisioning` without a header to poll (recordings, quirk 11), and the
 * SDK loses the code of a long-running failure (toolchain, section 1.5).
 */
export async function writeLink(
  context: WriteContext,
  wanted: ScopedResource,
  again: boolean,
): Promise<WriteResult> {
  const live = await readUnlessDeleting(context, wanted.id)
  if (live !== undefined && !sameId(live.linkedResourceId, wanted.linkedResourceId)) {
    throw new PremiseError(
      `A link named ${live.name} to ${live.linkedResourceId} has been created since the plan.`,
    )
  }
  if (live === undefined && again) {
    throw new PremiseError(`The link ${nameOf(wanted.id)} has been deleted since the plan.`)
  }
  if (live !== undefined && !isBroken(live)) {
    await waitForLink(context, wanted, live)
    return 'already'
  }
  try {
    await persist(context, (attempt) => putIfMissing(context, wanted, attempt))
  } catch (error) {
    const other = isLinkedAlready(error) ? await findLink(context, wanted) : undefined
    if (other === undefined) throw error
    await waitForLink(context, { ...wanted, id: other.id }, other)
    return 'already'
  }
  return 'done'
}

/** Azure may refuse a write because an earlier try succeeded and its answer was lost. */
async function putIfMissing(
  context: WriteContext,
  wanted: ScopedResource,
  attempt: number,
): Promise<void> {
  const live = attempt === 1 ? undefined : await readUnlessDeleting(context, wanted.id)
  const isThere = live !== undefined && sameId(live.linkedResourceId, wanted.linkedResourceId)
  if (isThere && !isBroken(live)) await waitForLink(context, wanted, live)
  else await putLink(context, wanted)
}

async function putLink(context: WriteContext, wanted: ScopedResource): Promise<void> {
  const what = `link ${nameOf(wanted.linkedResourceId)} to the scope ${nameOf(context.scopeId)}`
  const answer = await context.arm.send({
    method: 'PUT',
    path: wanted.id,
    apiVersion: scopeApiVersion,
    body: { properties: { linkedResourceId: wanted.linkedResourceId } },
    what,
  })
  await followOperation(context, answer, what)
  const link = answer.body === undefined ? undefined : parseLink(answer.body)
  const settled = link !== undefined && link.linkedResourceId !== '' && answer.status !== 202
  await waitForLink(context, wanted, settled ? link : undefined)
}

function isBroken(link: Link): boolean {
  return /^(failed|canceled)$/i.test(link.provisioningState)
}

/** Reads the link. While it is being deleted, waits until it is gone. */
async function readUnlessDeleting(context: WriteContext, id: string): Promise<Link | undefined> {
  const isLeaving = (link: Link | undefined) => /^deleting$/i.test(link?.provisioningState ?? '')
  return await pollUntil({
    waitMs: context.waitMs,
    signal: context.stop,
    read: () => readLink(context, id),
    isDone: (link) => !isLeaving(link),
  })
}

/** Waits until the link itself has succeeded, whatever the operation reported. */
async function waitForLink(
  context: WriteContext,
  wanted: ScopedResource,
  first: Link | undefined,
): Promise<void> {
  const isSettled = first !== undefined && !isMoving(first.provisioningState)
  const last = isSettled ? first : await pollLink(context, wanted.id)
  const name = nameOf(wanted.linkedResourceId)
  if (last !== undefined && /^succeeded$/i.test(last.provisioningState)) return
  const state = last?.provisioningState ?? 'not there yet'
  if (context.giveUp.aborted) throw new UnfinishedError(`The link to ${name} is ${state}.`)
  throw new AzureError(...explainState(context, name, last))
}

/**
 * Polls until the link reaches a final state. A link that stays missing was removed by another
 * process.
 */
async function pollLink(context: WriteContext, id: string): Promise<Link | undefined> {
  let lastSeen = Date.now()
  return await pollUntil({
    waitMs: context.waitMs,
    signal: context.giveUp,
    read: () => readLink(context, id),
    isDone: (link) => {
      if (link === undefined) return Date.now() - lastSeen > missingMs
      lastSeen = Date.now()
      return !isMoving(link.provisioningState)
    },
  })
}

function explainState(
  { waitMs }: WriteContext,
  name: string,
  link: Link | undefined,
): ConstructorParameters<typeof AzureError> {
  if (link === undefined) {
    return [
      `The link to ${name} is missing, although Azure accepted it: another process may have removed it.`,
      { remedy: 'Run the same job again: it creates the link again.', code: 'LinkMissing' },
    ]
  }
  const { provisioningState: state } = link
  if (isMoving(state)) {
    const remedy =
      'Run the same job again: it waits for the link. If that is not enough, raise wait-timeout-minutes.'
    return [
      `The link to ${name} is still ${state} after ${Math.round(waitMs / 60_000)} min.`,
      { remedy, code: 'OperationTimedOut' },
    ]
  }
  const remedy =
    'Check the scope and its private endpoints in the portal, then run the same job again: it writes the link again.'
  return [`The link to ${name} ended in state ${state}.`, { remedy, code: `Link${state}` }]
}

/** Reads one link exactly; a 404 has an empty body (recordings, quirk 12). */
async function readLink(context: WriteContext, id: string): Promise<Link | undefined> {
  const { status, body } = await context.arm.send({
    method: 'GET',
    path: id,
    apiVersion: scopeApiVersion,
    accept: [404],
    what: `read the link ${nameOf(id)}`,
  })
  return status === 404 ? undefined : parseLink(body)
}

async function findLink(context: WriteContext, wanted: ScopedResource): Promise<Link | undefined> {
  const links = await listLinks(context.arm, {
    text: context.scopeId,
    name: nameOf(context.scopeId),
  })
  return links.find((link) => sameId(link.linkedResourceId, wanted.linkedResourceId))
}

/** Deletes a link that we own, once no target gets its configuration through it. */
export async function deleteLink(
  context: WriteContext,
  before: ScopedResource,
): Promise<WriteResult> {
  const live = await readLink(context, before.id)
  if (live === undefined) return 'already'
  const name = nameOf(before.linkedResourceId)
  if (idKey(live.linkedResourceId) !== idKey(before.linkedResourceId)) {
    throw new PremiseError(
      `The link ${live.name} has been changed to ${live.linkedResourceId} since the plan.`,
    )
  }
  if (/\/datacollectionendpoints\//i.test(before.linkedResourceId)) {
    const user = await findUser(context, before.linkedResourceId)
    if (user !== undefined) {
      throw new PremiseError(`${user} has been associated with ${name} since the plan.`)
    }
  }
  await persist(context, () => removeLink(context, before))
  return 'done'
}

async function removeLink(context: WriteContext, before: ScopedResource): Promise<void> {
  const what = `unlink ${nameOf(before.linkedResourceId)} from the scope ${nameOf(context.scopeId)}`
  const answer = await context.arm.send({
    method: 'DELETE',
    path: before.id,
    apiVersion: scopeApiVersion,
    accept: [404],
    what,
  })
  await followOperation(context, answer, what)
  const last = await pollUntil({
    waitMs: context.waitMs,
    signal: context.giveUp,
    read: () => readLink(context, before.id),
    isDone: (link) => link === undefined || isBroken(link),
  })
  if (last === undefined) {
    // The link is gone, but the scope is busy for a while longer and would refuse the next write.
    await waitForIdleScope(context, context.waitMs)
    return
  }
  const name = nameOf(before.linkedResourceId)
  if (context.giveUp.aborted)
    throw new UnfinishedError(`The link to ${name} is still being removed.`)
  throw new AzureError(`The link to ${name} still exists (${last.provisioningState}).`, {
    remedy: 'Check the scope in the portal, then run the same job again.',
  })
}
