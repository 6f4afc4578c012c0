import path from 'node:path'
import { getInput, getMultilineInput } from '@actions/core'
import { InputError } from '../errors.ts'
import { findWorkspaceFiles } from './workspaceFiles.ts'
import { commands, type Command } from '../report.ts'

/** Every input of the action (`action.yml`, contract section 3) as one checked value. */
export interface Inputs {
  readonly command: 'auto' | Command
  /** Relative to the workspace, with `/`, in order; at least one. */
  readonly topologyFiles: readonly string[]
  /** With it we sign in by GitHub's OIDC token. */
  readonly identity?: { readonly clientId: string; readonly tenantId: string }
  /** `AzureCloud`, `AzureUSGovernment`, `AzureChinaCloud`, or an `https://` URL without a slash at its end. */
  readonly cloud: string
  /** Empty when the workflow passes none. */
  readonly githubToken: string
  readonly comment: CommentMode
  readonly requireReviewedPlan: boolean
  readonly maxDeletes: number
  readonly maxReplacements: number
  readonly failOnDrift: boolean
  readonly waitTimeoutMinutes: number
  readonly maxConcurrency: number
}

export const commentModes = ['always', 'on-change', 'never'] as const
export type CommentMode = (typeof commentModes)[number]

export const clouds = ['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'] as const

/** What an input is when it is left out or empty; `action.yml` says the same. */
export const inputDefaults = {
  command: 'auto',
  'topology-file': '.github/azure-monitor-private-link.yml',
  cloud: 'AzureCloud',
  comment: 'always',
  'require-reviewed-plan': 'true',
  'max-deletes': '10',
  'max-replacements': '20',
  'fail-on-drift': 'true',
  'wait-timeout-minutes': '30',
  'max-concurrency': '8',
} as const

type Defaulted = keyof typeof inputDefaults
/** Takes a problem in, and gives back whatever stands for the value until all are reported. */
type Refuse = (name: string, problem: string) => void

/** Longest a job lives on a runner of one's own: five days. */
const mostMinutes = 7200
const later = ['verify', 'import']

/**
 * Reads every input.
 *
 * @throws InputError that names all that is wrong with all of them.
 */
export function readInputs(workspace = process.env.GITHUB_WORKSPACE ?? process.cwd()): Inputs {
  const problems: string[] = []
  const refuse: Refuse = (name, problem) => problems.push(`${name}: ${problem}.`)
  const identity = readIdentity(refuse)
  const inputs: Inputs = {
    command: readCommand(refuse),
    topologyFiles: readTopologyFiles(path.resolve(workspace), refuse),
    ...(identity && { identity }),
    cloud: readCloud(refuse),
    githubToken: getInput('github-token'),
    comment: readOneOf('comment', commentModes, refuse),
    requireReviewedPlan: readBoolean('require-reviewed-plan', refuse),
    maxDeletes: readNumber('max-deletes', 0, Number.MAX_SAFE_INTEGER, refuse),
    maxReplacements: readNumber('max-replacements', 0, Number.MAX_SAFE_INTEGER, refuse),
    failOnDrift: readBoolean('fail-on-drift', refuse),
    waitTimeoutMinutes: readNumber('wait-timeout-minutes', 1, mostMinutes, refuse),
    maxConcurrency: readNumber('max-concurrency', 1, Number.MAX_SAFE_INTEGER, refuse),
  }
  if (problems.length > 0) {
    throw new InputError(
      problems.join('\n'),
      'Correct the inputs under `with:` of this step; the README lists what each one takes.',
    )
  }
  return inputs
}

/** An empty input means its default: that is what `${{ inputs.x }}` gives when nobody said anything. */
function read(name: Defaulted): string {
  return getInput(name) || inputDefaults[name]
}

function readCommand(refuse: Refuse): Inputs['command'] {
  const value = read('command')
  if (!later.includes(value)) return readOneOf('command', ['auto', ...commands], refuse)
  refuse('command', `${value} is not offered yet; use ${list(['auto', ...commands])}`)
  return 'auto'
}

function readTopologyFiles(workspace: string, refuse: Refuse): readonly string[] {
  const lines = getMultilineInput('topology-file')
  const patterns = lines.length > 0 ? lines : [inputDefaults['topology-file']]
  const { files, problems } = findWorkspaceFiles(patterns, workspace)
  for (const problem of problems) refuse('topology-file', problem)
  return files
}

function readIdentity(refuse: Refuse): Inputs['identity'] {
  const clientId = getInput('client-id')
  const tenantId = getInput('tenant-id')
  if (!clientId && !tenantId) return undefined
  if (!clientId || !tenantId) {
    const [given, missing] = clientId ? ['client-id', 'tenant-id'] : ['tenant-id', 'client-id']
    refuse(missing, `it is missing, and ${given} is given; give both, or neither`)
    return undefined
  }
  // Both become part of a URL; a tenant may also be written as a domain.
  for (const [name, value] of [
    ['client-id', clientId],
    ['tenant-id', tenantId],
  ] as const)
    if (!/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(value))
      refuse(name, `${show(value)} is not an id of Microsoft Entra`)
  return { clientId, tenantId }
}

function readCloud(refuse: Refuse): string {
  const value = read('cloud')
  // azure/login takes the names in any case, and workflows are copied from it.
  const named = clouds.find((name) => name.toLowerCase() === value.toLowerCase())
  if (named) return named
  const url = URL.canParse(value) ? new URL(value) : undefined
  const plain = url && !url.username && !url.password && !url.search && !url.hash
  if (plain && url.protocol === 'https:') return value.replace(/\/+$/, '')
  refuse(
    'cloud',
    `${show(value)} is neither ${list(clouds)} nor the https:// URL of a Resource Manager`,
  )
  return value
}

function readOneOf<const T extends string>(
  name: Defaulted,
  values: readonly [T, ...T[]],
  refuse: Refuse,
): T {
  const value = read(name)
  const found = values.find((known) => known === value)
  if (found === undefined) refuse(name, `${show(value)} is not one of ${list(values)}`)
  return found ?? values[0]
}

/** `true` or `false` and nothing else: a word that only looks like no must never mean yes. */
function readBoolean(name: Defaulted, refuse: Refuse): boolean {
  return readOneOf(name, ['true', 'false'], refuse) === 'true'
}

function readNumber(name: Defaulted, least: number, most: number, refuse: Refuse): number {
  const value = read(name)
  const number = /^\d+$/.test(value) ? Number(value) : NaN
  if (number >= least && number <= most) return number
  const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`
  refuse(name, `${show(value)} is not a whole number of ${range}`)
  return least
}

function show(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 79)}…` : value)
}

function list(values: readonly string[]): string {
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1) ?? ''}`
}
