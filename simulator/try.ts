import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { parseTopology } from '../src/topology/parseTopology.ts'
import type { Topology } from '../src/topology/topology.ts'
import { follow } from './try/follow.ts'
import { readEstateFile } from './try/estateFile.ts'
import { estateOf } from './try/estateOf.ts'
import { type Estate, expandEstate } from './estate.ts'
import { startSimulator } from './simulator.ts'

const usage = `Try a topology file without an account: Azure is simulated on this machine.

  npm run try -- my.yml [estate.json] [--keep]

my.yml        a topology file
estate.json   what exists in Azure, in short form (docs/try.md); without it, everything that the file
              names exists in westeurope
--keep        keep the simulator running, and print the lines to use it from another shell`

/** A wrong usage, reported to the user; any other error is a bug of ours. */
class Wrong extends Error {}

/** Plans the user's file against a simulated Azure, applies it, and plans again. */
async function main(): Promise<void> {
  const { values, positionals } = readArguments()
  if (values.help === true) {
    say(usage)
    return
  }
  const [file, estateFile, ...others] = positionals
  if (file === undefined) throw new Wrong('Name a topology file.')
  if (others.length > 0)
    throw new Wrong(
      `${others.join(' ')} is too much: only a topology file and an estate are accepted.`,
    )
  const text = read(file, 'topology file')
  const topology = parse(text, file)
  const estate = estateFile === undefined ? estateOf(topology) : readEstate(estateFile)
  if (estateFile === undefined) {
    say(
      `No estate was given, so everything that ${file} names exists in westeurope, and nothing is linked yet.`,
    )
  }
  const simulator = await startSimulator({
    estate: expandEstate(estate),
    knobs: { readMs: 5, writeMs: 20, scopedWriteMs: 100 },
  })
  try {
    await follow(simulator, { file, text, estateFile, keep: values.keep === true })
  } finally {
    await simulator.close()
  }
}

function readArguments(): {
  readonly values: { readonly keep?: boolean; readonly help?: boolean }
  readonly positionals: readonly string[]
} {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { keep: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    })
  } catch (error) {
    throw new Wrong(error instanceof Error ? error.message : String(error))
  }
}

function read(file: string, what: string): string {
  if (!existsSync(file)) throw new Wrong(`There is no ${what} ${file}.`)
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Wrong(
      `${file} could not be read: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function parse(text: string, file: string): Topology {
  const { topology, diagnostics } = parseTopology(text, {
    file,
    today: new Date().toISOString().slice(0, 10),
  })
  if (topology !== undefined) return topology
  const places = diagnostics.map(
    (d) => `  ${d.file ?? file}:${d.line ?? 1}:${d.column ?? 1}: ${d.message} ${d.remedy}`,
  )
  throw new Wrong(
    [
      `${file} has ${diagnostics.length} problem${diagnostics.length === 1 ? '' : 's'}:`,
      ...places,
    ].join('\n'),
  )
}

function readEstate(file: string): Estate {
  const found = readEstateFile(read(file, 'estate'))
  if ('estate' in found) return found.estate
  throw new Wrong(
    [
      `${path.basename(file)} is not a valid estate:`,
      ...found.problems.slice(0, 20).map((problem) => `  ${problem}`),
      'docs/try.md describes the format; examples/estates has two examples.',
    ].join('\n'),
  )
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

await main().catch((error: unknown) => {
  if (!(error instanceof Wrong)) throw error
  process.stderr.write(`${error.message}\n\nFor the usage: npm run try -- --help\n`)
  process.exitCode = 1
})
