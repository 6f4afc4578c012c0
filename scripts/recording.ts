import { mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { estate as demo, topology, topologyFile } from '../simulator/demo/estate.ts'
import { type Estate, expandEstate } from '../simulator/estate.ts'
import { call, type CallResult } from '../simulator/job/commandLine.ts'
import { startSimulator } from '../simulator/simulator.ts'
import { drawTerminal, type Session } from './recording/draw.ts'
import { estate, scope } from './recording/estate.ts'

/**
 * Records the built command line against simulated estates, as pictures for README and docs: `npm run recording`.
 */
const columns = 100

/** A command, and how many lines of its output are kept. */
interface Typed {
  readonly args: readonly string[]
  /** A shorter form to show. */
  readonly shown?: string
  readonly lines: number
}

const mine = 'production.yml'

await record('terminal-plan', demo, { [topologyFile]: topology }, [
  { args: ['validate'], lines: 20 },
  { args: ['plan'], lines: 46 },
])
const files = await record('terminal-import', estate, {}, [
  {
    args: ['import', scope, mine, '--name', 'production'],
    shown: `import …/ampls-hub ${mine}`,
    lines: 6,
  },
])
await record('terminal-explain', estate, files, [
  { args: ['plan', mine], lines: 8 },
  { args: ['explain', 'vm-02', '--topology-file', mine], lines: 40 },
])

/** Runs the commands in turn and draws their output. Returns the files that they created. */
async function record(
  name: string,
  azure: Estate,
  given: Readonly<Record<string, string>>,
  typed: readonly Typed[],
): Promise<Readonly<Record<string, string>>> {
  const simulator = await startSimulator({
    estate: expandEstate(azure),
    knobs: { queryEndpoints: 'self', caller: 'inside' },
  })
  const sessions: Session[] = []
  let made = given
  try {
    for (const { args, shown = args.join(' '), lines } of typed) {
      const result = await call(simulator, {
        args,
        files: made,
        keep: [mine],
        env: { FORCE_COLOR: '1', COLUMNS: String(columns) },
      })
      const command = `npx azure-monitor-private-link ${shown}`
      sessions.push({ command, output: outputOf(result), lines })
      for (const [file, text] of Object.entries(result.kept)) {
        if (made[file] !== text) sessions.push({ command: `cat ${file}`, output: text, lines: 40 })
      }
      made = { ...made, ...result.kept }
    }
  } finally {
    await simulator.close()
  }
  const folder = resolve(import.meta.dirname, '../docs/images')
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/${name}.svg`, drawTerminal(sessions, columns))
  return made
}

function outputOf({ stdout, stderr }: CallResult): string {
  if (stderr !== '') throw new Error(stderr)
  return stdout
}
