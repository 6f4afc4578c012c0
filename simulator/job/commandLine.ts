import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Simulator } from '../simulator.ts'
import { bundle, type Runtime } from './job.ts'

/** One call of the command line, in its own folder, outside any repository and without GitHub's variables. */
export interface Call {
  readonly args: readonly string[]
  /** Files of the folder by path. */
  readonly files?: Readonly<Record<string, string>>
  /** Files of the folder to read back at the end, if they exist. */
  readonly keep?: readonly string[]
  /** Additional environment; an empty value removes a variable. */
  readonly env?: Readonly<Record<string, string>>
}

export interface CallResult {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** The kept files, by path. */
  readonly kept: Readonly<Record<string, string>>
}

export interface RunningCall {
  readonly done: Promise<CallResult>
  kill(signal: NodeJS.Signals): void
  /** Reads this many bytes of standard output, then closes it, as `| head` does. */
  closeOutput(): void
}

/** Starts a call and leaves it running; without a simulator there is no Azure. */
export async function startCall(
  simulator: Simulator | undefined,
  { args, files = {}, keep = [], env = {} }: Call,
  runtime: Runtime = bundle,
): Promise<RunningCall> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ampl-call-'))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
    await writeFile(path.join(folder, name), text)
  }
  const cloud =
    simulator === undefined || args.includes('--cloud') ? [] : ['--cloud', simulator.url]
  const asks = args.some((arg) => asking.includes(arg)) && !args.includes('--help')
  const child = spawn(runtime.node, [runtime.entry, ...args, ...(asks ? cloud : [])], {
    cwd: folder,
    env: withoutEmpty({ PATH: '/usr/bin:/bin', HOME: folder, ...signInOf(simulator), ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  const done = new Promise<CallResult>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode, signal) => {
      readBack(folder, keep)
        .then(async (kept) => {
          await rm(folder, { recursive: true, force: true })
          resolve({ exitCode, signal, ...output, kept })
        })
        .catch(reject)
    })
  })
  return {
    done,
    kill: (signal) => void child.kill(signal),
    closeOutput: () => void child.stdout.destroy(),
  }
}

async function readBack(
  folder: string,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const read = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(path.join(folder, name), 'utf8').catch(() => undefined)
      return text === undefined ? [] : [[name, text] as const]
    }),
  )
  return Object.fromEntries(read.flat())
}

/** Calls the command line and waits for its end. */
export async function call(
  simulator: Simulator | undefined,
  what: Call,
  runtime: Runtime = bundle,
): Promise<CallResult> {
  return await (
    await startCall(simulator, what, runtime)
  ).done
}

/** The commands that access Azure. */
const asking = ['plan', 'drift', 'verify', 'check-network', 'import', 'explain']

function signInOf(simulator: Simulator | undefined): Readonly<Record<string, string>> {
  if (simulator === undefined) return {}
  return {
    NODE_EXTRA_CA_CERTS: simulator.caFile,
    AZURE_TENANT_ID: simulator.tenant,
    AZURE_CLIENT_ID: '00000000-0000-4000-8000-000000000c11',
    AZURE_CLIENT_SECRET: 'the-secret-of-the-command-line',
  }
}

function withoutEmpty(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
}
