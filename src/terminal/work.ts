import { connect } from '../azure/connect.ts'
import type { Arm } from '../azure/arm.ts'
import type { InputError } from '../errors.ts'
import { shareReads } from '../azure/shareReads.ts'
import { commands } from '../commands/commands.ts'
import { runFiles } from '../commands/runFiles.ts'
import type { RunContext } from '../github/event.ts'
import type { Inputs } from '../job/inputs.ts'
import type { Log } from '../job/log.ts'
import type { Show } from '../publish/liveComment.ts'
import type { Publication } from '../publish/publication.ts'
import { render } from '../render/render.ts'
import type { Command } from '../report.ts'
import type { Run } from '../run.ts'
import { createIn, readIn } from './files.ts'
import { mintInTerminal } from './mint.ts'

/** The context of a command line. */
export interface Work {
  readonly inputs: Inputs
  readonly log: Log
  /** The folder that relative paths start from. */
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** `YYYY-MM-DD` in UTC. */
  readonly today: string
  readonly giveUp: AbortSignal
  /** Set when the environment names an unusable proxy. */
  readonly badProxy: InputError | undefined
}

/** Runs the command for each file; one that fails doesn't stop the others. */
export async function workOn(command: Command, work: Work): Promise<readonly Publication[]> {
  return await runFiles(runOf(command, work), () => toTerminal)
}

/** A run without GitHub: nothing is commented, nothing applied. */
function runOf(command: Command, work: Work): Omit<Run, 'clashes' | 'marks'> {
  const { inputs, log, folder, env, today, giveUp } = work
  const arm = once(async () => await signIn(work))
  return {
    inputs,
    context: contextOf(command),
    traits: commands[command],
    log,
    connect: async () => (await arm())(),
    github: undefined,
    stop: giveUp,
    giveUp,
    readFile: (file) => readIn(folder, file),
    createFile: (file, text) => createIn(folder, file, text),
    env,
    today,
  }
}

/** A run context without an event. */
function contextOf(command: Command): RunContext {
  return {
    event: '',
    action: '',
    command,
    approval: 'none needed',
    repository: { owner: '', repo: '', defaultBranch: '' },
    sha: '',
    ref: '',
    actor: '',
    isFork: false,
    isDependabot: false,
    runUrl: '',
    workflow: '',
    commits: [],
  }
}

/** Publishes nothing: the caller prints the rendered reports at the end. */
const toTerminal: Show = {
  review: () => undefined,
  begin: () => undefined,
  progress: () => undefined,
  finish: (report) => Promise.resolve({ report, rendered: render(report, { portal, rulesUrl }) }),
}

const portal = 'https://portal.azure.com'
const rulesUrl = 'https://github.com/azure-monitor-private-link/blob/main/docs/rules.md'

async function signIn({ inputs, env, giveUp, log, badProxy }: Work): Promise<() => Arm> {
  if (badProxy !== undefined) throw badProxy
  const arm = await connect({
    cloud: inputs.cloud,
    ...(inputs.identity ?? {}),
    writes: 'refused',
    env,
    getIdToken: mintInTerminal(env),
    maxConcurrency: inputs.maxConcurrency,
    giveUp,
    log: (line) => log.info(line),
    place: 'terminal',
  })
  return inputs.topologyFiles.length > 1 ? shareReads(arm) : () => arm
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
