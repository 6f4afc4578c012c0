import type { OperationOptions } from '@azure-rest/core-client'
import type { Reading } from '../estate/estate.ts'
import { asAzureError, type ArmResponse } from './arm.ts'
import { text } from './azureJson.ts'
import { resourceOf } from './pages.ts'

/** The raw answer to an SDK operation, before its models drop unknown properties. */
export interface RawAnswer {
  readonly status: number
  readonly body: unknown
  readonly headers: { get(name: string): string | undefined }
}

/** Options that give access to the raw answer; every SDK operation accepts them. */
export type RawOptions = Required<Pick<OperationOptions, 'onResponse'>>

/**
 * Runs an SDK operation and returns its raw answer, because the models of @azure/arm-monitor drop
 * unknown properties and fail on absent ones (toolchain, section 1.5). Throws errors from
 * `asAzureError`, except for accepted statuses.
 */
export async function runRaw(
  what: string,
  accept: readonly number[],
  operation: (options: RawOptions) => Promise<unknown>,
): Promise<RawAnswer> {
  const answers: RawAnswer[] = []
  try {
    await operation({
      onResponse: (raw) => {
        const { status, headers, parsedBody } = raw as typeof raw & { parsedBody?: unknown }
        answers.push({ status, headers, body: parsedBody })
      },
    })
  } catch (error) {
    const last = answers.at(-1)
    const isFine = last !== undefined && (last.status < 400 || accept.includes(last.status))
    if (!isFine) throw asAzureError(error, what)
  }
  const last = answers.at(-1)
  if (last === undefined) throw asAzureError(new Error('no answer'), what)
  return last
}

/**
 * Reads one resource through the SDK right before writing it; `undefined` if it doesn't exist.
 * Missing read access is an error here: whoever writes a resource must be able to read it.
 */
export async function readLive(
  what: string,
  operation: (options: RawOptions) => Promise<unknown>,
): Promise<unknown> {
  const { status, body } = await runRaw(what, [404], operation)
  return status === 404 ? undefined : resourceOf(body, what)
}

/** Reads one resource through the SDK, with 404 and 403 as states. */
export async function readRaw(
  what: string,
  operation: (options: RawOptions) => Promise<unknown>,
): Promise<Reading<unknown>> {
  const { status, body } = await runRaw(what, [403, 404], operation)
  if (status === 404) return { state: 'missing' }
  if (status !== 403) return { state: 'found', value: resourceOf(body, what) }
  return {
    state: 'unreadable',
    why: text(body, 'error', 'message') ?? 'Azure answered 403 Forbidden.',
  }
}

/** Converts the answer of a GET to a reading. */
export function readOne(answer: ArmResponse): Reading<unknown> {
  if (answer.status === 404) return { state: 'missing' }
  if (answer.status === 403) {
    const why = text(answer.body, 'error', 'message') ?? 'Azure answered 403 Forbidden.'
    return { state: 'unreadable', why }
  }
  return { state: 'found', value: answer.body }
}

/**
 * Like `readOne`, for a resource: a success without a resource in it is an error (contract section
 * 7).
 */
export function readResource(answer: ArmResponse, what: string): Reading<unknown> {
  const reading = readOne(answer)
  return reading.state === 'found'
    ? { state: 'found', value: resourceOf(reading.value, what) }
    : reading
}
