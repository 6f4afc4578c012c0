import { existsSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Job, type JobResult, type Runtime, runJob } from '../job/job.ts'
import type { Simulator } from '../simulator.ts'

const echo: Runtime = {
  node: process.execPath,
  entry: path.resolve(import.meta.dirname, 'echo.mjs'),
}

/** Runs a job and passes on each line of its log as soon as it is written. */
export async function followJob(
  simulator: Simulator,
  job: Job,
  onLine: (line: string) => void,
): Promise<JobResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ampl-demo-'))
  const log = path.join(folder, 'log')
  const lines = new Lines(onLine)
  let ended = false
  const followed = follow(log, lines, () => ended)
  try {
    return await runJob(simulator, { ...job, env: { ...job.env, DEMO_LOG: log } }, echo)
  } finally {
    ended = true
    await followed
    await rm(folder, { recursive: true, force: true })
  }
}

const lookEveryMs = 50

async function follow(log: string, lines: Lines, hasEnded: () => boolean): Promise<void> {
  let position = 0
  for (;;) {
    const last = hasEnded()
    if (existsSync(log)) {
      const file = await open(log)
      const { bytesRead, buffer } = await file.read({ position, buffer: Buffer.alloc(1 << 16) })
      await file.close()
      position += bytesRead
      lines.add(buffer.subarray(0, bytesRead))
      if (bytesRead === buffer.length) continue
    }
    if (last) return
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
}

/** Joins chunks of a file into whole lines. */
class Lines {
  readonly #decoder = new TextDecoder()
  readonly #onLine: (line: string) => void
  #rest = ''

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine
  }

  add(bytes: Uint8Array): void {
    const parts = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n')
    this.#rest = parts.pop() ?? ''
    for (const line of parts) this.#onLine(line.replace(/\r$/, ''))
  }
}
