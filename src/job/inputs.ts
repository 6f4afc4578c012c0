import path from 'node:path'
import { getInput } from '@actions/core'
import { InputError } from '../errors.ts'
import { readImport, readTarget } from './commandInputs.ts'
import { findNewFile } from './newFile.ts'
import { findWorkspaceFiles } from './workspaceFiles.ts'
import { parseDnsServer } from '../probe/dnsServer.ts'
import { type Command, commandNames, type CommandTraits } from '../report.ts'
import {
  lines,
  list,
  read,
  readBoolean,
  readNumber,
  readOneOf,
  show,
  type InputSource,
  type Reader,
} from './inputReader.ts'

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
  readonly checkNetwork: boolean
  /** How old a record may be to count as received. */
  readonly verifyWindowMinutes: number
  /** How long `verify` goes on asking for what is silent. */
  readonly verifyWaitMinutes: number
  readonly failOnSilent: boolean
  /** Of an import: the id of the private link scope, as it was given. */
  readonly scope?: string
  /** Of an import: what the topology is to be called. */
  readonly topologyName?: string
  /** Of an explanation: the id, short reference or name of the target. */
  readonly target?: string
  /** The one DNS server that `check-network` asks, as the probe takes it; absent: as programs of the machine ask. */
  readonly dnsServer?: string
  /** Files of earlier runs' host names: `check-network` then needs no topology file and no Azure. */
  readonly egressFiles: readonly string[]
}

export const commentModes = ['always', 'on-change', 'never'] as const

export type CommentMode = (typeof commentModes)[number]

export const clouds = ['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'] as const

/** Each file is planned, and has a comment, by itself: more than these are several jobs. */
const mostFiles = 50

/** Longest a job lives on a self-hosted runner: five days. */
const mostMinutes = 7200
/** A query looks back for a day. */
const mostWindowMinutes = 1440

/** What of a command its inputs hang on. */
type InputTraits = Pick<CommandTraits, 'files' | 'takesTarget'>

/** Whatever the event chooses reads files that are there. */
const ofAuto: InputTraits = { files: 'read' }

/**
 * Reads every input.
 *
 * @throws InputError that names all that is wrong with all of them.
 */
export function readInputs(
  traits: Readonly<Record<Command, InputTraits>>,
  source: InputSource = workflowInputs(),
): Inputs {
  const problems: string[] = []
  const from: Reader = {
    ...source,
    refuse: (name, problem) => problems.push(`${name}: ${problem}.`),
  }
  const identity = readIdentity(from)
  const dnsServer = readDnsServer(from)
  const command = readCommand(from)
  const { files, takesTarget } = command === 'auto' ? ofAuto : traits[command]
  const egressFiles = files === 'read or egress-json' ? lines(from.get('egress-json')) : []
  const target = takesTarget ? readTarget(from) : undefined
  const inputs: Inputs = {
    command,
    ...(target !== undefined && { target }),
    ...readFiles(files, egressFiles, from),
    egressFiles,
    ...(dnsServer !== undefined && { dnsServer }),
    ...(identity && { identity }),
    cloud: readCloud(from),
    githubToken: from.get('github-token'),
    comment: readOneOf('comment', commentModes, from),
    requireReviewedPlan: readBoolean('require-reviewed-plan', from),
    maxDeletes: readNumber('max-deletes', 0, Number.MAX_SAFE_INTEGER, from),
    maxReplacements: readNumber('max-replacements', 0, Number.MAX_SAFE_INTEGER, from),
    failOnDrift: readBoolean('fail-on-drift', from),
    checkNetwork: readBoolean('check-network', from),
    waitTimeoutMinutes: readNumber('wait-timeout-minutes', 1, mostMinutes, from),
    maxConcurrency: readNumber('max-concurrency', 1, Number.MAX_SAFE_INTEGER, from),
    verifyWindowMinutes: readNumber('verify-window-minutes', 1, mostWindowMinutes, from),
    verifyWaitMinutes: readNumber('verify-wait-minutes', 0, mostMinutes, from),
    failOnSilent: readBoolean('fail-on-silent', from),
  }
  if (problems.length > 0) throw new InputError(problems.join('\n'), source.remedy)
  return inputs
}

/** The inputs of the step, and the files of its workspace. */
export function workflowInputs(
  workspace = process.env.GITHUB_WORKSPACE ?? process.cwd(),
): InputSource {
  return {
    get: (name) => getInput(name),
    findFiles: (patterns) => findWorkspaceFiles(patterns, path.resolve(workspace)),
    findNewFile: (name) => findNewFile(name, path.resolve(workspace)),
    remedy: 'Correct the inputs under `with:` of this step; the README lists what each one takes.',
  }
}

function readCommand(from: Reader): Inputs['command'] {
  return readOneOf('command', ['auto', ...commandNames], from)
}

function readTopologyFiles(from: Reader): readonly string[] {
  const { files, problems } = from.findFiles(lines(read('topology-file', from)))
  for (const problem of problems) from.refuse('topology-file', problem)
  if (files.length > mostFiles) {
    from.refuse(
      'topology-file',
      `${files.length} files are named, and a run takes at most ${mostFiles}; give each job of a matrix some of them`,
    )
  }
  return files
}

/** The files to run on: without Azure there need not be a topology file, and an import writes its own. */
function readFiles(
  files: InputTraits['files'],
  egressFiles: readonly string[],
  from: Reader,
): Pick<Inputs, 'topologyFiles' | 'scope' | 'topologyName'> {
  if (egressFiles.length > 0) return { topologyFiles: egressFiles }
  return files === 'made' ? readImport(from) : { topologyFiles: readTopologyFiles(from) }
}

function readDnsServer(from: Reader): string | undefined {
  const value = from.get('dns-server')
  if (value === '') return undefined
  const server = parseDnsServer(value)
  if (server === undefined)
    from.refuse(
      'dns-server',
      `${show(value)} is not the address of a DNS server, with or without a port: 10.0.0.4, 10.0.0.4:5353 or [fd00::4]:53`,
    )
  return server
}

function readIdentity(from: Reader): Inputs['identity'] {
  const clientId = from.get('client-id')
  const tenantId = from.get('tenant-id')
  if (!clientId && !tenantId) return undefined
  if (!clientId || !tenantId) {
    const [given, missing] = clientId ? ['client-id', 'tenant-id'] : ['tenant-id', 'client-id']
    from.refuse(missing, `it is missing, and ${given} is given; give both, or neither`)
    return undefined
  }
  // Both become part of a URL; a tenant may also be written as a domain.
  for (const [name, value] of [
    ['client-id', clientId],
    ['tenant-id', tenantId],
  ] as const)
    if (!/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(value))
      from.refuse(name, `${show(value)} is not an id of Microsoft Entra`)
  return { clientId, tenantId }
}

function readCloud(from: Reader): string {
  const value = read('cloud', from)
  // azure/login takes the names in any case, and workflows are copied from it.
  const named = clouds.find((name) => name.toLowerCase() === value.toLowerCase())
  if (named) return named
  const url = URL.canParse(value) ? new URL(value) : undefined
  const plain = url && !url.username && !url.password && !url.search && !url.hash
  if (plain && url.protocol === 'https:') return value.replace(/\/+$/, '')
  from.refuse(
    'cloud',
    `${show(value)} is neither ${list(clouds)} nor the https:// URL of a Resource Manager`,
  )
  return value
}
