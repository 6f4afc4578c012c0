import { type JsonObject, textAt } from '../azure/json.ts'
import type { FederatedCredential } from '../azure/seed.ts'
import type { Directory } from './directory.ts'
import { iso, refuseSignIn } from './signInErrors.ts'

const exchangeAudience = 'api://AzureADTokenExchange'

/** Checks a federated token: signature, lifetime, then issuer, audience and subject. */
export function requireFederated(directory: Directory, clientId: string, assertion: string): void {
  const claims = directory.key.read(assertion)
  if (!claims) {
    refuseSignIn(401, 'invalid_client', 50027, 'JWT token is invalid or malformed.')
  }
  const now = Date.now()
  const [from, until] = [Number(claims['nbf']) * 1000, Number(claims['exp']) * 1000]
  if (now >= until || now < from) {
    refuseSignIn(
      401,
      'invalid_client',
      700024,
      `Client assertion is not within its valid time range. Current time: ${iso(now)}, assertion valid from ${iso(from)}, expiry time of assertion ${iso(until)}.`,
    )
  }
  const credentials = directory.seed.federated?.filter((one) => one.clientId === clientId) ?? [
    { clientId, subject: textAt(claims, 'sub') ?? '' },
  ]
  requireMatch(directory, credentials, claims)
}

function requireMatch(
  { knobs }: Directory,
  credentials: readonly FederatedCredential[],
  claims: JsonObject,
): void {
  const tests: readonly [string, number, (credential: FederatedCredential) => string][] = [
    ['iss', 700211, (credential) => credential.issuer ?? knobs.oidcIssuer],
    ['aud', 700212, (credential) => credential.audience ?? exchangeAudience],
    ['sub', 700213, (credential) => credential.subject],
  ]
  const names: Readonly<Record<string, string>> = { iss: 'issuer', aud: 'audience', sub: 'subject' }
  let left = credentials
  for (const [claim, code, wanted] of tests) {
    const presented = textAt(claims, claim) ?? ''
    left = left.filter((credential) => wanted(credential) === presented)
    if (left.length > 0) continue
    refuseSignIn(
      401,
      'invalid_client',
      code,
      `No matching federated identity record found for presented assertion ${names[claim] ?? claim} '${presented}'. Please check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation`,
    )
  }
}
