import type { Arm } from '../azure/arm.ts'
import { walk } from '../azure/look/walk.ts'
import { answerWide } from '../azure/look/walkAnswers.ts'
import { shareReads } from '../azure/shareReads.ts'
import { type Diagnostic } from '../diagnostics.ts'
import { discover, type Discovery } from '../discovery/discover.ts'
import { fileOf } from '../discovery/fileOf.ts'
import { AzureError, InputError } from '../errors.ts'
import type { Estate } from '../estate/estate.ts'
import type { Change, Plan } from '../plan/plan.ts'
import type { Imported, Report } from '../report.ts'
import { nameOf, parseResourceId, type ResourceId } from '../resources/id.ts'
import { parseTopology } from '../topology/parseTopology.ts'
import type { Topology } from '../topology/topology.ts'
import type { CommandContext, StartContext } from './context.ts'
import { observeAndLog } from './planCommand.ts'
import { reportOf } from './reportOf.ts'

/**
 * `import`: writes a topology file that describes a live scope, and plans it. Writes the file last, so that it is
 * complete or absent.
 */
export async function importScope(context: StartContext): Promise<Report> {
  const { run, file, log } = context
  const open = shareReads(await run.connect())
  const scope = scopeOf(context)
  const discovery = await log.group(`Walk from the private link scope ${scope.name}`, () =>
    explore(context, open, scope),
  )
  const text = fileOf(discovery)
  const topology = parseOwn(text, context)
  const planning = planContext(context, topology, open())
  const observation = await observeAndLog(planning)
  refuseDeletes(topology, observation.plan.changes)
  await run.createFile(file, text)
  const { diagnostics, plan, ...common } = reportOf(planning, observation)
  return {
    ...common,
    command: 'import',
    situation: 'imported',
    result: 'imported',
    plan: withWarnings(plan),
    diagnostics: diagnostics.map(asWarning),
    imported: importedOf(discovery, topology),
  }
}

function scopeOf({ run }: StartContext): ResourceId {
  const id = parseResourceId(run.inputs.scope ?? '')
  if (id === undefined) throw new InputError('scope: missing.', 'Give the id of the scope.')
  return id
}

/** More rounds than any chain has: targets → rules → workspaces → endpoints. */
const mostRounds = 12

async function explore(
  context: StartContext,
  open: () => Arm,
  scope: ResourceId,
): Promise<Discovery> {
  const { run, log, giveUp } = context
  const arm = open()
  const estate = await walk(open, scope, {
    waitMs: run.inputs.waitTimeoutMinutes * 60_000,
    signal: giveUp,
    log: (line) => {
      log.info(line)
    },
  })
  checkScope(estate, scope, arm.cloud.name)
  const { topologyName: name } = run.inputs
  const given = name === undefined ? { scope } : { scope, name }
  let discovery = discover(estate, given)
  for (let round = 0; discovery.questions.length > 0 && round < mostRounds; round++) {
    await answerWide(arm, estate, discovery.questions)
    discovery = discover(estate, given)
  }
  log.info(
    `Found ${discovery.topology.clusters.entries.length} clusters and ${discovery.topology.machines.entries.length} machines with ${arm.counts.queries} queries and ${arm.counts.reads} reads.`,
  )
  return discovery
}

function checkScope({ scope: reading }: Estate, scope: ResourceId, cloud: string): void {
  if (reading.state === 'missing') {
    throw new InputError(
      `scope: ${cloud} has no private link scope ${scope.text} that this identity can see.`,
      'Check the id (in the portal: open the scope, JSON View, Resource ID), the input cloud, and that the identity belongs to the tenant of that subscription.',
    )
  }
  if (reading.state === 'unreadable') {
    throw new AzureError(`scope: this identity may not read ${scope.text}: ${reading.why}`, {
      reason: 'forbidden',
      remedy: 'Give the identity the Reader role on its subscription.',
    })
  }
}

/** Parses the file we generated; a failure is a bug of ours. */
function parseOwn(text: string, { file, run }: StartContext): Topology {
  const { topology, diagnostics } = parseTopology(text, { file, today: run.today })
  if (topology !== undefined) return topology
  const [first] = diagnostics
  throw new Error(
    `the imported file does not parse: ${first?.message ?? ''} (line ${first?.line ?? 0})`,
  )
}

function planContext(context: StartContext, topology: Topology, arm: Arm): CommandContext {
  const { inputs } = context.run
  return {
    ...context,
    arm,
    topology,
    fileDiagnostics: [],
    limits: { maxDeletes: inputs.maxDeletes, maxReplacements: inputs.maxReplacements },
    waitMs: inputs.waitTimeoutMinutes * 60_000,
    maxConcurrency: inputs.maxConcurrency,
    checkNetwork: inputs.checkNetwork,
    pendingWaivers: [],
    otherMarks: new Set(),
  }
}

/** Refuses a file whose plan deletes anything: an import only describes (contract section 11). */
function refuseDeletes(topology: Topology, changes: readonly Change[]): void {
  const deleted = changes.filter(({ action }) => action === 'delete')
  const [first] = deleted
  if (first === undefined) return
  const more = deleted.length === 1 ? '' : ` and ${deleted.length - 1} more`
  throw new InputError(
    `name: Azure holds leftovers of a topology named ${topology.name}, which a file of this name would delete: ${nameOf(first.id)}${more}. No file was written.`,
    'Choose another name (input name), or delete the leftovers, then import again.',
  )
}

/** Errors become warnings: a blocked plan is not a failure of the import, since the file describes Azure anyway. */
function asWarning(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.severity === 'error' ? { ...diagnostic, severity: 'warning' } : diagnostic
}

function withWarnings(plan: Plan): Plan {
  return { ...plan, diagnostics: plan.diagnostics.map(asWarning) }
}

function importedOf({ remarks }: Discovery, topology: Topology): Imported {
  const count = (kind: 'cluster' | 'machine') =>
    topology.targets.filter((target) => target.kind === kind).length
  return {
    clusters: count('cluster'),
    machines: count('machine'),
    workspaces: topology.azureMonitorWorkspaces.length + topology.logAnalyticsWorkspaces.length,
    remarks,
  }
}
