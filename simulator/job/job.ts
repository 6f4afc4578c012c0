import { spawn } from 'node:child_process'
import type { Dirent } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { RunSeed, StoredRun } from '../github/state.ts'
import type { Simulator } from '../simulator.ts'

/** One GitHub Actions job that runs the bundled action against a simulator, as a runner would. */
export interface Job {
  /** `pull_request`, `push`, `workflow_dispatch`, `schedule`, `merge_group`. */
  readonly event: string
  /** The event's payload, in addition to the common fields. */
  readonly payload?: Readonly<Record<string, unknown>>
  readonly sha?: string
  readonly ref?: string
  readonly actor?: string
  /** Inputs of the action, by name. */
  readonly inputs?: Readonly<Record<string, string>>
  /** Files of the workspace by path. */
  readonly files: Readonly<Record<string, string>>
  /** Additional environment; an empty value removes a variable. */
  readonly env?: Readonly<Record<string, string>>
  /** False: a job without `id-token: write`. */
  readonly idToken?: boolean
  /** The run to add an attempt to. Default: a new run. */
  readonly runId?: number
  /** Path of the workflow's file. */
  readonly workflow?: string
}

/** The default workflow of jobs. */
export const workflowPath = '.github/workflows/private-link.yml'

export interface JobResult {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** Outputs of the step by name. */
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  readonly stdout: string
  readonly stderr: string
  /** Contents of the file that an output names, or of the file on each line. */
  readonly file: (output: string) => string
  /** Files of the workspace at the end of the job, by path. */
  readonly workspace: Readonly<Record<string, string>>
}

export interface RunningJob {
  /** When its process was started, in milliseconds since 1970. */
  readonly startedAt: number
  readonly done: Promise<JobResult>
  kill(signal: NodeJS.Signals): void
}

/** The bundle to run, and the Node to run it with. */
export interface Runtime {
  readonly node: string
  readonly entry: string
}

export const bundle: Runtime = {
  node: process.execPath,
  entry: path.resolve(import.meta.dirname, '../../dist/index.js'),
}

const someSha = '1111111111111111111111111111111111111111'

const identity = {
  'client-id': '00000000-0000-4000-8000-00000000c11e',
}

/** Starts a job and leaves it running. */
export async function startJob(
  simulator: Simulator,
  job: Job,
  runtime: Runtime = bundle,
): Promise<RunningJob> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ampl-job-'))
  const at = (name: string) => path.join(folder, name)
  const workspace = at('workspace')
  await mkdir(at('temp'), { recursive: true })
  for (const [name, text] of Object.entries(job.files)) {
    await mkdir(path.dirname(path.join(workspace, name)), { recursive: true })
    await writeFile(path.join(workspace, name), text)
  }
  await mkdir(workspace, { recursive: true })
  for (const name of ['output', 'summary']) await writeFile(at(name), '')
  await writeFile(at('event.json'), JSON.stringify(eventOf(simulator, job)))
  const startedAt = Date.now()
  const run = simulator.github?.state.startRun(runOf(simulator, job), job.runId)
  const child = spawn(runtime.node, [runtime.entry], {
    cwd: workspace,
    env: environmentOf(simulator, job, { folder, workspace, run }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  const done = new Promise<JobResult>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode, signal) => {
      if (run) simulator.github?.state.endRun(run.id, exitCode === 0 ? 'success' : 'failure')
      collect({ exitCode, signal, ...output }, folder).then(resolve, reject)
    })
  })
  return { startedAt, done, kill: (signal) => void child.kill(signal) }
}

/** Runs a job to its end. */
export async function runJob(
  simulator: Simulator,
  job: Job,
  runtime: Runtime = bundle,
): Promise<JobResult> {
  return await (
    await startJob(simulator, job, runtime)
  ).done
}

function eventOf(simulator: Simulator, job: Job): unknown {
  const { owner, name, defaultBranch } = repositoryOf(simulator)
  return {
    repository: {
      name,
      full_name: `${owner}/${name}`,
      default_branch: defaultBranch,
      owner: { login: owner },
    },
    sender: { login: job.actor ?? 'octocat' },
    ...job.payload,
  }
}

/** The run as GitHub shows it: for a pull request, its head commit, not the merge commit that is checked out. */
/** The run of a job, as GitHub shows it. */
export function runOf(simulator: Simulator, job: Job): RunSeed {
  const { defaultBranch } = repositoryOf(simulator)
  const { head } = (job.payload?.['pull_request'] ?? {}) as {
    readonly head?: { readonly sha: string; readonly ref: string }
  }
  // GitHub assigns a run of pull_request_target to the base branch.
  const own = job.event === 'pull_request_target' ? undefined : head
  return {
    event: job.event,
    path: job.workflow ?? workflowPath,
    headSha: own?.sha ?? job.sha ?? someSha,
    headBranch: own?.ref ?? (job.ref ?? defaultBranch).replace(/^refs\/heads\//, ''),
  }
}

function repositoryOf(simulator: Simulator): {
  readonly owner: string
  readonly name: string
  readonly defaultBranch: string
} {
  return simulator.github?.state ?? { owner: 'octo-org', name: 'platform', defaultBranch: 'main' }
}

function environmentOf(
  simulator: Simulator,
  job: Job,
  {
    folder,
    workspace,
    run,
  }: {
    readonly folder: string
    readonly workspace: string
    readonly run: StoredRun | undefined
  },
): NodeJS.ProcessEnv {
  const { owner, name, defaultBranch } = repositoryOf(simulator)
  const inputs = {
    cloud: simulator.url,
    ...identity,
    'tenant-id': simulator.tenant,
    'github-token': simulator.github?.state.token ?? '',
    ...job.inputs,
  }
  const inputVariables = Object.entries(inputs).map(
    ([key, value]) => [`INPUT_${key.toUpperCase()}`, value] as const,
  )
  const environment: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    NODE_EXTRA_CA_CERTS: simulator.caFile,
    GITHUB_ACTIONS: 'true',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_TEMP: path.join(folder, 'temp'),
    GITHUB_WORKSPACE: workspace,
    GITHUB_OUTPUT: path.join(folder, 'output'),
    GITHUB_STEP_SUMMARY: path.join(folder, 'summary'),
    GITHUB_EVENT_PATH: path.join(folder, 'event.json'),
    GITHUB_EVENT_NAME: job.event,
    GITHUB_REPOSITORY: `${owner}/${name}`,
    GITHUB_REPOSITORY_OWNER: owner,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: simulator.githubUrl,
    GITHUB_GRAPHQL_URL: `${simulator.url}/_github/graphql`,
    GITHUB_SHA: job.sha ?? someSha,
    GITHUB_REF: job.ref ?? `refs/heads/${defaultBranch}`,
    GITHUB_ACTOR: job.actor ?? 'octocat',
    GITHUB_RUN_ID: String(run?.id ?? 4711),
    GITHUB_RUN_ATTEMPT: String(run?.attempts.length ?? 1),
    GITHUB_RUN_NUMBER: '1',
    GITHUB_JOB: 'private-link',
    GITHUB_WORKFLOW: 'private link',
    GITHUB_WORKFLOW_REF: `${owner}/${name}/${job.workflow ?? workflowPath}@${job.ref ?? `refs/heads/${defaultBranch}`}`,
    ...(job.idToken === false
      ? {}
      : {
          ACTIONS_ID_TOKEN_REQUEST_URL: simulator.oidc.requestUrl,
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: simulator.oidc.requestToken,
        }),
    ...Object.fromEntries(inputVariables),
    ...job.env,
  }
  return environment
}

async function collect(
  ended: Pick<JobResult, 'exitCode' | 'signal' | 'stdout' | 'stderr'>,
  folder: string,
): Promise<JobResult> {
  const outputs = parseOutputs(await readFile(path.join(folder, 'output'), 'utf8'))
  const summary = await readFile(path.join(folder, 'summary'), 'utf8')
  const files = new Map<string, string>()
  for (const name of [
    'plan-json',
    'plan-markdown',
    'egress-fqdns',
    'verify-json',
    'network-json',
    'explain-json',
  ]) {
    const paths = (outputs[name] ?? '').split('\n').filter((line) => line !== '')
    const texts = await Promise.all(paths.map((file) => readFile(file, 'utf8')))
    files.set(name, texts.join('\n'))
  }
  const workspace = await readFolder(path.join(folder, 'workspace'))
  await rm(folder, { recursive: true, force: true })
  return { ...ended, outputs, summary, workspace, file: (output) => files.get(output) ?? '' }
}

async function readFolder(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const read = async (entry: Dirent) => {
    const whole = path.join(entry.parentPath, entry.name)
    const name = path.relative(folder, whole).split(path.sep).join('/')
    return [name, await readFile(whole, 'utf8')] as const
  }
  return Object.fromEntries(await Promise.all(files.map(read)))
}

/** The runner's file of outputs: `name<<delimiter`, lines, `delimiter`. */
function parseOutputs(text: string): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {}
  const lines = text.split(/\r?\n/)
  for (let i = 0; i < lines.length; i++) {
    const match = /^([^<=]+)<<(.+)$/.exec(lines[i] ?? '')
    if (!match) continue
    const [, name = '', delimiter = ''] = match
    const value: string[] = []
    for (i++; i < lines.length && lines[i] !== delimiter; i++) value.push(lines[i] ?? '')
    outputs[name] = value.join('\n')
  }
  return outputs
}
