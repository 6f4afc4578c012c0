import { once } from 'node:events'
import path from 'node:path'
import { bundle, runJob } from '../job/job.ts'
import { call } from '../job/commandLine.ts'
import type { Simulator } from '../simulator.ts'
import { heading, say } from '../demo/terminal.ts'

/** The input of a trial. */
export interface Tried {
  readonly file: string
  readonly text: string
  /** The estate's file, if given. */
  readonly estateFile: string | undefined
  /** Whether to keep the simulator running at the end. */
  readonly keep: boolean
}

/** Plans as in a terminal, applies as in a job, and plans again; sets the exit code. */
export async function follow(simulator: Simulator, tried: Tried): Promise<void> {
  const { file, text } = tried
  const before = await plan(simulator, file, text)
  if (before === 1) process.exitCode = 1
  if (before === 2) {
    heading('Apply, as in a workflow run by hand with command: apply')
    const job = await runJob(simulator, {
      event: 'workflow_dispatch',
      files: { [topologyFile]: text },
      inputs: { command: 'apply', 'topology-file': topologyFile, ...noLimits },
    })
    const lines = job.stdout.split('\n').filter((line) => /^(?:✅|☑️|❌|⚠️|⏭️|⏹️|❓)/u.test(line))
    say(...lines.map((line) => `  ${line}`), '', `  Result: ${job.outputs['result'] ?? 'none'}`)
    if (job.exitCode !== 0) {
      process.exitCode = 1
      say(
        ...job.stdout
          .split('\n')
          .filter((line) => line.startsWith('::error'))
          .map((line) => `  ${line.replace(/^::error[^:]*::/, '')}`),
      )
    }
    if ((await plan(simulator, file, text, 'Second plan')) !== 0) process.exitCode = 1
  }
  await offer(simulator, tried)
}

const topologyFile = '.github/azure-monitor-private-link.yml'
/** No limits: nothing real can be deleted. */
const noLimits = { 'max-deletes': '100000', 'max-replacements': '100000' }

async function plan(
  simulator: Simulator,
  file: string,
  text: string,
  title = 'Plan, as on the command line',
): Promise<number | null> {
  heading(title)
  const isTerminal = process.stdout.isTTY
  const limits = Object.entries(noLimits).flatMap(([name, value]) => [`--${name}`, value])
  const name = shownAs(file)
  const result = await call(simulator, {
    args: ['plan', name, '--detailed-exitcode', ...limits],
    files: { [name]: text },
    env: isTerminal ? { FORCE_COLOR: '1', COLUMNS: String(process.stdout.columns) } : {},
  })
  process.stdout.write(result.stdout)
  process.stderr.write(result.stderr)
  return result.exitCode
}

/** The file's path relative to this folder; only its name if it is elsewhere. */
function shownAs(file: string): string {
  const relative = path.relative('', file)
  return path.isAbsolute(relative) || relative.startsWith('..') ? path.basename(file) : relative
}

/** Prints the lines that run the bundle against this simulator from another shell. */
async function offer(simulator: Simulator, { file, estateFile, keep }: Tried): Promise<void> {
  heading('Continue on your own')
  if (!keep) {
    say(
      `  With --keep the simulator keeps running, for plans from another shell: npm run try -- ${[file, estateFile, '--keep'].filter(Boolean).join(' ')}`,
    )
    return
  }
  say(
    '  In another shell, in this folder (the simulator still has what was applied):',
    '',
    `  export NODE_EXTRA_CA_CERTS='${simulator.caFile}' AZURE_TENANT_ID=${simulator.tenant} AZURE_CLIENT_ID=any AZURE_CLIENT_SECRET=any`,
    `  node ${bundle.entry} plan '${file}' --cloud ${simulator.url}`,
    '',
    '  Ctrl-C ends it.',
  )
  await once(process, 'SIGINT')
}
