import { mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { estate, topology, topologyFile } from '../simulator/demo/estate.ts'
import { expandEstate } from '../simulator/estate.ts'
import { call } from '../simulator/job/commandLine.ts'
import { startSimulator } from '../simulator/simulator.ts'
import { drawTerminal, type Session } from './recording/draw.ts'

/**
 * Records the command line against the simulated estate of the demo, as pictures and as text for docs/terminal.md:
 * `npm run recording`. The built bundle is what runs.
 */
const columns = 100

/** What is typed, with how many lines of its output are kept. */
const typed: readonly { readonly args: readonly string[]; readonly lines: number }[] = [
  { args: ['validate'], lines: 20 },
  { args: ['plan'], lines: 46 },
]

const simulator = await startSimulator({ estate: expandEstate(estate) })
try {
  const sessions: Session[] = []
  for (const { args, lines } of typed) {
    const { stdout, stderr } = await call(simulator, {
      args,
      files: { [topologyFile]: topology },
      env: { FORCE_COLOR: '1', COLUMNS: String(columns) },
    })
    if (stderr !== '') throw new Error(stderr)
    sessions.push({
      command: `npx azure-monitor-private-link ${args.join(' ')}`,
      output: stdout,
      lines,
    })
  }
  const folder = resolve(import.meta.dirname, '../docs/images')
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/terminal-plan.svg`, drawTerminal(sessions, columns))
} finally {
  await simulator.close()
}
