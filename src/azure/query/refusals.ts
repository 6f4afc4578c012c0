import type { AzureError } from '../../errors.ts'
import type { Reach } from '../../telemetry/telemetry.ts'
import { asObject, field, text } from '../azureJson.ts'
import { isAbort } from '../http/clock.ts'
import type { QueryAnswer } from './queryServices.ts'

/** An answer that says nothing of any target. */
export interface Refused {
  readonly state: 'refused'
  readonly reach: Exclude<Reach, 'yes'>
  readonly detail: string
}

export function refused(reach: Refused['reach'], detail: string): Refused {
  return { state: 'refused', reach, detail }
}

/** No answer at all, or nothing was sent. A job that is being stopped is not a refusal. */
export function refusedByError(error: AzureError, workspace: string): Refused {
  if (isAbort(error.cause) || error.code === 'Aborted') throw error
  return refused(
    'error',
    `Workspace ${workspace} could not be asked: ${error.message}. ${error.remedy}`,
  )
}

/** The answer as an object; `undefined` when it is empty, cut off, or no JSON. */
export function bodyOf({ text: body }: QueryAnswer): unknown {
  try {
    return asObject(JSON.parse(body.replace(/^\uFEFF/, '')))
  } catch {
    // The caller says that nothing can be concluded from it.
    return undefined
  }
}

/** The codes of an error and of the errors inside it, outermost first; never from its words. */
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

/** The words of the innermost error. */
export function innermostMessage(body: unknown): string {
  let error = field(body, 'error')
  let message = ''
  for (let depth = 0; depth < 8 && asObject(error) !== undefined; depth += 1) {
    message = text(error, 'message') ?? message
    error = field(error, 'innererror')
  }
  return message
}

/** What any query service may answer instead of rows; a 403 is for the caller to explain. */
export function refusedByStatus(
  { status }: QueryAnswer,
  body: unknown,
  workspace: string,
): Refused {
  const codes = codesOf(body)
  const code = codes.length === 0 ? '' : ` ${codes.join(' / ')}`
  const said = `Workspace ${workspace} answered ${status}${code}`
  if (status === 429) {
    return refused('throttled', `${said}: too many queries at a time. Run again in a few minutes.`)
  }
  return refused(
    'error',
    `${said}. ${remedies[status] ?? 'Run again; if it stays, open an issue with this line.'}`,
  )
}

const remedies: Readonly<Record<number, string>> = {
  401: 'The token was not taken: check that the input cloud is the cloud of the workspace.',
  404: 'It knows no such workspace: it was deleted, or moved to another tenant.',
  502: 'The service failed for a moment: run again.',
  503: 'The service failed for a moment: run again.',
  504: 'The query took too long: run again.',
}
