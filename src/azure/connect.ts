import {
  createDefaultHttpClient,
  createPipelineRequest,
  type HttpClient,
} from '@azure/core-rest-pipeline'
import { type Arm, type Counts, createArm } from './arm.ts'
import { hasAzureCli } from './signIn/azureCli.ts'
import { isAzureMachine } from './signIn/azureMachine.ts'
import { systemClock } from './http/clock.ts'
import { type Cloud, resolveCloud } from './http/cloud.ts'
import { addressClient } from './http/addressClient.ts'
import { boundedClient } from './http/boundedClient.ts'
import { asAzureError } from './errors/azureFailure.ts'
import { connectQueries } from './query/queryServices.ts'
import { guardedClient, ownOrigin } from './http/writeGuard.ts'
import { publishedLimits } from './http/pace.ts'
import { armRetries } from './http/retry.ts'
import { describeSignIn } from './signIn/signInErrors.ts'
import { type Place, signInWays } from './signIn/signInWays.ts'
import { armPipeline, plainPipeline, type Surroundings } from './http/transport.ts'
import { armTimeout } from './http/tryTimeout.ts'

/** What a connection to Azure needs. */
export interface ConnectOptions {
  /** The input `cloud`: a name, or the https:// URL of a Resource Manager. */
  readonly cloud: string
  readonly clientId?: string
  readonly tenantId?: string
  /** `refused`: only GET, HEAD and the read-only query POSTs are sent (contract promise 1). */
  readonly writes: 'refused' | 'allowed'
  readonly env: Readonly<Record<string, string | undefined>>
  /** GitHub's OIDC provider: `getIDToken` of @actions/core. */
  readonly getIdToken: (audience: string) => Promise<string>
  /** The writes that an apply has in flight; at least as many concurrent reads are allowed. */
  readonly maxConcurrency: number
  /** Aborted when no time is left: ends requests in flight and waits before retries. */
  readonly giveUp?: AbortSignal
  readonly log: (line: string) => void
  /** Where the run is; a job by default. */
  readonly place?: Place
}

/**
 * Finds the cloud, signs in, and returns the only client for its Resource Manager.
 *
 * @throws InputError | AzureError
 */
export async function connect(options: ConnectOptions): Promise<Arm> {
  return await connectThrough(options, {
    httpClient: boundedClient(addressClient(createDefaultHttpClient())),
    clock: systemClock,
    random: Math.random,
    log: options.log,
    ...(options.giveUp === undefined ? {} : { giveUp: options.giveUp }),
  })
}

/** `connect` with HTTP client, clock and random source from the caller. */
export async function connectThrough(
  options: ConnectOptions,
  surroundings: Surroundings,
): Promise<Arm> {
  const { env, clientId, tenantId, getIdToken, writes, log, place = 'job' } = options
  const counts: Counts = {
    reads: 0,
    queries: 0,
    writes: 0,
    deletes: 0,
    signIns: 0,
    telemetry: 0,
  }
  // Errors that the inputs alone show are thrown before any network request.
  const ways = signInWays({
    clientId,
    tenantId,
    env,
    place,
    hasAzureCli: await hasAzureCli(env),
    isAzureMachine: place === 'terminal' && (await isAzureMachine()),
  })
  const cloud = await resolveCloud(options.cloud, (url) => readPublicly(url, surroundings, counts))
  // These libraries are half of the code to load, so load them late and in parallel with requests.
  const { signIn } = await import('./signIn/credential.ts')
  const sdk = import('@azure/arm-monitor')
  const count = () => (counts.signIns += 1)
  const { way, tokens, newTokens } = await signIn(ways, {
    cloud,
    surroundings,
    getIdToken,
    count,
    place,
  })
  log(`Signed in to ${cloud.name} ${describeSignIn(way)}.`)
  const { MonitorClient } = await sdk
  return createArm({
    MonitorClient,
    cloud,
    counts,
    tokens,
    pipeline: armPipeline(cloud, tokens, limitsFor(options), surroundings),
    httpClient: guarded(cloud, writes, surroundings.httpClient, counts),
    ask: connectQueries(cloud.queries, {
      surroundings,
      newTokens,
      count: () => (counts.telemetry += 1),
    }),
  })
}

function limitsFor({ maxConcurrency }: ConnectOptions): Parameters<typeof armPipeline>[2] {
  // Each write is preceded by a read of its object, so reads must not be the bottleneck.
  const readsInFlight = Math.max(publishedLimits.readsInFlight, maxConcurrency)
  return { retries: armRetries, timeout: armTimeout, pace: { ...publishedLimits, readsInFlight } }
}

function guarded(
  { resourceManager: origin }: Pick<Cloud, 'resourceManager'>,
  writes: ConnectOptions['writes'],
  httpClient: HttpClient,
  counts: Counts,
): HttpClient {
  return guardedClient(httpClient, { origin, writes, count: (kind) => (counts[kind] += 1) })
}

/** Reads a public URL of a Resource Manager, without a token. */
async function readPublicly(
  url: string,
  surroundings: Surroundings,
  counts: Counts,
): Promise<{ readonly status: number; readonly text: string }> {
  const { origin } = new URL(url)
  const limits = { retries: armRetries, timeout: () => 15_000 }
  const pipeline = plainPipeline(ownOrigin(origin), limits, surroundings)
  const client = guarded({ resourceManager: origin }, 'refused', surroundings.httpClient, counts)
  try {
    const { status, bodyAsText } = await pipeline.sendRequest(
      client,
      createPipelineRequest({ url }),
    )
    return { status, text: bodyAsText ?? '' }
  } catch (error) {
    throw asAzureError(error, 'read the sign-in address from the Resource Manager')
  }
}
