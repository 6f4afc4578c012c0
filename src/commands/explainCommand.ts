import { findByName } from '../azure/look/findByName.ts'
import { shareReads } from '../azure/shareReads.ts'
import { sortDiagnostics } from '../diagnostics.ts'
import { InputError } from '../errors.ts'
import { resultOf } from '../explain/chain.ts'
import { explainTarget } from '../explain/explainTarget.ts'
import { kindOf } from '../explain/fileLinks.ts'
import { checkWord, keyOfTarget, nameTarget, pickFound } from '../explain/nameTarget.ts'
import type { Question } from '../estate/question.ts'
import { presentState } from '../plan/capabilities.ts'
import { chainLines } from '../render/explain/words.ts'
import type { Report } from '../report.ts'
import type { ResourceId } from '../resources/id.ts'
import { warnOfPublicPaths } from '../telemetry/assemble.ts'
import type { TargetEntry, Topology } from '../topology/topology.ts'
import type { ExplainContext, LookContext } from './context.ts'
import { askOfOne } from './askOfOne.ts'
import { type Observation, observeIn } from './observe.ts'
import { observeAndLog } from './planCommand.ts'

/** `explain`: the chain of one target, from the file to the record that arrives (contract section 12). */
export async function explain(given: ExplainContext): Promise<Report> {
  const word = given.run.inputs.target
  if (word === undefined) throw new InputError('target: missing.', 'Name a target.')
  checkWord(word)
  // A target outside the file is observed again as if it were in the file; the reads are shared.
  const open = shareReads(given.arm)
  const context = { ...given, arm: open() }
  const { topology, log } = context
  const observation = await observeAndLog(context, {
    insist: (seen) => aboutTarget(keyOfTarget(word, topology, seen.estate), seen),
  })
  const target = await findTarget(word, context, observation)
  const chain = await log.group(`Explain ${target.name}`, async () => {
    const entry = entryOf(target, observation)
    const seen =
      entry === undefined ? await observeBeside({ ...context, arm: open() }, target) : observation
    const answers = await askOfOne(context, seen, entry ?? asEntry(target, topology))
    const { desired, plan, estate, network } = seen
    const explained = explainTarget({
      ...{ topology, target, estate, desired, plan, telemetry: answers.facts },
      ...(network === undefined ? {} : { network }),
    })
    for (const line of chainLines(explained)) log.info(line)
    const linked = presentState(estate).links
    const warnings =
      answers.telemetry === undefined
        ? []
        : warnOfPublicPaths(answers.telemetry, linked, topology.file)
    return { explained, warnings }
  })
  return {
    file: topology.file,
    topology: topology.name,
    command: 'explain',
    situation: 'found',
    result: resultOf(chain.explained),
    diagnostics: sortDiagnostics([
      ...context.fileDiagnostics,
      ...observation.plan.diagnostics,
      ...chain.warnings,
    ]),
    findings: chain.explained,
  }
}

/** Questions that read the target and its chain exactly, so that nothing shown rests on Resource Graph, which lags. */
function aboutTarget(
  key: string | undefined,
  { estate, desired }: Observation,
): readonly Question[] {
  if (key === undefined) return []
  const reading = estate.targets.get(key)
  const id = reading?.state === 'found' ? reading.value.id : key
  const endpoint = estate.associations.get(key)?.endpointId
  const rules = desired.world.targets.find((one) => one.key === key)?.rules ?? []
  const through = rules.flatMap(({ endpointId }) => endpointId ?? [])
  return [
    { what: 'target', id },
    { what: 'association', id },
    { what: 'ruleAssociations', id },
    ...rules.map((rule): Question => ({ what: 'rule', id: rule.id })),
    ...[...(endpoint === undefined ? [] : [endpoint]), ...through].map((one): Question => ({
      what: 'endpoint',
      id: one,
    })),
  ]
}

async function findTarget(
  word: string,
  { arm, topology }: LookContext,
  { estate }: Observation,
): Promise<ResourceId> {
  const named = nameTarget(word, topology, estate)
  if (named.state === 'found') return named.id
  return pickFound(named.sought, await findByName(arm, named.sought), topology, estate)
}

/** The target's entry in the file; `undefined` if the file doesn't have it. */
function entryOf(target: ResourceId, { desired, estate }: Observation): TargetEntry | undefined {
  const { topology } = desired.world
  const named = topology.targets.find(({ id }) => id.key === target.key)
  if (named !== undefined) return named
  const select = topology.selects[estate.selected.findIndex((keys) => keys.includes(target.key))]
  if (select === undefined) return undefined
  const { metrics, logs, kind, at } = select
  return { kind, id: target, at, logs, ...(metrics === undefined ? {} : { metrics }) }
}

function asEntry(target: ResourceId, { privateLinkScope }: Topology): TargetEntry {
  return { kind: kindOf(target.type), id: target, logs: [], at: privateLinkScope.at }
}

/** Observes Azure as if the file also had the target. */
async function observeBeside(context: LookContext, target: ResourceId): Promise<Observation> {
  const { topology } = context
  const entry = asEntry(target, topology)
  return await observeIn(
    { ...context, topology: { ...topology, targets: [...topology.targets, entry] } },
    { insist: (seen) => aboutTarget(target.key, seen) },
  )
}
