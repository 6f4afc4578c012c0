import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { largeEstate } from './estate.ts'
import {
  chosenRuntime,
  hold,
  measure,
  median,
  option,
  printSurroundings,
  printTable,
  startWarm,
} from './measure.ts'

/**
 * The peak memory of a plan: the process's peak resident set (`VmHWM`, Linux only), including Node
 * itself.
 *
 * `--targets 10000`, `--runs 3`, `--node PATH`, `--entry PATH`.
 */
async function main(): Promise<void> {
  printSurroundings()
  const runs = Number(option('runs') ?? 3)
  const targets = Number(option('targets') ?? 10_000)
  const rows: (string | number)[][] = []
  for (const { name, named, unassociated } of [
    { name: 'named, unchanged', named: true, unassociated: 0 },
    { name: 'by a select, unchanged', named: false, unassociated: 0 },
    { name: 'named, none associated', named: true, unassociated: targets },
  ]) {
    const { estate, topology } = largeEstate({ targets, named, unassociated })
    const simulator = await startWarm(estate, {})
    try {
      const peaks: number[] = []
      for (let run = 0; run < runs; run++) {
        await measure(simulator, {
          command: 'plan',
          topologies: [topology],
          expected: unassociated > 0 ? 'changes' : 'no-changes',
          env: { NODE_OPTIONS: `--import=${probe}`, PEAK_FILE: peakFile },
          runtime: chosenRuntime(),
        })
        peaks.push(Number(readFileSync(peakFile, 'utf8')) / 1024)
      }
      const most = Math.max(...peaks)
      rows.push([
        `${targets.toLocaleString('en')} targets, ${name}`,
        `${median(peaks).toFixed(0)} MB`,
        `${most.toFixed(0)} MB`,
        hold(name, Math.round(most), 300),
      ])
    } finally {
      await simulator.close()
      rmSync(peakFile, { force: true })
    }
  }
  printTable(['case', 'median', 'highest', 'most'], rows)
}

const peakFile = join(tmpdir(), `ampl-peak-${process.pid}`)

/** Loaded before the bundle: writes the peak, in KiB, when the process ends. */
const probe = `data:text/javascript,${encodeURIComponent(
  [
    "import { readFileSync, writeFileSync } from 'node:fs'",
    "process.on('exit', () => writeFileSync(process.env.PEAK_FILE,",
    "/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]))",
  ].join('\n'),
)}`

await main()
