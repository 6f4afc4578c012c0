import type { InputOption } from './options.ts'

/** One command of the command line. */
export interface Offered {
  /** One sentence for the list of commands. */
  readonly summary: string
  /** What it does, in a few lines, for its own help. */
  readonly about: string
  /** What is named without an option. */
  readonly operands: string
  readonly inputs: readonly InputOption[]
  readonly examples: readonly string[]
}

const looking = [
  'topology-file',
  'cloud',
  'client-id',
  'tenant-id',
  'max-deletes',
  'max-replacements',
  'wait-timeout-minutes',
  'max-concurrency',
] as const

/** The commands of the command line. All of them only read. */
export const offered = {
  validate: {
    summary: 'Check a topology file by itself. Azure is not asked.',
    about:
      'Checks the syntax of the file, its keys, names, references, duplicates and waivers, and reports every problem with its line and column. Azure is not asked, and no sign-in is needed.',
    operands: '[file…]',
    inputs: ['topology-file'],
    examples: ['validate', 'validate topologies/*.yml', 'validate --json my.yml'],
  },
  plan: {
    summary: 'Show what would change in Azure.',
    about:
      'Compares the file with Azure and shows what an apply would change, in which order and why. Only reads: the role Reader is enough.',
    operands: '[file…]',
    inputs: looking,
    examples: ['plan', 'plan my.yml --detailed-exitcode', 'plan --json my.yml'],
  },
  drift: {
    summary: 'Show where Azure is no longer as the file says.',
    about:
      'Compares the file with Azure and shows what differs. Exits with 1 when something does, unless --fail-on-drift false is given. Only reads: the role Reader is enough.',
    operands: '[file…]',
    inputs: [...looking, 'fail-on-drift'],
    examples: ['drift', 'drift --fail-on-drift false my.yml', 'drift --json --detailed-exitcode'],
  },
} as const satisfies Readonly<Record<string, Offered>>

export type OfferedCommand = keyof typeof offered

export const offeredCommands = Object.keys(offered) as readonly OfferedCommand[]

export function isOffered(word: string): word is OfferedCommand {
  return Object.hasOwn(offered, word)
}
