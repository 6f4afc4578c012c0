import { AzureError, InputError } from '../../errors.ts'
import { isAbort } from '../http/clock.ts'
import { readErrorBody } from '../http/errorBody.ts'
import { networkFailure, proxyRefusal } from '../http/network.ts'
import { withoutTokens } from '../http/redact.ts'
import { remedyFor } from './signInRemedies.ts'
import type { SignInWay } from './signInWays.ts'
import type { SignInCircumstances } from './signInMeans.ts'

/**
 * Turns a failed sign-in into an error with reason `auth-failed`: Entra's code and message, the
 * presented claims, and the command that fixes it. Neither it nor its cause contains a token or
 * assertion.
 */
export function signInError(error: unknown, circumstances: SignInCircumstances): Error {
  const ours = ownError(error)
  if (ours) return ours
  const { way, failure } = circumstances
  const words = [
    error instanceof Error ? error.message : String(error),
    failure !== undefined && 'text' in failure ? readErrorBody(failure.text).message : '',
  ]
  const aadsts = words.map(readAadsts).find((found) => found !== undefined)
  const cause = safeCause(error)
  if (aadsts) {
    const presented = presentedBy(circumstances)
    return new AzureError(
      withoutTokens(
        `Could not sign in to Azure ${describeSignIn(way)}: ${aadsts.code}: ${aadsts.words}${presented}`,
      ),
      {
        reason: 'auth-failed',
        code: aadsts.code,
        remedy: remedyFor(aadsts.code, circumstances),
        correlationId: aadsts.correlationId,
        cause,
      },
    )
  }
  return unreached(circumstances, cause) ?? unexplained(words[0] ?? '', circumstances, cause)
}

/**
 * Describes the sign-in, for errors and the log: "as client … in tenant … with a client secret".
 */
export function describeSignIn(way: SignInWay): string {
  switch (way.by) {
    case 'github':
      return `as client ${way.clientId} in tenant ${way.tenantId} with GitHub's OIDC token`
    case 'secret':
      return `as client ${way.clientId} in tenant ${way.tenantId} with a client secret`
    case 'certificate':
      return `as client ${way.clientId} in tenant ${way.tenantId} with a certificate`
    case 'tokenFile':
      return `as client ${way.clientId} in tenant ${way.tenantId} with the token of AZURE_FEDERATED_TOKEN_FILE`
    case 'cli':
      return "with the Azure CLI's login"
    case 'managedIdentity':
      return way.clientId === undefined
        ? 'with the managed identity of this machine'
        : `with the managed identity ${way.clientId}`
  }
}

/** Parses "AADSTS700213: No matching … Trace ID: … Correlation ID: … Timestamp: …". */
function readAadsts(
  text: string,
): { readonly code: string; readonly words: string; readonly correlationId?: string } | undefined {
  const match = /(AADSTS\d+)\b:?\s*([\s\S]*)/.exec(text)
  if (!match) return undefined
  const words = (match[2] ?? '')
    .replace(/\s*(?:-\s*)?(?:Trace ID|Correlation ID|Timestamp)\s*:[\s\S]*$/i, '')
    .replace(/\s+/g, ' ')
    .trim()
  const correlationId = /Correlation ID:\s*([0-9a-f-]{36})/i.exec(text)?.[1]
  return { code: match[1] ?? '', words, ...(correlationId === undefined ? {} : { correlationId }) }
}

function presentedBy({ way, claims }: SignInCircumstances): string {
  if (claims === undefined) return ''
  const who = way.by === 'github' ? 'GitHub' : 'The token file'
  return ` ${who} presented the subject "${claims.subject}", the issuer "${claims.issuer}" and the audience "${claims.audience}".`
}

/** The error for a missing answer, or one that is not Entra's. */
function unreached(circumstances: SignInCircumstances, cause: Error): AzureError | undefined {
  const { way, failure, cloud } = circumstances
  if (failure === undefined) return undefined
  const could = `Could not sign in to Azure ${describeSignIn(way)}`
  if ('error' in failure) {
    const network = networkFailure(failure.error, failure.url)
    if (network === undefined) return undefined
    return new AzureError(`${could}: ${network.message}`, {
      reason: 'auth-failed',
      code: network.code,
      remedy: network.remedy,
      cause,
    })
  }
  if (failure.status === proxyRefusal.status)
    return new AzureError(`${could}: ${proxyRefusal.message}`, {
      ...proxyRefusal,
      reason: 'auth-failed',
      cause,
    })
  const { code, message } = readErrorBody(failure.text)
  const said = [code, message].filter((part) => part !== undefined && part !== '').join(': ')
  const host = new URL(failure.url).host
  return new AzureError(
    withoutTokens(`${could}: ${host} answered ${failure.status}${said === '' ? '' : ` ${said}`}`),
    {
      reason: 'auth-failed',
      code,
      status: failure.status,
      remedy:
        failure.status === 429 || failure.status >= 500
          ? 'A temporary failure of the sign-in service: run the job again.'
          : `Check that ${cloud.authority} is the sign-in address of the cloud (input cloud), and check the ids that this run signs in with.`,
      cause,
    },
  )
}

function unexplained(
  words: string,
  { way, cloud, place }: SignInCircumstances,
  cause: Error,
): Error {
  const message = withoutTokens(
    `Could not sign in to Azure ${describeSignIn(way)}: ${words.trim()}`,
  )
  if (way.by === 'cli')
    return new InputError(
      message,
      place === 'terminal'
        ? `Sign in to the cloud ${cloud.name} with az login (az cloud set --name picks another cloud), and run this again.`
        : `Add a step with azure/login before this one, for the cloud ${cloud.name}; or set the inputs client-id and tenant-id and "permissions: id-token: write" to sign in without the Azure CLI.`,
      { reason: 'auth-failed', cause },
    )
  const remedy: Record<Exclude<SignInWay['by'], 'cli'>, string> = {
    github:
      'Run the job again; if it happens again, check "permissions: id-token: write" and the inputs client-id, tenant-id and cloud.',
    secret: 'Check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.',
    certificate:
      'Check that AZURE_CLIENT_CERTIFICATE_PATH is a PEM file with certificate and private key that this job can read, and check AZURE_CLIENT_CERTIFICATE_PASSWORD.',
    tokenFile: 'Check that AZURE_FEDERATED_TOKEN_FILE is a file that this job can read.',
    managedIdentity:
      'Give the machine an identity, or sign in with the inputs client-id and tenant-id; for a user-assigned identity set AZURE_CLIENT_ID to its client id.',
  }
  return new AzureError(message, { reason: 'auth-failed', remedy: remedy[way.by], cause })
}

/** Keeps only the error's name and redacted message, not the request that the SDK may attach. */
function safeCause(error: unknown): Error {
  const safe = new Error(withoutTokens(error instanceof Error ? error.message : String(error)))
  safe.name = error instanceof Error ? error.name : 'Error'
  return safe
}

/** The error that one of our callbacks threw, unwrapped from the SDK's. */
function ownError(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined
  if (error instanceof AzureError || error instanceof InputError || isAbort(error)) return error
  return ownError(error.cause)
}
