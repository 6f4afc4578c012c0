import type { EgressFqdns } from '../egress/egress.ts'
import { hostOf } from '../egress/hosts.ts'
import type { WayIn } from '../egress/inside/checkedName.ts'
import { judgeNames } from '../egress/inside/judgeNames.ts'
import { neededNames, type QueryName } from '../egress/inside/neededNames.ts'
import type { NetworkCheck } from '../egress/inside/networkCheck.ts'
import { mostEgressBytes, readEgressJson } from '../egress/readEgressJson.ts'
import { InputError, type Failure } from '../errors.ts'
import { probeNames } from '../probe/probeNames.ts'
import type { Report } from '../report.ts'
import { idKey } from '../resources/id.ts'
import type { CommandContext, StartContext } from './context.ts'
import { observeAndLog } from './planCommand.ts'
import type { Observation } from './observe.ts'
import { reportOf } from './reportOf.ts'
import { wayInOf } from './wayIn.ts'

/** `check-network`: resolves every name that the targets need and connects to it, from this machine. */
export async function checkNetwork(context: CommandContext): Promise<Report> {
  const observation = await observeAndLog({ ...context, checkNetwork: true })
  const { egress, linked } = reportOf(context, observation)
  if (egress === undefined || linked === undefined) throw new Error('A plan without host names.')
  const check = await checkFromInside(context, {
    egress,
    queries: queryNames(observation),
    wayIn: wayInOf(observation, linked),
    unread: observation.plan.diagnostics.flatMap(({ code, resource }) =>
      code === 'unreadable-resource' && resource !== undefined ? [resource] : [],
    ),
  })
  return { ...reportOfCheck(context, check), egress, diagnostics: context.fileDiagnostics }
}

/** The same for the list of an earlier run (input `egress-json`), without a topology file or Azure. */
export async function checkNetworkByList(context: StartContext): Promise<Report | undefined> {
  if (!context.run.inputs.egressFiles.includes(context.file)) return undefined
  const egress = await readList(context)
  return reportOfCheck(context, await checkFromInside(context, { egress, queries: [], unread: [] }))
}

interface Checked {
  readonly egress: EgressFqdns
  readonly queries: readonly QueryName[]
  readonly wayIn?: WayIn
  /** Ids of resources that can't be read, so that their names are unknown. */
  readonly unread: readonly string[]
}

async function checkFromInside(
  { run, log, giveUp }: StartContext,
  { egress, queries, wayIn, unread }: Checked,
): Promise<NetworkCheck> {
  const names = neededNames(egress, queries)
  const { dnsServer } = run.inputs
  const { seen, askedBy } = await log.group(`Check ${names.length} names from here`, async () => {
    const probed = await probeNames(names, {
      ...(dnsServer !== undefined && { server: dnsServer }),
      env: run.env,
      signal: giveUp,
      progress: (done) => log.progress(`${done} of ${names.length} names checked.`),
    })
    for (const { name } of names) log.info(probeLine(name, probed.seen.get(name)))
    return probed
  })
  const pending = [...pendingOf(egress), ...unread]
  const isHosted = run.env['RUNNER_ENVIRONMENT'] === 'github-hosted'
  const judged = judgeNames(names, seen, {
    ...(wayIn !== undefined && { wayIn }),
    askedBy,
    isHosted,
    pending: pending.length,
  })
  return {
    kind: 'network',
    topology: egress.topology,
    checkedAt: new Date().toISOString(),
    ...judged,
    askedBy,
    isHosted,
    pending,
    knowsAzure: wayIn !== undefined,
  }
}

function reportOfCheck({ file }: StartContext, check: NetworkCheck): Report {
  const failure = check.result === 'unreachable' ? unreachable(check) : undefined
  return {
    file,
    topology: check.topology,
    command: 'check-network',
    situation: 'found',
    result: check.result,
    diagnostics: [],
    findings: check,
    ...(failure !== undefined && { failure }),
  }
}

function unreachable({ names }: NetworkCheck): Failure {
  const wrong = names.filter(({ isPublic, state }) => isPublic === 'never' && state !== 'private')
  const [first] = wrong
  const more = wrong.length > 1 ? ` (and ${wrong.length - 1} more)` : ''
  return {
    reason: 'network-unreachable',
    message: `${first?.name ?? ''} is ${first?.state ?? ''} here${more}. ${first?.cause?.text ?? ''}`,
    remedy: first?.cause?.remedy ?? 'See the step summary.',
  }
}

type Seen = NetworkCheck['names'][number]['observed']

function probeLine(name: string, seen: Seen | undefined): string {
  const { addresses = [], resolution = 'no-answer', connection } = seen ?? {}
  const what = addresses.length > 0 ? addresses.slice(0, 4).join(', ') : resolution
  const open = connection?.connected === true ? 'connected' : (connection?.failure ?? 'not tried')
  return [name, what, ...(addresses.length > 0 ? [open] : []), connection?.tls?.state ?? '']
    .filter((part) => part !== '')
    .join(' · ')
}

/** Query hosts of the Azure Monitor workspaces that targets send to, or that the file names for them. */
function queryNames({ desired, estate }: Observation): readonly QueryName[] {
  const users = new Map<string, string[]>()
  const { targets, monitorWorkspaces } = desired.world
  for (const { target, rules, metrics } of targets) {
    const declared = monitorWorkspaces.filter(({ alias }) => alias === metrics)
    const ids = [
      ...declared.map(({ workspace }) => workspace.id),
      ...rules.flatMap(({ metricsDestinations }) => metricsDestinations),
    ]
    for (const key of new Set(ids.map(idKey)))
      users.set(key, [...(users.get(key) ?? []), target.id])
  }
  return [...users].flatMap(([key, ids]) => {
    const reading = estate.monitorWorkspaces.get(key)
    if (reading?.state !== 'found') return []
    const host = hostOf(reading.value.queryEndpoint)
    const { id, location } = reading.value
    return host === undefined ? [] : [{ id, region: location, host, for: ids }]
  })
}

function pendingOf({ regions }: EgressFqdns): readonly string[] {
  const ids = regions.flatMap(({ targets }) => targets.flatMap(({ pending }) => pending))
  return [...new Map(ids.map((id) => [idKey(id), id])).values()]
}

async function readList({ file, run }: StartContext): Promise<EgressFqdns> {
  const remedy =
    'Pass the file that the output egress-fqdns of a plan names, for example as an artifact of that run.'
  const bytes = await run.readFile(file).catch((error: unknown) => {
    throw new InputError(`egress-json: ${file} could not be read.`, remedy, { cause: error })
  })
  if (bytes.length > mostEgressBytes) {
    throw new InputError(`egress-json: ${file} is too large for a list of host names.`, remedy)
  }
  try {
    return readEgressJson(bytes.toString('utf8'))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new InputError(`egress-json: ${file} is not a list of host names: ${why}.`, remedy, {
      cause: error,
    })
  }
}
