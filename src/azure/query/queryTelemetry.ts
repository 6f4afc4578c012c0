import { AzureError } from '../../errors.ts'
import type { ConfigurationAssociation } from '../../estate/estate.ts'
import { groupBy } from '../../resources/group.ts'
import { compareText, idKey } from '../../resources/id.ts'
import { assemble } from '../../telemetry/assemble.ts'
import { changeQuestions, changedSince } from '../../telemetry/chain.ts'
import { type Expectation, expectTelemetry } from '../../telemetry/expected.ts'
import { judgeWithoutQuery, type Verdict } from '../../telemetry/judgement.ts'
import type { DestinationReach, Telemetry } from '../../telemetry/telemetry.ts'
import type { Topology } from '../../topology/topology.ts'
import type { Arm } from '../arm.ts'
import { answer } from '../look/answer.ts'
import type { OpenEstate } from '../look/openEstate.ts'
import { queryDestination, type DestinationResult } from './queryDestination.ts'
import { readTargetAssociations } from './ruleAssociations.ts'

/** The telemetry found so far. The next round queries only what is silent. */
export interface Round {
  readonly verdicts: readonly Verdict[]
  readonly destinations: readonly DestinationReach[]
  /** ISO 8601, by Azure's clock. */
  readonly at: string
}

/** What a round needs. */
export interface TelemetryQuery {
  readonly arm: Arm
  readonly topology: Topology
  readonly estate: OpenEstate
  readonly windowMinutes: number
}

/** More rounds than reading targets, their rules and destinations can take. */
const maxRounds = 12

/** Finds what should arrive where, and reads what is needed for that. */
export async function findExpected({
  arm,
  topology,
  estate,
}: TelemetryQuery): Promise<readonly Expectation[]> {
  for (let round = 0; round < maxRounds; round += 1) {
    const { expectations, questions } = expectTelemetry(topology, estate)
    if (questions.length === 0) return expectations
    await answer(arm, topology, estate, questions)
  }
  throw new Error('Azure kept changing while it was read.')
}

/** Queries every destination for everything expected there. */
export async function queryAll(
  query: TelemetryQuery,
  expectations: readonly Expectation[],
): Promise<Round> {
  const unasked = expectations.flatMap((one) => judgeWithoutQuery(one) ?? [])
  const results = await queryEachDestination(
    query,
    expectations.filter((one) => judgeWithoutQuery(one) === undefined),
  )
  return {
    verdicts: [...unasked, ...results.flatMap((one) => one.verdicts)],
    destinations: results.map((one) => one.reach),
    at: latest(results) ?? new Date().toISOString(),
  }
}

/** Queries again for the silent rows. */
export async function queryAgain(
  query: TelemetryQuery,
  { verdicts, destinations, at }: Round,
): Promise<Round> {
  const isSilent = ({ state }: Verdict) => state === 'silent'
  const results = await queryEachDestination(
    query,
    verdicts.filter(isSilent).map((verdict) => verdict.expectation),
  )
  const again = results.map((one) => one.reach)
  const kept = destinations.filter((old) => !again.some((one) => isSame(one, old)))
  return {
    verdicts: [
      ...verdicts.filter((one) => !isSilent(one)),
      ...results.flatMap((one) => one.verdicts),
    ],
    destinations: [...kept, ...again],
    at: latest(results) ?? at,
  }
}

function isSame(a: DestinationReach, b: DestinationReach): boolean {
  return a.kind === b.kind && idKey(a.id) === idKey(b.id)
}

async function queryEachDestination(
  { arm, topology, estate, windowMinutes }: TelemetryQuery,
  expectations: readonly Expectation[],
): Promise<readonly DestinationResult[]> {
  const byDestination = groupBy(
    expectations,
    ({ destination }) => `${destination.kind} ${destination.key}`,
  )
  return await Promise.all(
    [...byDestination.values()].map(async (some) => {
      const [first] = some
      if (first === undefined) throw new Error('A group has a member.')
      const { destination } = first
      return await queryDestination({
        arm,
        estate,
        destination,
        expectations: some,
        windowMinutes,
        writers: writersTo(topology, destination.key),
      })
    }),
  )
}

/** Names of the remote writers that push to an Azure Monitor workspace. */
function writersTo(
  { azureMonitorWorkspaces, remoteWrite }: TelemetryQuery['topology'],
  workspace: string,
): readonly string[] {
  const aliases = azureMonitorWorkspaces.flatMap(({ alias, id }) =>
    id.key === workspace ? [alias] : [],
  )
  return remoteWrite.flatMap(({ name, metrics }) => (aliases.includes(metrics) ? [name] : []))
}

function latest(results: readonly DestinationResult[]): string | undefined {
  return results
    .flatMap((one) => one.at ?? [])
    .toSorted(compareText)
    .at(-1)
}

/**
 * For at most this many silent targets, the associations are read one by one to find who changed
 * them.
 */
const maxReads = 100

/**
 * Reads what shows the changes. If reading fails, the changes are left out and the rest of the
 * result stays.
 */
async function readChanges(
  { arm, topology, estate }: TelemetryQuery,
  silent: readonly Verdict[],
): Promise<ReadonlyMap<string, readonly ConfigurationAssociation[]>> {
  const questions = changeQuestions(silent, estate)
  const targets = [...new Set(silent.map((one) => one.expectation.target.id))]
  try {
    if (questions.length > 0) await answer(arm, topology, estate, questions)
    return await readTargetAssociations(arm, targets.slice(0, maxReads))
  } catch (error) {
    if (!(error instanceof AzureError) || error.code === 'Aborted') throw error
    return new Map()
  }
}

/** Turns the last round into the result, adding what changed in the chains of silent targets. */
export async function conclude(query: TelemetryQuery, round: Round): Promise<Telemetry> {
  const { topology, estate, windowMinutes } = query
  const silent = round.verdicts.filter(({ state }) => state === 'silent')
  const associations = await readChanges(query, silent)
  return assemble(
    {
      topology: topology.name,
      checkedAt: round.at,
      windowMinutes,
      destinations: round.destinations,
      verdicts: round.verdicts,
    },
    (verdict) => {
      const own = associations.get(verdict.expectation.target.key) ?? []
      return changedSince(verdict, estate, own, round.at)
    },
  )
}
