import { readFile } from 'node:fs/promises'
import type { TokenCredential } from '@azure/core-auth'
import {
  AzureCliCredential,
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
} from '@azure/identity'
import { type AssertionSource, assertionSource } from './assertion.ts'
import { mintAtGitHub } from './mintAtGitHub.ts'
import { signInClient } from './signInClient.ts'
import type { SignInMeans } from './signInMeans.ts'
import { signInError } from './signInErrors.ts'
import { noWay, type SignInWay } from './signInWays.ts'
import { type TokenSource, tokenSource } from '../http/tokens.ts'
import type { Surroundings } from '../http/transport.ts'

/** A successful sign-in. */
export interface SignedIn {
  readonly way: SignInWay
  /** Tokens for the Resource Manager. */
  readonly tokens: TokenSource
  /**
   * Creates a token source for another audience, with the same sign-in: a source holds one token at
   * a time.
   */
  readonly newTokens: () => TokenSource
}

/**
 * Signs in with the first way that works. Fetches a token right away, so that sign-in problems are
 * reported before anything else.
 *
 * @throws InputError | AzureError with reason `auth-failed`
 */
export async function signIn(ways: readonly SignInWay[], means: SignInMeans): Promise<SignedIn> {
  const failures: Error[] = []
  for (const way of ways) {
    const tokens = tokensFor(way, means)
    try {
      await tokens.getToken(means.cloud.scope)
      return { way, tokens, newTokens: () => tokensFor(way, means) }
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error))
      if (ways.length === 1) throw failure
      failures.push(failure)
    }
  }
  throw noWay(failures.map((failure) => failure.message).join('. '), means.place, failures[0])
}

/** Creates the token source of one way; its errors say what to do. */
function tokensFor(way: SignInWay, means: SignInMeans): TokenSource {
  const { cloud, surroundings, count, place } = means
  const client = signInClient(surroundings, count)
  const assertions = assertionsFor(way, means)
  const options = {
    authorityHost: cloud.authority,
    disableInstanceDiscovery: cloud.custom,
    httpClient: client.httpClient,
    // Our client retries, within limits and as Entra asks.
    retryOptions: { maxRetries: 0 },
  }
  const create = (): TokenCredential => {
    const credential = credentialFor(way, options, assertions)
    return {
      async getToken(scopes, more) {
        try {
          return await credential.getToken(scopes, more)
        } catch (error) {
          const failure = client.lastFailure()
          throw signInError(error, { way, cloud, place, claims: assertions?.claims(), failure })
        }
      },
    }
  }
  return tokenSource(create, surroundings.clock)
}

function credentialFor(
  way: SignInWay,
  options: { readonly authorityHost: string; readonly disableInstanceDiscovery: boolean } & Pick<
    Surroundings,
    'httpClient'
  >,
  assertions: AssertionSource | undefined,
): TokenCredential {
  switch (way.by) {
    case 'github':
    case 'tokenFile':
      return new ClientAssertionCredential(
        way.tenantId,
        way.clientId,
        async () => (assertions ? await assertions.get() : ''),
        options,
      )
    case 'secret':
      return new ClientSecretCredential(way.tenantId, way.clientId, way.secret, options)
    case 'certificate':
      return new ClientCertificateCredential(
        way.tenantId,
        way.clientId,
        {
          certificatePath: way.path,
          ...(way.password === undefined ? {} : { certificatePassword: way.password }),
        },
        { ...options, sendCertificateChain: way.sendChain },
      )
    case 'cli':
      return new AzureCliCredential({
        processTimeoutInMs: 60_000,
        ...(way.tenantId === undefined ? {} : { tenantId: way.tenantId }),
      })
    case 'managedIdentity': {
      // Its own retries fit the metadata service; ours only add retries for lost connections.
      const { httpClient } = options
      return way.clientId === undefined
        ? new ManagedIdentityCredential({ httpClient })
        : new ManagedIdentityCredential({ httpClient, clientId: way.clientId })
    }
  }
}

function assertionsFor(way: SignInWay, means: SignInMeans): AssertionSource | undefined {
  const { clock } = means.surroundings
  if (way.by === 'github') return assertionSource(() => mintAtGitHub(means), clock)
  if (way.by === 'tokenFile')
    return assertionSource(async () => (await readFile(way.path, 'utf8')).trim(), clock)
  return undefined
}
