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
import { inWords } from './signIn/signInErrors.ts'
import { type Place, signInWays } from './signIn/signInWays.ts'
import { armPipeline, plainPipeline, type Surroundings } from './http/transport.ts'
import { armTimeout } from './http/tryTimeout.ts'

/** What a connection to Azure is made from. */
export interface ConnectOptions {
  /** The input `cloud`: a name, or the https:// URL of a Resource Manager. */
  readonly cloud: string
  readonly clientId?: string
  readonly tenantId?: string
  /** `refused`: nothing but GET, HEAD and Resource Graph queries ever leaves (contract promise 1). */
  readonly writes: 'refused' | 'allowed'
  readonly env: Readonly<Record<string, string | undefined>>
  /** GitHub's OIDC provider: `getIDToken` of @actions/core. */
  readonly getIdToken: (audience: string) => Promise<string>
  /** Writes that apply keeps in flight: at least as many reads are let through at a time. */
  readonly maxConcurrency: number
  /** Given when no time is left: ends what is in flight, and every wait before the next try. */
  readonly giveUp?: AbortSignal
  readonly log: (line: string) => void
  /** Where the run is; by default a job. */
  readonly place?: Place
}

/**
 * Finds the cloud, signs in, and hands out the one way to talk to its Resource Manager.
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

/** `connect` over a wire, a clock and chance of the caller's choice. */
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
  // What the inputs alone show is said before anything is asked over the network.
  const ways = signInWays({
    clientId,
    tenantId,
    env,
    place,
    hasAzureCli: await hasAzureCli(env),
    isAzureMachine: place === 'terminal' && (await isAzureMachine()),
  })
  const cloud = await resolveCloud(options.cloud, (url) => readPublicly(url, surroundings, counts))
  // Libraries that are half of all there is to load: not before the first request, and while others are under way.
  const { signIn } = await import('./signIn/credential.ts')
  const sdk = import('@azure/arm-monitor')
  const count = () => (counts.signIns += 1)
  const { way, tokens, tokensAnew } = await signIn(ways, {
    cloud,
    surroundings,
    getIdToken,
    count,
    place,
  })
  log(`Signed in to ${cloud.name} ${inWords(way)}.`)
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
      tokensAnew,
      count: () => (counts.telemetry += 1),
    }),
  })
}

function limitsFor({ maxConcurrency }: ConnectOptions): Parameters<typeof armPipeline>[2] {
  // Each write is preceded by a read of its object, so the reads must not be what holds them up.
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

/** Reads what a Resource Manager tells everybody. */
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
    throw asAzureError(error, 'ask the Resource Manager where its sign-in is')
  }
}
