import { isRestError, type RestError } from '@azure/core-rest-pipeline'
import { AzureError, InputError } from '../../errors.ts'
import {
  type Answer,
  type Attempts,
  attemptsOf,
  correlationIdOf,
  describeTries,
} from '../http/attempts.ts'
import { isAbort } from '../http/clock.ts'
import { explain, explainAnswer, type Explanation } from './explainRefusal.ts'
import { networkFailure } from '../http/network.ts'
import { withoutTokens } from '../http/redact.ts'
import { reportRemedy } from '../http/userAgent.ts'

/**
 * Converts any error of the SDK, the pipeline or the sign-in to an AzureError, with the error as
 * its cause.
 *
 * @param what what the request does: "read the private link scope ampls-hub"
 */
export function asAzureError(error: unknown, what: string): AzureError {
  if (error instanceof AzureError) return error
  if (error instanceof InputError) {
    const { message, remedy, reason } = error
    return new AzureError(message, { remedy, reason, cause: error })
  }
  if (isAbort(error))
    return new AzureError(`Stopped before it could ${what}`, {
      code: 'Aborted',
      remedy: 'Run the job again: it continues where this one stopped.',
      cause: error,
    })
  if (isRestError(error)) return ofRequest(error, what)
  return ofOperation(error, what) ?? ofUs(error, what)
}

/** The error for an answer with a status of 400 or more, or an unintelligible one. */
export function answerError(
  answer: Answer,
  what: string,
  attempts: Attempts | undefined,
  cause?: unknown,
): AzureError {
  return built(explainAnswer(answer), what, attempts, {
    status: answer.status,
    correlationId: answer.correlationId,
    cause,
  })
}

function ofRequest(error: RestError, what: string): AzureError {
  const attempts = error.request && attemptsOf(error.request)
  const answer = attempts?.answer ?? answerOf(error)
  if (error.statusCode !== undefined && answer) return answerError(answer, what, attempts, error)
  const failure = networkFailure(error, error.request?.url)
  if (!failure) return ofUs(error, what)
  return built({ ...failure, reason: 'azure-error' }, what, attempts, { cause: error })
}

/** What the SDK kept of an answer that did not pass our pipeline. */
function answerOf(error: RestError): Answer | undefined {
  const { response, statusCode, code, message } = error
  if (statusCode === undefined) return undefined
  return {
    method: error.request?.method ?? '',
    url: error.request?.url ?? '',
    status: statusCode,
    text: response?.bodyAsText ?? JSON.stringify({ error: { code, message } }),
    correlationId: response && correlationIdOf(response.headers),
  }
}

/**
 * A failed long-running operation comes as a plain Error with code and message in its text: "The
 * long-running operation has failed. Conflict. linked resource already in another scope".
 */
function ofOperation(error: unknown, what: string): AzureError | undefined {
  if (!(error instanceof Error)) return undefined
  const failed = /^The long-running operation has failed\.?\s*([\s\S]*)$/.exec(error.message)
  const canceled = /^(?:The long-running operation|Operation) (?:has been|was) canceled/i.test(
    error.message,
  )
  if (!failed && !canceled) return undefined
  const text = failed?.[1] ?? 'Azure canceled it.'
  const coded = /^([A-Za-z0-9_]+)\.\s+([\s\S]+)$/.exec(text)
  const explanation = explain({
    code: canceled ? 'Canceled' : coded?.[1],
    message: (coded?.[2] ?? text).replace(/\s+/g, ' ').trim(),
    details: [],
    info: [],
    status: undefined,
    method: undefined,
    url: undefined,
  })
  return built(explanation, what, undefined, { cause: error })
}

/** Not an error of Azure: a bug of ours or the SDK's. */
function ofUs(error: unknown, what: string): AzureError {
  const words = withoutTokens(error instanceof Error ? error.message : String(error))
  return new AzureError(`Could not ${what}: ${words}`, { remedy: reportRemedy, cause: error })
}

function built(
  explanation: Omit<Explanation, 'code'> & { readonly code: string | undefined },
  what: string,
  attempts: Attempts | undefined,
  more: {
    readonly status?: number
    readonly correlationId?: string | undefined
    readonly cause?: unknown
  },
): AzureError {
  const { message, remedy, reason, code } = explanation
  return new AzureError(`Could not ${what}${describeTries(attempts)}: ${message}`, {
    remedy,
    reason,
    code,
    ...more,
  })
}
