import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { getIDToken } from '@actions/core'
import type { Arm } from './azure/arm.ts'
import { connect } from './azure/connect.ts'
import { shareReads } from './azure/shareReads.ts'
import { connectGitHub, type GitHubClient } from './github/client.ts'
import { readRunContext, type RunContext } from './github/event.ts'
import { createLog, type Log } from './job/log.ts'
import { type Inputs, readInputs } from './job/inputs.ts'
import { createFile } from './job/newFile.ts'
import { publish, publishFailure } from './publish/publish.ts'
import { asFailure, type InputError } from './errors.ts'
import { commands } from './commands/commands.ts'
import { runFiles } from './commands/runFiles.ts'
import type { CommandTraits } from './report.ts'
import { noteSecrets } from './secrets.ts'
import { watchSignals } from './job/signals.ts'

/** Reads the inputs and the event, runs the command for each topology file, publishes. Any error becomes one annotation and exit 1. */
export async function run(broken?: InputError): Promise<void> {
  const log = createLog()
  const signals = watchSignals(log)
  noteSecrets(...secretVariables.map((name) => process.env[name]))
  try {
    if (broken !== undefined) throw broken
    const inputs = readInputs(commands)
    noteSecrets(inputs.githubToken)
    const context = readRunContext(inputs.command, inputs.requireReviewedPlan)
    const traits = commands[context.command]
    const connect = once(async () => {
      const arm = await signIn(inputs, traits, { log, giveUp: signals.giveUp })
      const isShared = !traits.writes && inputs.topologyFiles.length > 1
      return isShared ? shareReads(arm) : () => arm
    })
    const publications = await runFiles({
      inputs,
      context,
      traits,
      log,
      connect: async () => (await connect())(),
      github: inputs.githubToken === '' ? undefined : openGitHub(inputs, context),
      stop: signals.stop,
      giveUp: signals.giveUp,
      readFile: (file) =>
        readFile(path.resolve(process.env['GITHUB_WORKSPACE'] ?? process.cwd(), file)),
      createFile: (file, text) =>
        createFile(process.env['GITHUB_WORKSPACE'] ?? process.cwd(), file, text),
      env: process.env,
      today: new Date().toISOString().slice(0, 10),
    })
    await publish(publications, {
      failOnDrift: inputs.failOnDrift,
      failOnSilent: inputs.failOnSilent,
      log,
    })
  } catch (error) {
    await publishFailure(asFailure(error), log)
  } finally {
    signals.end()
  }
}

/** Variables that hold credentials; tokens obtained with them are noted when they arrive. */
const secretVariables = [
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'AZURE_CLIENT_SECRET',
  'AZURE_CLIENT_CERTIFICATE_PASSWORD',
]

async function signIn(
  inputs: Inputs,
  { writes }: CommandTraits,
  { log, giveUp }: { readonly log: Log; readonly giveUp: AbortSignal },
): Promise<Arm> {
  return await connect({
    cloud: inputs.cloud,
    ...(inputs.identity ?? {}),
    writes: writes ? 'allowed' : 'refused',
    env: process.env,
    getIdToken: getIDToken,
    maxConcurrency: inputs.maxConcurrency,
    giveUp,
    log: (line) => log.info(line),
  })
}

function openGitHub(inputs: Inputs, context: RunContext): GitHubClient {
  return connectGitHub({ token: inputs.githubToken, repository: context.repository })
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
