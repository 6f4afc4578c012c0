import { AzureError } from '../../errors.ts'
import { nameOf } from '../../resources/id.ts'
import type { AccessModes } from '../../resources/resource.ts'
import { liveModes } from '../../estate/live.ts'
import { asObject, field, text } from '../azureJson.ts'
import { followOperation } from './longRunning.ts'
import { parseScope } from '../look/parseResource.ts'
import { pollUntil } from '../poll.ts'
import { isMoving, scopeApiVersion } from '../look/scope.ts'
import { PremiseError, UnfinishedError, type WriteContext, type WriteResult } from './context.ts'
import { persist } from './persist.ts'
import { omit } from './body.ts'

/**
 * Sets only the scope's access modes. A PUT replaces everything (facts, section 1.4), so
 * exclusions, tags and unknown fields are sent back as they were read.
 */
export async function writeModes(
  context: WriteContext,
  before: AccessModes,
  wanted: AccessModes,
): Promise<WriteResult> {
  if (wanted.ingestion === 'PrivateOnly' && before.ingestion !== 'PrivateOnly') {
    const { modes } = await readAsPlanned(context, before, wanted)
    if (sameModes(modes, wanted)) return 'already'
    await refuseDark(context)
  }
  return await persist(context, (attempt) => putModes(context, before, wanted, attempt))
}

interface LiveScope {
  readonly raw: unknown
  readonly modes: ReturnType<typeof liveModes>
}

/** Reads the scope; throws unless its modes are the wanted ones or those that the plan saw. */
async function readAsPlanned(
  context: WriteContext,
  before: AccessModes,
  wanted: AccessModes,
): Promise<LiveScope> {
  const live = await readModes(context)
  if (sameModes(live.modes, wanted) || sameModes(live.modes, before)) return live
  throw new PremiseError(
    `The access modes of ${nameOf(wanted.id)} are ingestion ${live.modes.ingestion}, query ${live.modes.query} now; the plan saw ingestion ${before.ingestion}, query ${before.query}.`,
  )
}

function sameModes(
  a: Pick<AccessModes, 'ingestion' | 'query'>,
  b: Pick<AccessModes, 'ingestion' | 'query'>,
): boolean {
  return a.ingestion === b.ingestion && a.query === b.query
}

/** Ingestion is closed only if every target keeps every capability (contract section 4). */
async function refuseDark(context: WriteContext): Promise<void> {
  const dark = await context.findDark()
  if (dark.length === 0) return
  throw new PremiseError(
    `PrivateOnly was not written, because it would cut off: ${dark.slice(0, 5).join('; ')}${dark.length > 5 ? `; and ${dark.length - 5} more` : ''}.`,
  )
}

async function readModes(context: WriteContext): Promise<LiveScope> {
  const name = nameOf(context.scopeId)
  const { status, body } = await context.arm.send({
    method: 'GET',
    path: context.scopeId,
    apiVersion: scopeApiVersion,
    accept: [404],
    what: `read the private link scope ${name}`,
  })
  if (status === 404) throw new PremiseError(`The private link scope ${name} is gone.`)
  return { raw: body, modes: liveModes(parseScope(body)) }
}

/** Properties that Azure sets itself. */
const readOnly = new Set(['provisioningstate', 'privateendpointconnections', 'scopeid'])
const envelope = new Set(['id', 'name', 'type', 'etag', 'systemdata', 'properties'])

async function putModes(
  context: WriteContext,
  before: AccessModes,
  wanted: AccessModes,
  attempt: number,
): Promise<WriteResult> {
  const { raw, modes } = await readAsPlanned(context, before, wanted)
  if (sameModes(modes, wanted)) {
    await waitForScope(context, raw)
    // From the second try on, the first try may have succeeded and its answer been lost.
    return attempt === 1 ? 'already' : 'done'
  }
  const what = `set the access modes of ${nameOf(wanted.id)} to ingestion ${wanted.ingestion}, query ${wanted.query}`
  const answer = await context.arm.send({
    method: 'PUT',
    path: context.scopeId,
    apiVersion: scopeApiVersion,
    what,
    body: withModes(raw, modes, wanted),
  })
  await followOperation(context, answer, what)
  await waitForScope(context, answer.body)
  return 'done'
}

/** The scope as it was read, with the changed modes. */
function withModes(raw: unknown, live: LiveScope['modes'], wanted: AccessModes): unknown {
  const isMode = (key: string) => key.toLowerCase() === 'accessmodesettings'
  const properties = field(raw, 'properties')
  const settings = field(properties, 'accessModeSettings')
  // An unchanged mode may have a value that we don't know.
  const mode = (which: 'ingestion' | 'query') =>
    (live[which] === wanted[which] ? text(settings, `${which}AccessMode`) : undefined) ??
    wanted[which]
  return {
    ...omit(raw, (key) => envelope.has(key.toLowerCase())),
    properties: {
      ...omit(properties, (key) => readOnly.has(key.toLowerCase()) || isMode(key)),
      accessModeSettings: {
        ...asObject(settings),
        ingestionAccessMode: mode('ingestion'),
        queryAccessMode: mode('query'),
      },
    },
  }
}

async function waitForScope(context: WriteContext, first: unknown): Promise<void> {
  const stateOf = (raw: unknown) => parseScope(raw).provisioningState
  const isSettled = asObject(first) !== undefined && !isMoving(stateOf(first))
  const last = isSettled
    ? first
    : await pollUntil({
        waitMs: context.waitMs,
        signal: context.giveUp,
        read: async () => (await readModes(context)).raw,
        isDone: (raw) => !isMoving(stateOf(raw)),
      })
  if (/^succeeded$/i.test(stateOf(last))) return
  const name = nameOf(context.scopeId)
  if (context.giveUp.aborted)
    throw new UnfinishedError(`The scope ${name} is still ${stateOf(last)}.`)
  throw new AzureError(`The scope ${name} is ${stateOf(last)} after its modes were written.`, {
    remedy: 'Check the scope in the portal, then run the same job again.',
  })
}
