import { type Estate, expandEstate } from '../../simulator/estate.ts'
import { type JobResult, runJob } from '../../simulator/job/job.ts'
import {
  type Knobs,
  type RecordedRequest,
  type Simulator,
  startSimulator,
} from '../../simulator/simulator.ts'
import { runtime, writesOf } from '../support/play.ts'
import { dispatched, seedGitHub, topologyFile } from '../support/repository.ts'

/** The result of a job with `command: import`. */
export interface ImportRun extends JobResult {
  /** The topology file at the end; absent if none was written. */
  readonly text: string | undefined
  /** Id and action of each change of the plan. */
  readonly changes: readonly string[]
  readonly codes: readonly string[]
  readonly requests: readonly RecordedRequest[]
}

interface Options {
  readonly inputs?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
  readonly knobs?: Partial<Knobs>
}

/** Imports a scope of the described estate. */
export async function importEstate(
  estate: Estate,
  scope: string,
  options: Options = {},
): Promise<ImportRun> {
  return await withEstate(estate, options.knobs ?? {}, (simulator) =>
    importFrom(simulator, scope, options),
  )
}

export async function withEstate<T>(
  estate: Estate,
  knobs: Partial<Knobs>,
  use: (simulator: Simulator) => Promise<T>,
): Promise<T> {
  const simulator = await startSimulator({
    estate: expandEstate(estate),
    knobs,
    github: seedGitHub(),
  })
  try {
    return await use(simulator)
  } finally {
    await simulator.close()
  }
}

/** Imports a scope of the simulator's current state. */
export async function importFrom(
  simulator: Simulator,
  scope: string,
  { inputs = {}, files = {} }: Options = {},
): Promise<ImportRun> {
  const before = simulator.azure.requests.length
  const given = { command: 'import', scope, ...inputs }
  const result = await runJob(simulator, dispatched(files, { inputs: given }), runtime)
  if (writesOf(simulator).length > 0) throw new Error('the import wrote to Azure')
  const plan = result.file('plan-json')
  const { changes = [], diagnostics = [] } = (plan === '' ? {} : JSON.parse(plan)) as {
    readonly changes?: readonly { readonly action: string; readonly id: string }[]
    readonly diagnostics?: readonly { readonly severity: string; readonly code: string }[]
  }
  return {
    ...result,
    text: result.workspace[topologyFile],
    changes: changes.map(({ action, id }) => `${action} ${id}`),
    codes: diagnostics.map(({ severity, code }) => `${severity} ${code}`),
    requests: simulator.azure.requests.slice(before),
  }
}
