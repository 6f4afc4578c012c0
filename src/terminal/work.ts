import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { connect } from '../azure/connect.ts'
import type { Arm } from '../azure/arm.ts'
import { shareReads } from '../azure/shareReads.ts'
import type { CommandContext } from '../commands/context.ts'
import { drift } from '../commands/driftCommand.ts'
import { reportInvalid } from '../commands/offline.ts'
import { plan } from '../commands/planCommand.ts'
import { sortDiagnostics } from '../diagnostics.ts'
import { InputError } from '../errors.ts'
import type { Inputs } from '../job/inputs.ts'
import type { Log } from '../job/log.ts'
import type { Report } from '../report.ts'
import { asFailure } from '../errors.ts'
import { parseTopology } from '../topology/parseTopology.ts'
import type { Topology } from '../topology/topology.ts'
import { mintInTerminal } from './mint.ts'
import type { OfferedCommand } from './offered.ts'

/** What a command line works with. */
export interface Work {
  readonly command: OfferedCommand
  readonly inputs: Inputs
  readonly log: Log
  /** Where relative paths begin. */
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** `YYYY-MM-DD` in UTC. */
  readonly today: string
  readonly giveUp: AbortSignal
}

/** What became of one file; a file that is right has its topology. */
export interface Worked {
  readonly report: Report
  readonly topology?: Topology
}

/** Runs the command for each file, each by itself: one that fails doesn't stop the others. */
export async function workOn(work: Work): Promise<readonly Worked[]> {
  const arm = once(async () => await signIn(work))
  const worked: Worked[] = []
  for (const file of work.inputs.topologyFiles) worked.push(await workOnFile(file, work, arm))
  return worked
}

async function workOnFile(
  file: string,
  work: Work,
  arm: () => Promise<() => Arm>,
): Promise<Worked> {
  const command = work.command === 'drift' ? 'drift' : 'plan'
  try {
    const text = decode(await read(file, work.folder))
    const { topology, diagnostics } = parseTopology(text, { file, today: work.today })
    if (topology === undefined) {
      return { report: reportInvalid(file, undefined, command, diagnostics) }
    }
    if (work.command === 'validate') {
      const report: Report = {
        file,
        topology: topology.name,
        command: 'plan',
        result: 'validated',
        diagnostics,
      }
      return { report, topology }
    }
    const context: CommandContext = {
      arm: (await arm())(),
      topology,
      fileDiagnostics: sortDiagnostics(diagnostics),
      limits: {
        maxDeletes: work.inputs.maxDeletes,
        maxReplacements: work.inputs.maxReplacements,
      },
      waitMs: work.inputs.waitTimeoutMinutes * 60_000,
      maxConcurrency: work.inputs.maxConcurrency,
      pendingWaivers: [],
      log: work.log,
      giveUp: work.giveUp,
    }
    return { report: await (command === 'drift' ? drift : plan)(context), topology }
  } catch (error) {
    return {
      report: { file, command, result: 'failed', failure: asFailure(error), diagnostics: [] },
    }
  }
}

async function read(file: string, folder: string): Promise<Buffer> {
  try {
    return await readFile(path.resolve(folder, file))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new InputError(`${file} could not be read: ${why}`, 'Check the file and its rights.', {
      cause,
    })
  }
}

function decode(bytes: Buffer): string {
  return new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(bytes)
}

async function signIn({ inputs, env, giveUp, log }: Work): Promise<() => Arm> {
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
