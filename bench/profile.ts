import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { largeEstate } from './estate.ts'
import {
  chosenRuntime,
  measure,
  option,
  printSurroundings,
  printTable,
  startWarm,
} from './measure.ts'

/**
 * Where the processor time of a plan goes, by V8's sampling profiler in the built action itself: functions by
 * the time spent in them, and by the time until they return. Names are those of the
 * source, which the bundle keeps; `(program)` is V8 and Node outside of JavaScript, mostly TLS and loading.
 *
 * `--targets 10000`, `--unassociated 0`, `--top 15`; `--node PATH`, `--entry PATH`.
 */
async function main(): Promise<void> {
  printSurroundings()
  const targets = Number(option('targets') ?? 10_000)
  const unassociated = Number(option('unassociated') ?? 0)
  const top = Number(option('top') ?? 15)
  const { estate, topology } = largeEstate({ targets, unassociated })
  const simulator = await startWarm(estate, {})
  try {
    const { seconds } = await measure(simulator, {
      command: 'plan',
      topologies: [topology],
      expected: unassociated > 0 ? 'changes' : 'no-changes',
      env: { NODE_OPTIONS: `--import=${probe}`, PROFILE_FILE: profileFile },
      runtime: chosenRuntime(),
    })
    const profile = JSON.parse(readFileSync(profileFile, 'utf8')) as Profile
    console.log(`Plan of ${targets.toLocaleString('en')} targets: ${seconds.toFixed(1)} s.\n`)
    const { own, whole, busy } = addUp(profile)
    printTable(['in the function itself', 'ms', 'of busy time'], rows(own, busy, top))
    console.log('')
    printTable(['until it returns', 'ms', 'of busy time'], rows(whole, busy, 2 * top))
  } finally {
    await simulator.close()
    rmSync(profileFile, { force: true })
  }
}

/** The result of the inspector's `Profiler.stop`; times in microseconds. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string }
    readonly children?: readonly number[]
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

type Times = ReadonlyMap<string, number>

/** Microseconds by function name; idle time doesn't count as busy. */
function addUp(profile: Profile): { own: Times; whole: Times; busy: number } {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const spent = new Map<number, number>()
  profile.samples.forEach((id, index) => {
    spent.set(id, (spent.get(id) ?? 0) + (profile.timeDeltas[index] ?? 0))
  })
  const own = new Map<string, number>()
  const whole = new Map<string, number>()
  const walk = (id: number, above: ReadonlySet<string>): number => {
    const node = nodes.get(id)
    const name = node === undefined ? '' : nameOf(node.callFrame)
    let sum = spent.get(id) ?? 0
    own.set(name, (own.get(name) ?? 0) + sum)
    const here = new Set([...above, name])
    for (const child of node?.children ?? []) sum += walk(child, here)
    if (!above.has(name)) whole.set(name, (whole.get(name) ?? 0) + sum)
    return sum
  }
  const all = walk(profile.nodes[0]?.id ?? 0, new Set())
  const idle = own.get('(idle)') ?? 0
  for (const times of [own, whole]) for (const name of ['(idle)', '(root)']) times.delete(name)
  return { own, whole, busy: all - idle }
}

function nameOf({ functionName, url }: Profile['nodes'][number]['callFrame']): string {
  const where = url.startsWith('node:') ? ` (${url})` : ''
  return `${functionName || '(unnamed)'}${where}`
}

function rows(times: Times, busy: number, top: number): (readonly (string | number)[])[] {
  return [...times]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, top)
    .map(([name, time]) => [name, Math.round(time / 1000), `${((100 * time) / busy).toFixed(1)} %`])
}

const profileFile = join(tmpdir(), `ampl-profile-${process.pid}.json`)

/** Loaded before the bundle: starts sampling, and writes the profile when the process ends. */
const probe = `data:text/javascript,${encodeURIComponent(
  [
    "import { Session } from 'node:inspector'",
    "import { writeFileSync } from 'node:fs'",
    'const session = new Session()',
    'session.connect()',
    "session.post('Profiler.enable')",
    "session.post('Profiler.start')",
    "process.on('exit', () => session.post('Profiler.stop', (error, { profile }) =>",
    'writeFileSync(process.env.PROFILE_FILE, JSON.stringify(profile))))',
  ].join('\n'),
)}`

await main()
