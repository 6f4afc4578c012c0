import { askAll, type Asking, conclude, findExpected } from '../azure/query/askTelemetry.ts'
import { AzureError } from '../errors.ts'
import type { TelemetryFacts } from '../explain/facts.ts'
import { type Telemetry, telemetryOf } from '../telemetry/telemetry.ts'
import type { TargetEntry } from '../topology/topology.ts'
import type { ExplainContext } from './context.ts'
import type { Observation } from './observe.ts'

/** What the workspaces said of one target. */
export interface AskedOfOne {
  readonly facts: TelemetryFacts
  /** Absent where it could not be asked. */
  readonly telemetry?: Telemetry
}

/** Asks the workspaces of one target, and of no other, whether its telemetry arrives. What can't be asked costs nothing else. */
export async function askOfOne(
  { arm, topology, run }: Pick<ExplainContext, 'arm' | 'topology' | 'run'>,
  { estate }: Observation,
  target: TargetEntry,
): Promise<AskedOfOne> {
  const windowMinutes = run.inputs.verifyWindowMinutes
  const asking: Asking = {
    arm,
    topology: { ...topology, targets: [target], selects: [] },
    // A copy: what the selects of the file match stays as it is there.
    estate: { ...estate, selected: [] },
    windowMinutes,
  }
  try {
    const telemetry = await conclude(asking, await askAll(asking, await findExpected(asking)))
    const { destinations } = telemetry
    const rows = telemetryOf(telemetry, target.id.text)
    return { telemetry, facts: { asked: true, windowMinutes, destinations, rows } }
  } catch (error) {
    if (!(error instanceof AzureError) || error.code === 'Aborted') throw error
    const why = `Whether telemetry arrives could not be asked: ${error.message}`
    return { facts: { asked: false, why, remedy: error.remedy } }
  }
}
