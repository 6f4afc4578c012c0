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
  /** When present, the action signs in with GitHub's OIDC token. */
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
  /** How long `verify` keeps querying silent targets. */
  readonly verifyWaitMinutes: number
  readonly failOnSilent: boolean
  /** For `import`: the id of the private link scope, as given. */
  readonly scope?: string
  /** For `import`: the name of the topology. */
  readonly topologyName?: string
  /** For `explain`: the id, short reference or name of the target. */
  readonly target?: string
  /** The only DNS server that `check-network` queries, in the probe's form; absent: the machine's own resolver. */
  readonly dnsServer?: string
  /** Host name files of earlier runs: with them `check-network` needs neither a topology file nor Azure. */
  readonly egressFiles: readonly string[]
}

export const commentModes = ['always', 'on-change', 'never'] as const

export type CommentMode = (typeof commentModes)[number]

export const clouds = ['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'] as const

/** Each file has its own plan and comment; split more files over several jobs. */
const mostFiles = 50

/** The longest job on a self-hosted runner: five days. */
const mostMinutes = 7200
/** A query looks back one day. */
const mostWindowMinutes = 1440

/** The traits of a command that decide which inputs it reads. */
type InputTraits = Pick<CommandTraits, 'files' | 'takesTarget'>

/** Every command that `auto` can choose reads existing files. */
const ofAuto: InputTraits = { files: 'read' }

/**
 * Reads every input.
 *
 * @throws InputError that lists the problems of all inputs
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

/** The inputs of the workflow step and the files of its workspace. */
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
      `${files.length} files are given, but a run takes at most ${mostFiles}; split them over the jobs of a matrix`,
    )
  }
  return files
}

/** The files to run on: `egress-json` replaces the topology file, and `import` names a file to write. */
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
    from.refuse(missing, `missing, although ${given} is set; set both or neither`)
    return undefined
  }
  // Both become part of a URL; a tenant may also be a domain name.
  for (const [name, value] of [
    ['client-id', clientId],
    ['tenant-id', tenantId],
  ] as const)
    if (!/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(value))
      from.refuse(name, `${show(value)} is not a Microsoft Entra id`)
  return { clientId, tenantId }
}

function readCloud(from: Reader): string {
  const value = read('cloud', from)
  // azure/login accepts the names in any case, and authors copy its workflows.
  const named = clouds.find((name) => name.toLowerCase() === value.toLowerCase())
  if (named) return named
  const url = URL.canParse(value) ? new URL(value) : undefined
  const plain = url && !url.username && !url.password && !url.search && !url.hash
  if (plain && url.protocol === 'https:') return value.replace(/\/+$/, '')
  from.refuse(
    'cloud',
    `${show(value)} is not a cloud; use ${list([...clouds, 'the https:// URL of a Resource Manager'])}`,
  )
  return value
}
