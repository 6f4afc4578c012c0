import type { Report } from '../report.ts'
import type { CommandContext } from './context.ts'
import { findBlock, reportOf } from './reportOf.ts'
import { observeAndLog } from './planCommand.ts'

/** `drift`: compares the file with Azure and reports whether they differ. */
export async function drift(context: CommandContext): Promise<Report> {
  const observation = await observeAndLog(context)
  const common = reportOf(context, observation)
  const failure = findBlock(common.diagnostics)
  if (failure !== undefined)
    return { ...common, command: 'drift', situation: 'blocked', result: 'failed', failure }
  return observation.plan.changes.length === 0
    ? { ...common, command: 'drift', situation: 'clean', result: 'clean' }
    : { ...common, command: 'drift', situation: 'drift', result: 'drift' }
}
