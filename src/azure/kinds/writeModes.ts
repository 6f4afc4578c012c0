import { AzureError } from '../../errors.ts'
import { nameOf } from '../../resources/id.ts'
import type { AccessModes } from '../../resources/resource.ts'
import { liveModes } from '../../rules/accessModes.ts'
import { asObject, field } from '../json.ts'
import { followOperation } from '../longRunning.ts'
import { parseScope } from '../parse.ts'
import { pollUntil } from '../poll.ts'
import { isMoving, readScope, scopeApiVersion } from '../scope.ts'
import { PremiseError, UnfinishedError, type WriteContext, type WriteResult } from '../write.ts'
import { persist } from './persist.ts'
import { omit } from './writeEndpoint.ts'

/**
 * Sets the scope's access modes and nothing else: what was read is sent back, exclusions, tags and
 * fields of the future included, since a PUT replaces all of it (facts, section 1.4).
 */
export async function writeModes(
  context: WriteContext,
  before: AccessModes,
  wanted: AccessModes,
): Promise<WriteResult> {
  const live = await readModes(context)
  if (sameModes(live.modes, wanted)) return 'already'
  if (!sameModes(live.modes, before)) {
    throw new PremiseError(
      `The access modes of ${nameOf(wanted.id)} are ingestion ${live.modes.ingestion}, query ${live.modes.query} now; the plan saw ingestion ${before.ingestion}, query ${before.query}.`,
    )
  }
  if (wanted.ingestion === 'PrivateOnly' && before.ingestion !== 'PrivateOnly') {
    await refuseDark(context)
  }
  await persist(context, () => putModes(context, wanted))
  return 'done'
}

function sameModes(
  a: Pick<AccessModes, 'ingestion' | 'query'>,
  b: Pick<AccessModes, 'ingestion' | 'query'>,
): boolean {
  return a.ingestion === b.ingestion && a.query === b.query
}

/** Ingestion is closed only in a state where every capability of every target holds (contract section 4). */
async function refuseDark(context: WriteContext): Promise<void> {
  const dark = await context.findDark()
  if (dark.length === 0) return
  throw new PremiseError(
    `PrivateOnly is not written, since it would cut off: ${dark.slice(0, 5).join('; ')}${dark.length > 5 ? `; and ${dark.length - 5} more` : ''}.`,
  )
}

async function readModes(
  context: WriteContext,
): Promise<{ readonly raw: unknown; readonly modes: ReturnType<typeof liveModes> }> {
  const reading = await readScope(context.arm, context.scopeId, nameOf(context.scopeId))
  if (reading.state !== 'found') {
    throw new PremiseError(`The private link scope ${nameOf(context.scopeId)} can't be read any more.`)
  }
  return { raw: reading.value, modes: liveModes(parseScope(reading.value)) }
}

/** What Azure fills in itself. */
const readOnly = new Set(['provisioningstate', 'privateendpointconnections'])

async function putModes(context: WriteContext, wanted: AccessModes): Promise<void> {
  const { raw } = await readModes(context)
  const properties = omit(field(raw, 'properties'), key => readOnly.has(key.toLowerCase()))
  const rest = omit(raw, key =>
    ['id', 'name', 'type', 'etag', 'systemdata', 'properties'].includes(key.toLowerCase()),
  )
  const what = `set the access modes of ${nameOf(wanted.id)} to ingestion ${wanted.ingestion}, query ${wanted.query}`
  const answer = await context.arm.send({
    method: 'PUT',
    path: context.scopeId,
    apiVersion: scopeApiVersion,
    what,
    body: {
      ...rest,
      properties: {
        ...properties,
        accessModeSettings: {
          ...asObject(properties['accessModeSettings']),
          ingestionAccessMode: wanted.ingestion,
          queryAccessMode: wanted.query,
        },
      },
    },
  })
  await followOperation(context, answer, what)
  await waitForScope(context, answer.body)
}

async function waitForScope(context: WriteContext, first: unknown): Promise<void> {
  const stateOf = (raw: unknown) => parseScope(raw).provisioningState
  if (asObject(first) !== undefined && !isMoving(stateOf(first))) return
  const last = await pollUntil({
    waitMs: context.waitMs,
    signal: context.giveUp,
    read: async () => (await readModes(context)).raw,
    isDone: raw => !isMoving(stateOf(raw)),
  })
  if (/^succeeded$/i.test(stateOf(last))) return
  const name = nameOf(context.scopeId)
  if (context.giveUp.aborted) throw new UnfinishedError(`The scope ${name} is still ${stateOf(last)}.`)
  throw new AzureError(`The scope ${name} is ${stateOf(last)} after its modes were written.`, {
    remedy: 'Look at the scope in the portal, then run the same job again.',
  })
}
