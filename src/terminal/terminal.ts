import { commands } from '../commands/commands.ts'
import { setMaxListeners } from 'node:events'
import { version } from '../azure/http/userAgent.ts'
import { InputError } from '../errors.ts'
import { readInputs } from '../job/inputs.ts'
import { asFailure } from '../errors.ts'
import { noteSecrets } from '../secrets.ts'
import { readArguments, type Task } from './arguments.ts'
import { printReports, printValidated } from './documents.ts'
import { exitCodeOf } from './exitCode.ts'
import { openScreen, type Screen } from './screen.ts'
import { sourceOf } from './source.ts'
import { helpOf } from './usage.ts'
import type { Report } from '../report.ts'
import { validate } from './validate.ts'
import { type Work, workOn } from './work.ts'

/**
 * Runs the command line: reads the arguments, prints a report on standard output, sets an exit code. Needs no GitHub
 * and changes nothing in Azure. Ends the process; pending work is dropped.
 */
export async function runTerminal(args: readonly string[], badProxy?: InputError): Promise<void> {
  const screen = openScreen(process, process.env)
  exitOnClosedPipe()
  const giveUp = exitOnSignals(screen)
  noteSecrets(...secretVariables.map((name) => process.env[name]))
  try {
    process.exitCode = await execute(args, screen, { giveUp, badProxy })
  } catch (error) {
    const { message, remedy } = asFailure(error)
    screen.printError(message, remedy)
    process.exitCode = 1
  }
  screen.clear()
  process.exit()
}

const secretVariables = [
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'AZURE_CLIENT_SECRET',
  'AZURE_CLIENT_CERTIFICATE_PASSWORD',
]

async function execute(
  args: readonly string[],
  screen: Screen,
  environment: Environment,
): Promise<number> {
  const request = readArguments(args)
  switch (request.what) {
    case 'help':
      await screen.print(helpOf(request.command, screen.look.width))
      return 0
    case 'version':
      await screen.print(`${version}\n`)
      return 0
    case 'run':
      return await runTask(request, screen, environment)
  }
}

type Environment = Pick<Work, 'giveUp' | 'badProxy'>

async function runTask(task: Task, screen: Screen, environment: Environment): Promise<number> {
  const folder = process.cwd()
  const inputs = readInputs(commands, sourceOf(task, folder))
  const { reports, text } = await makeReports(task, screen, {
    inputs,
    log: screen.log,
    folder,
    env: process.env,
    today: new Date().toISOString().slice(0, 10),
    ...environment,
  })
  const { failOnDrift, failOnSilent } = inputs
  const code = exitCodeOf(reports, {
    detailed: task.detailedExitCode,
    failOnDrift,
    failOnSilent,
  })
  // Set before printing: the reader of a pipe may close it halfway.
  process.exitCode = code
  await screen.print(text)
  if (task.output !== 'text') printErrors(reports, screen)
  return code
}

async function makeReports(
  { command, output }: Task,
  { look }: Screen,
  work: Work,
): Promise<{ readonly reports: readonly Report[]; readonly text: string }> {
  if (command === 'validate') {
    const validated = await validate(work)
    const reports = validated.map(({ report }) => report)
    return { reports, text: printValidated(validated, output, look) }
  }
  const publications = await workOn(command, work)
  const reports = publications.map(({ report }) => report)
  return { reports, text: printReports(publications, output, look) }
}

/** With --json or --markdown, prints failures on standard error too. */
function printErrors(reports: readonly Report[], screen: Screen): void {
  for (const { failure } of reports) {
    if (failure === undefined) continue
    const isListed = failure.reason === 'invalid-topology'
    screen.printError(
      failure.message,
      isListed ? 'Correct the file; the output lists each problem with its line.' : failure.remedy,
    )
  }
}

/** Exits when the reader closes the pipe, as in `plan | head`, with the exit code set so far. */
function exitOnClosedPipe(): void {
  const end = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    throw error
  }
  process.stdout.on('error', end)
  process.stderr.on('error', end)
}

/** Exits at once on a signal, with the shell's exit code for it; only reads can be in progress. */
function exitOnSignals(screen: Screen): AbortSignal {
  const giveUp = new AbortController()
  // Every request and wait in flight adds a listener, so no limit applies.
  setMaxListeners(0, giveUp.signal)
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const) {
    process.once(signal, () => {
      giveUp.abort(new InputError('Stopped.', 'Run it again.'))
      screen.printLine('Stopped. Nothing was changed in Azure.')
      process.exit(128 + number)
    })
  }
  return giveUp.signal
}
