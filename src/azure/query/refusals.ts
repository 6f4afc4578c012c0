import type { AzureError } from '../../errors.ts'
import type { Reach } from '../../telemetry/telemetry.ts'
import { asObject, field, text } from '../azureJson.ts'
import { isAbort } from '../http/clock.ts'
import type { QueryAnswer } from './queryServices.ts'

/** A refusal, which says nothing about any target. */
export interface Refused {
  readonly state: 'refused'
  readonly reach: Exclude<Reach, 'yes'>
  readonly detail: string
}

export function refused(reach: Refused['reach'], detail: string): Refused {
  return { state: 'refused', reach, detail }
}

/** The refusal for a missing answer. The abort of a job is rethrown instead. */
export function refusedByError(error: AzureError, workspace: string): Refused {
  if (isAbort(error.cause) || error.code === 'Aborted') throw error
  return refused(
    'error',
    `Workspace ${workspace} could not be queried: ${error.message}. ${error.remedy}`,
  )
}

/** The answer as an object; `undefined` if it is empty, cut off or not JSON. */
export function bodyOf({ text: body }: QueryAnswer): unknown {
  try {
    return asObject(JSON.parse(body.replace(/^\uFEFF/, '')))
  } catch {
    // The caller reports that it proves nothing.
    return undefined
  }
}

/** The codes of an error and its inner errors, outermost first; never taken from the message. */
export function codesOf(body: unknown): readonly string[] {
  const codes: string[] = []
  let error = field(body, 'error')
  for (let depth = 0; depth < 8 && asObject(error) !== undefined; depth += 1) {
    const code = text(error, 'code')
    if (code !== undefined) codes.push(code)
    error = field(error, 'innererror')
  }
  return codes
}

/** The message of the innermost error. */
export function innermostMessage(body: unknown): string {
  let error = field(body, 'error')
  let message = ''
  for (let depth = 0; depth < 8 && asObject(error) !== undefined; depth += 1) {
    message = text(error, 'message') ?? message
    error = field(error, 'innererror')
  }
  return message
}

/** The refusal for an error status of any query service; the caller handles 403. */
export function refusedByStatus(
  { status }: QueryAnswer,
  body: unknown,
  workspace: string,
): Refused {
  const codes = codesOf(body)
  const code = codes.length === 0 ? '' : ` ${codes.join(' / ')}`
  const said = `Workspace ${workspace} answered ${status}${code}`
  if (status === 429) {
    return refused('throttled', `${said}: too many queries. Run again in a few minutes.`)
  }
  return refused(
    'error',
    `${said}. ${remedies[status] ?? 'Run again; if it happens again, open an issue with this line.'}`,
  )
}

const remedies: Readonly<Record<number, string>> = {
  401: 'The token was rejected: check that the input cloud is the cloud of the workspace.',
  404: 'The service does not know the workspace: it was deleted, or moved to another tenant.',
  502: 'A temporary failure of the service: run again.',
  503: 'A temporary failure of the service: run again.',
  504: 'The query took too long: run again.',
}
