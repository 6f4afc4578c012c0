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
import { askDestination, type Heard } from './askDestination.ts'
import { readTargetAssociations } from './ruleAssociations.ts'

/** What is known so far of a topology's telemetry; asked again, only the silent ones are asked for. */
export interface Round {
  readonly verdicts: readonly Verdict[]
  readonly destinations: readonly DestinationReach[]
  /** ISO 8601, by Azure's clock. */
  readonly at: string
}

/** What a round is asked with. */
export interface Asking {
  readonly arm: Arm
  readonly topology: Topology
  readonly estate: OpenEstate
  readonly windowMinutes: number
}

/** More rounds than it takes to read targets, their rules, and where those send. */
const mostRounds = 12

/** What should arrive where; reads what it takes to know that. */
export async function findExpected({
  arm,
  topology,
  estate,
}: Asking): Promise<readonly Expectation[]> {
  for (let round = 0; round < mostRounds; round += 1) {
    const { expectations, questions } = expectTelemetry(topology, estate)
    if (questions.length === 0) return expectations
    await answer(arm, topology, estate, questions)
  }
  throw new Error('Azure kept changing while it was read.')
}

/** Asks every destination for all that is expected there. */
export async function askAll(asking: Asking, expectations: readonly Expectation[]): Promise<Round> {
  const unasked = expectations.flatMap((one) => judgeWithoutQuery(one) ?? [])
  const heard = await askEach(
    asking,
    expectations.filter((one) => judgeWithoutQuery(one) === undefined),
  )
  return {
    verdicts: [...unasked, ...heard.flatMap((one) => one.verdicts)],
    destinations: heard.map((one) => one.reach),
    at: latest(heard) ?? new Date().toISOString(),
  }
}

/** Asks again for those that were silent. */
export async function askAgain(
  asking: Asking,
  { verdicts, destinations, at }: Round,
): Promise<Round> {
  const isSilent = ({ state }: Verdict) => state === 'silent'
  const heard = await askEach(
    asking,
    verdicts.filter(isSilent).map((verdict) => verdict.expectation),
  )
  const again = heard.map((one) => one.reach)
  const kept = destinations.filter((old) => !again.some((one) => isSame(one, old)))
  return {
    verdicts: [
      ...verdicts.filter((one) => !isSilent(one)),
      ...heard.flatMap((one) => one.verdicts),
    ],
    destinations: [...kept, ...again],
    at: latest(heard) ?? at,
  }
}

function isSame(a: DestinationReach, b: DestinationReach): boolean {
  return a.kind === b.kind && idKey(a.id) === idKey(b.id)
}

async function askEach(
  { arm, topology, estate, windowMinutes }: Asking,
  expectations: readonly Expectation[],
): Promise<readonly Heard[]> {
  const byDestination = groupBy(
    expectations,
    ({ destination }) => `${destination.kind} ${destination.key}`,
  )
  return await Promise.all(
    [...byDestination.values()].map(async (some) => {
      const [first] = some
      if (first === undefined) throw new Error('A group has a member.')
      const { destination } = first
      return await askDestination({
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
  { azureMonitorWorkspaces, remoteWrite }: Asking['topology'],
  workspace: string,
): readonly string[] {
  const aliases = azureMonitorWorkspaces.flatMap(({ alias, id }) =>
    id.key === workspace ? [alias] : [],
  )
  return remoteWrite.flatMap(({ name, metrics }) => (aliases.includes(metrics) ? [name] : []))
}

function latest(heard: readonly Heard[]): string | undefined {
  return heard
    .flatMap((one) => one.at ?? [])
    .toSorted(compareText)
    .at(-1)
}

/** For so many silent targets the associations are read one by one, to tell who changed them. */
const mostReads = 100

/** Reads what it takes to tell what changed; what can't be read is not told, and the rest stands. */
async function readChanges(
  { arm, topology, estate }: Asking,
  silent: readonly Verdict[],
): Promise<ReadonlyMap<string, readonly ConfigurationAssociation[]>> {
  const questions = changeQuestions(silent, estate)
  const targets = [...new Set(silent.map((one) => one.expectation.target.id))]
  try {
    if (questions.length > 0) await answer(arm, topology, estate, questions)
    return await readTargetAssociations(arm, targets.slice(0, mostReads))
  } catch (error) {
    if (!(error instanceof AzureError) || error.code === 'Aborted') throw error
    return new Map()
  }
}

/** Puts the last round into the order in which it is shown, with what changed where something is silent. */
export async function conclude(asking: Asking, round: Round): Promise<Telemetry> {
  const { topology, estate, windowMinutes } = asking
  const silent = round.verdicts.filter(({ state }) => state === 'silent')
  const associations = await readChanges(asking, silent)
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
