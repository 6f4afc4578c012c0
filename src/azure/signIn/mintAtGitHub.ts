import { InputError } from '../../errors.ts'
import type { SignInMeans } from './signInMeans.ts'
import { networkFailure, proxyRefusal } from '../http/network.ts'
import { withoutTokens } from '../http/redact.ts'

/**
 * The audience of GitHub's OIDC token that Entra expects (Microsoft Learn, workload identity
 * federation).
 */
export const federationAudience = 'api://AzureADTokenExchange'

/** Milliseconds for one try: GitHub's toolkit itself has no timeout. */
const tryMs = 30_000
const maxTries = 5
const firstDelayMs = 1000

/**
 * Requests an OIDC token from GitHub. GitHub's toolkit retries only 502, 503 and 504; other
 * transient failures are retried here.
 *
 * @throws InputError with reason `auth-failed`
 */
export async function mintAtGitHub({
  getIdToken,
  count,
  surroundings: { clock, giveUp },
}: SignInMeans): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    count()
    try {
      return await inTime(getIdToken(federationAudience))
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error)
      const words = withoutTokens(said.replace(/\s+/g, ' '))
      if (attempt === maxTries || !isPassing(words)) throw refused(words, error)
      await clock.sleep(firstDelayMs * 2 ** (attempt - 1), giveUp)
    }
  }
}

/** Judged by the toolkit's message, which is all it gives: a status, or a connection error. */
function isPassing(words: string): boolean {
  return /Error Code : (?:408|429|500)\b|ECONNRESET|ECONNREFUSED|ETIMEDOUT|EPIPE|EAI_AGAIN|ENOTFOUND|socket hang up|no answer within/i.test(
    words,
  )
}

function refused(words: string, error: unknown): InputError {
  if (/\b407\b/.test(words))
    return new InputError(
      `GitHub gave no OIDC token: ${proxyRefusal.message}`,
      proxyRefusal.remedy,
      {
        reason: 'auth-failed',
      },
    )
  const network = networkFailure(error, undefined)
  if (network?.transient === false)
    return new InputError(`GitHub gave no OIDC token: ${words}`, network.remedy, {
      reason: 'auth-failed',
    })
  const isTheirs = isPassing(words) || /Error Code : 5\d\d\b/i.test(words)
  return new InputError(
    `GitHub gave no OIDC token: ${words}`,
    isTheirs
      ? 'A temporary failure of GitHub: run the job again.'
      : 'Check that the job has "permissions: id-token: write", and run it again.',
    { reason: 'auth-failed' },
  )
}

async function inTime(answer: Promise<string>): Promise<string> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`GitHub gave no answer within ${tryMs / 1000} s`))
    }, tryMs)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
