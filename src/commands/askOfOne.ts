import {
  queryAll,
  type TelemetryQuery,
  conclude,
  findExpected,
} from '../azure/query/queryTelemetry.ts'
import { AzureError } from '../errors.ts'
import type { TelemetryFacts } from '../explain/facts.ts'
import { type Telemetry, telemetryOf } from '../telemetry/telemetry.ts'
import type { TargetEntry } from '../topology/topology.ts'
import type { ExplainContext } from './context.ts'
import type { Observation } from './observe.ts'

/** What the workspaces answered about one target. */
export interface AskedOfOne {
  readonly facts: TelemetryFacts
  /** Absent when the workspaces could not be queried. */
  readonly telemetry?: Telemetry
}

/** Queries the workspaces of one target for its telemetry. A failed query is a fact of the answer, not an error. */
export async function askOfOne(
  { arm, topology, run }: Pick<ExplainContext, 'arm' | 'topology' | 'run'>,
  { estate }: Observation,
  target: TargetEntry,
): Promise<AskedOfOne> {
  const windowMinutes = run.inputs.verifyWindowMinutes
  const query: TelemetryQuery = {
    arm,
    topology: { ...topology, targets: [target], selects: [] },
    // A copy: the original keeps the matches of the file's selects.
    estate: { ...estate, selected: [] },
    windowMinutes,
  }
  try {
    const telemetry = await conclude(query, await queryAll(query, await findExpected(query)))
    const { destinations } = telemetry
    const rows = telemetryOf(telemetry, target.id.text)
    return { telemetry, facts: { asked: true, windowMinutes, destinations, rows } }
  } catch (error) {
    if (!(error instanceof AzureError) || error.code === 'Aborted') throw error
    const why = `Telemetry could not be queried: ${error.message}`
    return { facts: { asked: false, why, remedy: error.remedy } }
  }
}
