import type { FailureReason } from '../../errors.ts'
import { type ErrorBody, readErrorBody } from '../http/errorBody.ts'
import type { Advice, Refusal } from './refusal.ts'
import { byCode, byMessage, byStatus } from './remedies.ts'
import { withoutTokens } from '../http/redact.ts'

/** An Azure error, explained for the user. */
export interface Explanation {
  /** "Azure answered 403 AuthorizationFailed: The client … does not have authorization …". */
  readonly message: string
  /** What to do, in one or two sentences. */
  readonly remedy: string
  readonly reason: FailureReason
  /** Azure's error code, if any. */
  readonly code: string | undefined
}

/** Explains an answer with a status of 400 or more, with any shape of body. */
export function explainAnswer(answer: {
  readonly method: string
  readonly url: string
  readonly status: number
  readonly text: string
}): Explanation {
  const { method, url, status } = answer
  return explain({ ...readErrorBody(answer.text), method, url, status })
}

/** Explains a refusal: Azure's message, the names that it lacks, and what to do. */
export function explain(refusal: Refusal): Explanation {
  const advice = adviceFor(refusal)
  const also = advice.also === undefined ? '' : ` (${advice.also})`
  return {
    message: withoutTokens(`${said(refusal)}${also}`),
    remedy: withoutTokens(advice.remedy),
    reason: advice.reason ?? reasonOf(refusal.status),
    code: refusal.code,
  }
}

/**
 * The remedy for an error by its message or code; `undefined` if only the status could tell, which
 * a long-running operation's result lacks.
 */
export function knownRemedy(error: ErrorBody): string | undefined {
  const advice = knownAdvice({ ...error, status: undefined, method: undefined, url: undefined })
  return advice === undefined ? undefined : withoutTokens(advice.remedy)
}

function adviceFor(refusal: Refusal): Advice {
  return knownAdvice(refusal) ?? byStatus(refusal)
}

function knownAdvice(refusal: Refusal): Advice | undefined {
  const words = [refusal.message, ...refusal.details.map((d) => d.message)].join('\n')
  const match = byMessage.find((rule) => rule.when.test(words))
  if (match) return match.advise(refusal)
  const codes = [refusal.code, ...refusal.details.map((d) => d.code)]
  for (const code of codes) {
    const advise = code === undefined ? undefined : byCode[code.toLowerCase()]
    if (advise) return advise(refusal)
  }
  return undefined
}

/** "Azure answered 409 Conflict: message", with the inner messages that the outer one lacks. */
function said(refusal: Refusal): string {
  const { status, code, message, details } = refusal
  const phrase = status === undefined ? undefined : phrases[status]
  const name = code !== undefined && code !== String(status) ? code : (phrase ?? '')
  const what =
    status === undefined
      ? `The long-running operation failed${code === undefined ? '' : ` with ${code}`}`
      : `Azure answered ${status} ${name}`.trimEnd()
  const words = wordsOf({ message, details })
  return words === '' ? `${what} and gave no reason` : `${what}: ${words}`
}

/** Azure's message, with the inner messages that it lacks; may be empty. */
export function wordsOf({ message, details }: Pick<ErrorBody, 'message' | 'details'>): string {
  const inner = details
    .filter((d) => d.message !== '' && !message.includes(d.message))
    .map((d) => (d.code === undefined ? d.message : `${d.code}: ${d.message}`))
  return [...new Set([message, ...inner])].filter((w) => w !== '').join(' · ')
}

function reasonOf(status: number | undefined): FailureReason {
  return status === 401 ? 'auth-failed' : status === 403 ? 'forbidden' : 'azure-error'
}

/** RFC 9110, section 15. */
const phrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}
