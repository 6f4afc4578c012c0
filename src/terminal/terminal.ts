import { commands } from '../commands/commands.ts'
import { setMaxListeners } from 'node:events'
import { version } from '../azure/http/userAgent.ts'
import { InputError } from '../errors.ts'
import { readInputs } from '../job/inputs.ts'
import { type InputSource } from '../job/inputReader.ts'
import { inputDefaults } from '../job/inputReader.ts'
import { asFailure } from '../errors.ts'
import { noteSecrets } from '../secrets.ts'
import { readArguments, type Task } from './arguments.ts'
import { printReports, printValidated } from './documents.ts'
import { exitCodeOf } from './exitCode.ts'
import { findNamedFiles, findNewNamedFile } from './files.ts'
import { type Offered, offered } from './offered.ts'
import { openScreen, type Screen } from './screen.ts'
import { helpOf } from './usage.ts'
import type { Report } from '../report.ts'
import { validate } from './validate.ts'
import { type Work, workOn } from './work.ts'

/**
 * The command line: arguments in, a report on standard output, an exit code. Nothing of it needs GitHub, and it
 * changes nothing in Azure. Ends the process: what still waits is dropped.
 */
export async function runTerminal(args: readonly string[], badProxy?: InputError): Promise<void> {
  const screen = openScreen(process, process.env)
  endWhenNobodyReads()
  const giveUp = endOnSignals(screen)
  noteSecrets(...secretVariables.map((name) => process.env[name]))
  try {
    process.exitCode = await obey(args, screen, { giveUp, badProxy })
  } catch (error) {
    const { message, remedy } = asFailure(error)
    screen.complain(message, remedy)
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

async function obey(
  args: readonly string[],
  screen: Screen,
  surroundings: Surroundings,
): Promise<number> {
  const asked = readArguments(args)
  switch (asked.what) {
    case 'help':
      await screen.print(helpOf(asked.command, screen.look.width))
      return 0
    case 'version':
      await screen.print(`${version}\n`)
      return 0
    case 'run':
      return await runTask(asked, screen, surroundings)
  }
}

type Surroundings = Pick<Work, 'giveUp' | 'badProxy'>

async function runTask(task: Task, screen: Screen, surroundings: Surroundings): Promise<number> {
  const folder = process.cwd()
  const inputs = readInputs(commands, sourceOf(task, folder))
  const { reports, text } = await makeReports(task, screen, {
    inputs,
    log: screen.log,
    folder,
    env: process.env,
    today: new Date().toISOString().slice(0, 10),
    ...surroundings,
  })
  const { failOnDrift, failOnSilent } = inputs
  const code = exitCodeOf(reports, {
    detailed: task.detailedExitCode,
    failOnDrift,
    failOnSilent,
  })
  // Before it is printed: whoever reads may go away in the middle.
  process.exitCode = code
  await screen.print(text)
  if (task.output !== 'text') complainOf(reports, screen)
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

/** Options are inputs; what is named without one is a topology file, or what the command's row says. */
function sourceOf({ inputs, operands, command }: Task, folder: string): InputSource {
  const { inputOf = () => 'topology-file' }: Offered = offered[command]
  const given = new Map<string, string>()
  for (const [name, value] of [
    ...operands.map((word) => [inputOf(word), word] as const),
    ...inputs,
  ]) {
    const before = given.get(name)
    given.set(name, before === undefined ? value : `${before}\n${value}`)
  }
  const files = (given.get('topology-file') ?? '').split('\n').filter((file) => file !== '')
  given.set('command', command === 'validate' ? 'plan' : command)
  return {
    get: (name) => given.get(name) ?? '',
    findFiles: (patterns) => {
      const found = findNamedFiles(patterns, folder)
      if (files.length > 0 || found.files.length > 0) return found
      const why = `there is no ${inputDefaults['topology-file']} in ${folder}`
      const how = inputOf('my.yml') === 'topology-file' ? '' : '--topology-file '
      return { files: [], problems: [`${why}; name the file: ${command} ${how}my-topology.yml`] }
    },
    findNewFile: (name) => findNewNamedFile(name, folder),
    remedy: `Correct the arguments; ${command} --help shows what each takes.`,
  }
}

/** What a document for programs says in a field, people are told beside it. */
function complainOf(reports: readonly Report[], screen: Screen): void {
  for (const { failure } of reports) {
    if (failure === undefined) continue
    const isTold = failure.reason === 'invalid-topology'
    screen.complain(
      failure.message,
      isTold ? 'Correct the file; the document holds each problem with its line.' : failure.remedy,
    )
  }
}

/** `plan | head`: once nobody reads, there is nothing left to do; what was found still decides the exit code. */
function endWhenNobodyReads(): void {
  const end = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    throw error
  }
  process.stdout.on('error', end)
  process.stderr.on('error', end)
}

/** Ends at once when it is asked to, by the number that shells give a signal. Only reads are under way. */
function endOnSignals(screen: Screen): AbortSignal {
  const giveUp = new AbortController()
  // Every request and every wait in flight listens: that many are meant.
  setMaxListeners(0, giveUp.signal)
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const) {
    process.once(signal, () => {
      giveUp.abort(new InputError('Stopped.', 'Run it again.'))
      screen.tell('Stopped. Nothing was changed in Azure.')
      process.exit(128 + number)
    })
  }
  return giveUp.signal
}
