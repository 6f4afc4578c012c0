import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { getIDToken } from '@actions/core'
import { type Arm, connect } from './azure/connection.ts'
import { AzureError, GitHubError, InputError } from './errors.ts'
import { connectGitHub, type GitHubClient } from './github/client.ts'
import { readRunContext, type RunContext } from './github/event.ts'
import { createLog, type Log } from './github/log.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { type Publication, publish, publishFailure } from './publish.ts'
import type { Failure } from './report.ts'
import { runFile } from './runFile.ts'
import { watchSignals } from './signals.ts'

/** What the files of one run share. */
export interface Run {
  readonly inputs: Inputs
  readonly context: RunContext
  readonly log: Log
  /** Signs in at the first call; every file uses the same sign-in. */
  readonly connect: () => Promise<Arm>
  /** Absent when the workflow passes no token. */
  readonly github: GitHubClient | undefined
  readonly stop: AbortSignal
  readonly giveUp: AbortSignal
  /** Reads a file of the workspace. */
  readonly readFile: (file: string) => Promise<Buffer>
  readonly env: Readonly<Record<string, string | undefined>>
  /** `YYYY-MM-DD` in UTC. */
  readonly today: string
}

/** Reads inputs and event, runs the command for each topology file, publishes; the one catch. */
export async function run(): Promise<void> {
  const log = createLog()
  const signals = watchSignals(log)
  try {
    const inputs = readInputs()
    const context = readRunContext(inputs.command, inputs.requireReviewedPlan)
    const publications = await runFiles({
      inputs,
      context,
      log,
      connect: once(() => signIn(inputs, context, log)),
      github: inputs.githubToken === '' ? undefined : openGitHub(inputs, context),
      stop: signals.stop,
      giveUp: signals.giveUp,
      readFile: file => readFile(path.join(process.env['GITHUB_WORKSPACE'] ?? process.cwd(), file)),
      env: process.env,
      today: new Date().toISOString().slice(0, 10),
    })
    await publish(publications, { failOnDrift: inputs.failOnDrift, log })
  } catch (error) {
    await publishFailure(asFailure(error), log)
  } finally {
    signals.end()
  }
}

/** One after the other, each by itself: a file that fails doesn't stop the others. */
async function runFiles(shared: Run): Promise<readonly Publication[]> {
  const publications: Publication[] = []
  for (const file of shared.inputs.topologyFiles) publications.push(await runFile(file, shared))
  return publications
}

async function signIn(inputs: Inputs, context: RunContext, log: Log): Promise<Arm> {
  return await connect({
    cloud: inputs.cloud,
    ...(inputs.identity ?? {}),
    writes: context.command === 'apply' ? 'allowed' : 'refused',
    env: process.env,
    getIdToken: getIDToken,
    maxConcurrency: inputs.maxConcurrency,
    log: line => log.info(line),
  })
}

function openGitHub(inputs: Inputs, context: RunContext): GitHubClient {
  return connectGitHub({ token: inputs.githubToken, repository: context.repository })
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

/** Whatever was thrown as a failure with what to do; what isn't ours by design is our bug, and says so. */
export function asFailure(error: unknown): Failure {
  if (error instanceof InputError || error instanceof AzureError || error instanceof GitHubError) {
    return { reason: error.reason, message: error.message, remedy: error.remedy }
  }
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    reason: 'azure-error',
    message: `This is a bug in the action: ${words}`,
    remedy: 'Please open an issue with this text and, if you can, the topology file.',
  }
}
