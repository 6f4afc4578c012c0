import { randomUUID } from 'node:crypto'
import { Azure, type AzureSimulator } from './azure/azure.ts'
import type { Knobs } from './azure/knobs.ts'
import type { EstateSeed } from './azure/seed.ts'
import { accessToken, handleEntra } from './entra/entra.ts'
import { handleOidc } from './entra/githubOidc.ts'
import { TokenKey } from './entra/tokens.ts'
import { createGitHub, type GitHubSimulator } from './github/github.ts'
import type { GitHubSeed } from './github/state.ts'
import type { Answer, SimulatedRequest } from './http.ts'
import { type Address, listen } from './server.ts'
import { answerLogs } from './telemetry/logService.ts'
import { answerMetrics } from './telemetry/metricsService.ts'
import { createCertificate } from './tls.ts'

export type { AzureSimulator, RecordedRequest } from './azure/azure.ts'
export type { Fault, FaultEffect } from './azure/faults.ts'
export type { Knobs } from './azure/knobs.ts'
export type { EstateSeed, SeedResource } from './azure/seed.ts'
export type { CommittedWrite, CommitListener } from './azure/state.ts'
export type { GitHubSimulator } from './github/github.ts'
export type { GitHubSeed } from './github/state.ts'

export interface SimulatorOptions {
  readonly estate: EstateSeed
  readonly knobs?: Partial<Knobs>
  readonly github?: GitHubSeed
  /** The address to listen on; default 127.0.0.1. */
  readonly address?: Address
}

/** A running simulator of Azure, its sign-in, and GitHub. README.md specifies its behaviour. */
export interface Simulator {
  /** `https://localhost:PORT`, or `https://[::1]:PORT`: Resource Manager, and Entra under `/{tenant}/…`. */
  readonly url: string
  /** Base of GitHub's REST API; its GraphQL is at `/graphql` below it and at `/_github/graphql`. */
  readonly githubUrl: string
  /** The file of the certificate authority to trust, in a folder that `close` removes. */
  readonly caFile: string
  readonly tenant: string
  readonly azure: AzureSimulator
  readonly github: GitHubSimulator | undefined
  /** The values that a job needs to request a token from GitHub's OIDC endpoint. */
  readonly oidc: { readonly requestUrl: string; readonly requestToken: string }
  /** An access token for Resource Manager, as that client would get by signing in. */
  token(clientId?: string, audience?: string): string
  close(): Promise<void>
}

/** The default client of requests in tests. */
const someClient = '00000000-0000-4000-8000-00000000c11e'

/** Starts a simulator on a free port of this machine. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const key = new TokenKey()
  const azure = new Azure(options.estate, options.knobs ?? {}, key)
  const github = options.github === undefined ? undefined : createGitHub(options.github)
  const { seed, tenant } = azure.state
  const directory = { seed, tenant, knobs: azure.knobs, key }
  const requestToken = randomUUID()
  const certificate = await createCertificate()
  const telemetry = { azure: azure.state, history: azure.history, key }
  const address = options.address ?? '127.0.0.1'
  const server = await listen({ ...certificate, address }, azure, {
    arm: (request, fault) => azure.handle(request, fault),
    entra: async (request) => Promise.resolve({ answer: handleEntra(directory, request) }),
    oidc: async (request) =>
      Promise.resolve({ answer: handleOidc(request, { knobs: azure.knobs, key, requestToken }) }),
    github: async (request) => ({ answer: await askGitHub(github, request) }),
    logs: async (request) => Promise.resolve({ answer: answerLogs(telemetry, request) }),
    metrics: async (request) => ({ answer: await answerMetrics(telemetry, request) }),
  })
  const url = `https://${address === '::1' ? '[::1]' : 'localhost'}:${server.port}`
  azure.state.origin = url
  if (github) github.knobs.apiUrl ??= `${url}/_github/api`
  return {
    url,
    githubUrl: `${url}/_github/api`,
    caFile: certificate.caFile,
    tenant,
    azure,
    github,
    oidc: { requestUrl: `${url}/_github/oidc/token?api-version=2.0`, requestToken },
    token: (clientId = someClient, audience = `${url}/`) =>
      accessToken(directory, clientId, audience, url),
    close: async () => {
      azure.stop()
      await server.close()
      await certificate.remove()
    },
  }
}

async function askGitHub(
  github: GitHubSimulator | undefined,
  request: SimulatedRequest,
): Promise<Answer> {
  if (!github) return { status: 404, body: { message: 'Not Found' } }
  const path = request.path.replace(/^\/_github(\/api)?/, '')
  return github.handle({ ...request, path })
}
