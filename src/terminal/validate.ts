import { reportInvalid } from '../commands/offline.ts'
import { asFailure } from '../errors.ts'
import type { Report } from '../report.ts'
import { parseTopology } from '../topology/parseTopology.ts'
import type { Topology } from '../topology/topology.ts'
import { readIn, type Work } from './work.ts'

/** What became of a file; one that is right has its topology. */
export interface Validated {
  readonly report: Report
  readonly topology?: Topology
}

/** `validate`: each file by itself, without Azure. */
export async function validate({ inputs, folder, today }: Work): Promise<readonly Validated[]> {
  return await Promise.all(
    inputs.topologyFiles.map(async (file): Promise<Validated> => {
      const common = { file, command: 'plan', diagnostics: [] } as const
      try {
        const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
          await readIn(folder, file),
        )
        const { topology, diagnostics } = parseTopology(text, { file, today })
        if (topology === undefined) {
          return { report: reportInvalid(file, undefined, 'plan', diagnostics) }
        }
        return {
          report: { ...common, topology: topology.name, result: 'validated', diagnostics },
          topology,
        }
      } catch (error) {
        return { report: { ...common, result: 'failed', failure: asFailure(error) } }
      }
    }),
  )
}
