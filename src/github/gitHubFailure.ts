import { networkFailure, proxyRefusal } from '../azure/http/network.ts'
import { GitHubError } from '../errors.ts'
import { withoutSecrets } from '../secrets.ts'
import { AnswerTooLarge } from './boundedFetch.ts'
import { at, listAt, numberAt, textAt } from './gitHubJson.ts'
import { plainLine } from '../job/log.ts'
import { remedyForRefusal } from './refusals.ts'

/** A failed call to GitHub. */
export interface CallFailure {
  /** Absent when GitHub did not answer. */
  readonly status?: number
  readonly headers: unknown
  /** GitHub's or the network's message; one plain line. */
  readonly message: string
  /** GitHub refused the call because of a rate limit, so even a write may be retried. */
  readonly refused: boolean
  /** A retry may help. */
  readonly transient: boolean
  /** How long GitHub asks us to wait, when that is longer than we do. */
  readonly waitSeconds?: number
  /** The remedy, if it is already known. */
  readonly remedy?: string
  readonly cause: unknown
}

/**
 * Reads a failure from an answer or an error of Octokit; `undefined` for a good answer, and for an error that did
 * not come from a call.
 */
export function readFailure(outcome: unknown): CallFailure | undefined {
  if (outcome instanceof Error) return fromError(outcome)
  const headers = at(outcome, 'headers')
  const data = at(outcome, 'data')
  const isJson = (textAt(headers, 'content-type') ?? '').startsWith('application/json')
  const status = numberAt(outcome, 'status') ?? 0
  // Octokit returns the raw text when the answer was truncated.
  if (isJson && typeof data === 'string')
    return failure({
      headers,
      message: 'the answer was truncated',
      transient: true,
      cause: undefined,
    })
  // A missing node is null in the data, so this error adds nothing.
  const errors = listAt(data, 'errors').filter((error) => textAt(error, 'type') !== 'NOT_FOUND')
  if (errors.length === 0) return undefined
  const message = errors
    .slice(0, 20)
    .map((error) => (textAt(error, 'message') ?? 'no reason given').slice(0, mostWords))
    .join('; ')
  const refused = errors.some((error) => textAt(error, 'type') === 'RATE_LIMITED')
  return failure({ status, headers, message, refused, transient: refused, cause: undefined })
}

/**
 * Milliseconds to wait before the next attempt; `undefined` when a retry is pointless.
 *
 * GitHub's own advice: `retry-after` if given, else until `x-ratelimit-reset` when nothing remains,
 * else at least a minute after a secondary limit
 * (https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api).
 */
export function retryDelay(
  { headers, refused, transient }: CallFailure,
  attempt: number,
  now: number,
): number | undefined {
  if (!transient) return undefined
  const retryAfter = textAt(headers, 'retry-after')
  if (retryAfter !== undefined) {
    const seconds = /^\d+$/.test(retryAfter)
      ? Number(retryAfter)
      : (Date.parse(retryAfter) - now) / 1000
    if (Number.isFinite(seconds)) return Math.max(seconds, 0) * 1000
  }
  const reset = Number(textAt(headers, 'x-ratelimit-reset') ?? NaN)
  if (refused && textAt(headers, 'x-ratelimit-remaining') === '0' && Number.isFinite(reset))
    return Math.max(reset * 1000 - now, 0) + 1000
  return (refused ? 60_000 : 1000) * 2 ** (attempt - 1)
}

/** Turns the failure into an error with the purpose of the call, GitHub's message and a remedy. */
export function describeFailure(
  call: CallFailure,
  { purpose = 'talk to GitHub', permission }: { purpose?: string; permission?: string },
): GitHubError {
  const prefix =
    call.status === undefined || call.status < 400 ? '' : `GitHub answered ${call.status}: `
  const message = `Could not ${purpose}: ${prefix}${call.message.replace(/\.$/, '')}.`
  return new GitHubError(message, {
    remedy: remedyFor(call, permission),
    ...(call.status !== undefined && { status: call.status }),
    cause: call.cause,
  })
}

function remedyFor(call: CallFailure, permission: string | undefined): string {
  if (call.waitSeconds !== undefined)
    return `GitHub asks to wait ${call.waitSeconds} seconds; run the job again after that time.`
  if (call.remedy !== undefined) return call.remedy
  if (call.refused) return 'The rate limit of GitHub is reached; run the job again later.'
  if (call.transient) return "GitHub has a temporary fault or can't be reached; run the job again."
  if (call.status === 401)
    return 'The token in `github-token` is invalid or has expired; pass `${{ github.token }}`.'
  const known = call.status === 404 ? undefined : remedyForRefusal(call.message, permission)
  if (known !== undefined) return known
  if (call.status !== 403 && call.status !== 404)
    return 'If the message does not show what to change, run the job again with debug logging.'
  if (permission !== undefined && call.status === 404)
    return `Give the job the permission \`${permission}\`; pull requests from forks and Dependabot never get it.`
  return permission === undefined
    ? 'Give the token access to this repository.'
    : `GitHub does not say why. The call needs the permission \`${permission}\`; pull requests from forks and Dependabot never get write permissions.`
}

function fromError(error: Error): CallFailure | undefined {
  const status = numberAt(error, 'status')
  if (status === undefined) return undefined
  const response = at(error, 'response')
  if (response === undefined) return fromNetwork(error)
  const headers = at(response, 'headers')
  const message = messageOf(at(response, 'data'), error)
  const limited =
    status === 429 ||
    (status === 403 &&
      (textAt(headers, 'retry-after') !== undefined ||
        textAt(headers, 'x-ratelimit-remaining') === '0' ||
        /secondary rate limit|abuse detection/i.test(message)))
  return failure({
    status,
    headers,
    message,
    refused: limited,
    transient: limited || status === 408 || status >= 500,
    cause: error,
  })
}

/** No answer, or one that is too large: a reset, a timeout, an unknown host. Octokit reports these as status 500. */
function fromNetwork(error: Error): CallFailure {
  const large = findCause(error, (cause) => cause instanceof AnswerTooLarge)
  if (large instanceof AnswerTooLarge)
    return failure({
      headers: {},
      message: large.message,
      transient: false,
      cause: error,
      remedy: tooLarge,
    })
  if (findCause(error, isProxyRefusal) !== undefined) {
    const { message, remedy } = proxyRefusal
    return failure({ headers: {}, message, transient: false, cause: error, remedy })
  }
  // fetch only reports that it failed; the reason is in the cause.
  const beneath = at(error, 'cause', 'cause') ?? at(error, 'cause')
  const code = textAt(beneath, 'code') ?? ''
  const text = textAt(beneath, 'message') ?? error.message
  // A retry doesn't help with, for example, an untrusted certificate.
  const network = networkFailure(error, undefined)
  const isHopeless = network?.transient === false || code === 'ERR_INVALID_URL'
  const message = code && !text.includes(code) ? `${text} (${code})` : text
  return failure({
    headers: {},
    message,
    transient: !isHopeless,
    cause: error,
    ...(network?.transient === false && { remedy: network.remedy }),
  })
}

const tooLarge =
  'The answer was discarded. Run the job again; if this repeats, check whether something between the runner and GitHub answers in its place (a proxy, a gateway).'

/** Matches undici's message, which comes with neither a status nor a code. */
function isProxyRefusal(cause: unknown): boolean {
  return textAt(cause, 'message')?.includes('Proxy response (407)') === true
}

/** The first error in the chain of causes that matches. */
function findCause(error: unknown, isIt: (cause: unknown) => boolean, depth = 0): unknown {
  if (error === undefined || depth > 5) return undefined
  return isIt(error) ? error : findCause(at(error, 'cause'), isIt, depth + 1)
}

/** Limits the text that patterns are matched against (contract section 7); 300 characters are shown. */
const mostWords = 10_000

/** GitHub's message and the messages of its `errors`, without the link to its documentation. */
function messageOf(data: unknown, error: Error): string {
  const message = textAt(data, 'message')
  if (message === undefined)
    return typeof data === 'string' && /<html|<!doctype/i.test(data.slice(0, mostWords))
      ? 'an HTML page instead of an API answer'
      : error.message.slice(0, mostWords)
  const details = listAt(data, 'errors')
    .slice(0, 20)
    .map(
      (item) => textAt(item, 'message') ?? [textAt(item, 'field'), textAt(item, 'code')].join(' '),
    )
  return [message.slice(0, mostWords), ...details].join('; ').slice(0, mostWords)
}

function failure(
  parts: Pick<CallFailure, 'headers' | 'message' | 'transient' | 'cause'> & Partial<CallFailure>,
): CallFailure {
  const message = withoutSecrets(plainLine(parts.message))
  return {
    refused: false,
    ...parts,
    message: message.length > 300 ? `${message.slice(0, 299)}…` : message,
  }
}
