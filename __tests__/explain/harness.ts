import { explain } from '../../src/commands/explainCommand.ts'
import type { Chain } from '../../src/explain/chain.ts'
import type { Report } from '../../src/report.ts'
import { parseTopology } from '../../src/topology/parseTopology.ts'
import { type Stage, topologyText } from '../verify/harness.ts'

/** `explain` against a simulated Azure, in this process. */
export async function explainAt(
  { arm, simulator, log }: Stage,
  target: string,
  text = topologyText,
): Promise<{
  readonly report: Report
  readonly chain: Chain
  readonly requests: Stage['simulator']['azure']['requests']
}> {
  const { topology, diagnostics } = parseTopology(text, { file: 't.yml', today: '2026-11-28' })
  if (topology === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  const before = simulator.azure.requests.length
  const report = await explain({
    file: 't.yml',
    topology,
    fileDiagnostics: [],
    arm,
    waitMs: 1000,
    giveUp: new AbortController().signal,
    log: {
      group: async (_, fn) => await fn(),
      info: (line) => log.push(line),
      progress: (line) => log.push(line),
    },
    limits: { maxDeletes: 10, maxReplacements: 10 },
    maxConcurrency: 4,
    checkNetwork: true,
    pendingWaivers: [],
    otherMarks: new Set(),
    run: { inputs: { target, verifyWindowMinutes: 15 } },
  })
  if (report.findings?.kind !== 'chain') throw new Error('no chain')
  return { report, chain: report.findings, requests: simulator.azure.requests.slice(before) }
}
