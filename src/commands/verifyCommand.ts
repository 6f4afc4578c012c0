import { pause } from '../azure/poll.ts'
import {
  queryAgain,
  queryAll,
  type TelemetryQuery,
  conclude,
  findExpected,
  type Round,
} from '../azure/query/queryTelemetry.ts'
import { look } from '../azure/look/look.ts'
import { sortDiagnostics } from '../diagnostics.ts'
import { telemetryLines } from '../render/logLines.ts'
import type { Failure } from '../errors.ts'
import { presentState } from '../plan/capabilities.ts'
import type { Report } from '../report.ts'
import { warnOfPublicPaths } from '../telemetry/assemble.ts'
import { describeCounts, describeReturned } from '../telemetry/words.ts'
import { type Telemetry, worstState } from '../telemetry/telemetry.ts'
import type { Inputs } from '../job/inputs.ts'
import type { CommandContext } from './context.ts'

/** The context of `verify`. */
export type VerifyContext = Pick<
  CommandContext,
  'topology' | 'fileDiagnostics' | 'arm' | 'waitMs' | 'giveUp' | 'log'
> & {
  readonly run: {
    readonly inputs: Pick<Inputs, 'verifyWindowMinutes' | 'verifyWaitMinutes'>
  }
}

/** The wait between two rounds. */
const roundMs = 60_000

/** `verify`: checks whether telemetry arrives, and by which path (contract section 9). */
export async function verify(context: VerifyContext, wait: typeof pause = pause): Promise<Report> {
  const { topology, fileDiagnostics, log } = context
  const { estate, telemetry } = await log.group(`Telemetry of ${topology.name}`, async () => {
    const query = await beginAsking(context)
    const round = await askUntilHeard(query, context, wait)
    const concluded = await conclude(query, round)
    for (const line of telemetryLines(concluded)) log.info(line)
    return { estate: query.estate, telemetry: concluded }
  })
  const result = worstState(telemetry.targets)
  return {
    file: topology.file,
    topology: topology.name,
    command: 'verify',
    situation: 'found',
    result,
    diagnostics: sortDiagnostics([
      ...fileDiagnostics,
      ...warnOfPublicPaths(telemetry, presentState(estate).links, topology.file),
    ]),
    findings: { kind: 'telemetry', telemetry },
    ...(result === 'silent' ? { failure: failureOf(telemetry) } : {}),
  }
}

async function beginAsking({
  arm,
  topology,
  waitMs,
  giveUp,
  log,
  run,
}: VerifyContext): Promise<TelemetryQuery> {
  const estate = await look(arm, topology, {
    waitMs,
    signal: giveUp,
    log: (line) => log.info(line),
  })
  return { arm, topology, estate, windowMinutes: run.inputs.verifyWindowMinutes }
}

/** Queries once, then every minute until no target is silent or the time is up. */
async function askUntilHeard(
  query: TelemetryQuery,
  { run, log, giveUp }: VerifyContext,
  wait: typeof pause,
): Promise<Round> {
  const minutes = run.inputs.verifyWaitMinutes
  let round = await queryAll(query, await findExpected(query))
  if (minutes > 0) log.info(describeCounts(round.verdicts))
  for (let minute = 1; minute <= minutes && isAnySilent(round) && !giveUp.aborted; minute += 1) {
    await wait(roundMs, giveUp)
    const before = round
    round = await queryAgain(query, before)
    log.info(`Minute ${minute} of ${minutes}: ${describeReturned(before.verdicts, round.verdicts)}`)
  }
  return round
}

function isAnySilent({ verdicts }: Round): boolean {
  return verdicts.some(({ state }) => state === 'silent')
}

function failureOf(telemetry: Telemetry): Failure {
  return {
    reason: 'telemetry-silent',
    message: describeCounts(telemetry.targets),
    remedy:
      'The step summary lists each silent target and what to check; docs/verify.md explains the states. Set fail-on-silent: false to keep this from failing the step.',
  }
}
