import type { Command } from '../report.ts'
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
  /** The input that a word without an option gives; without this the topology file. */
  readonly inputOf?: (word: string) => InputOption
  readonly examples: readonly string[]
}

const looking = [
  'topology-file',
  'cloud',
  'client-id',
  'tenant-id',
  'max-deletes',
  'max-replacements',
  'check-network',
  'wait-timeout-minutes',
  'max-concurrency',
] as const

/** The commands of the command line, all that only read; a test holds that each that joins the table of `commands/` has a row. */
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
  import: {
    summary: 'Write a topology file from what a private link scope holds today.',
    about:
      'Walks from a private link scope to its endpoints, workspaces, machines and clusters, writes a commented topology file that says what is there, and shows the plan of that file. An estate that follows the rules gives an empty plan. The file must not exist yet; nothing in Azure is changed.',
    operands: '<scope id> [file]',
    inputOf: (word) => (/^\/?subscriptions\//i.test(word) ? 'scope' : 'topology-file'),
    inputs: [
      'scope',
      'topology-file',
      'name',
      'cloud',
      'client-id',
      'tenant-id',
      'wait-timeout-minutes',
      'max-concurrency',
    ],
    examples: [
      'import --scope /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Insights/privateLinkScopes/<name>',
      'import --scope <id> --name production my.yml',
    ],
  },
  verify: {
    summary: 'Show whether telemetry arrives, and which way.',
    about:
      'Asks every workspace for the newest records of each target and shows what is received, what is silent and since when, and whether it came privately. Exits with 1 when something is silent, unless --fail-on-silent false is given. Only reads: Log Analytics Reader on the Log Analytics workspaces, and Monitoring Data Reader on the Azure Monitor workspaces.',
    operands: '[file…]',
    inputs: [
      'topology-file',
      'verify-window-minutes',
      'verify-wait-minutes',
      'fail-on-silent',
      'cloud',
      'client-id',
      'tenant-id',
      'wait-timeout-minutes',
      'max-concurrency',
    ],
    examples: ['verify', 'verify --verify-wait-minutes 10 my.yml', 'verify --json'],
  },
  'check-network': {
    summary: 'Check from inside the network that names are private and can be reached.',
    about:
      'Resolves every name that the targets need from this machine, connects to it on port 443, verifies the certificate, and reports the cause of what is wrong, and what to do. With --egress-json, the file of an earlier run, neither a topology file nor rights in Azure are needed. Exits with 1 when a name that must be private is not; a machine that is not in the network gives no verdict.',
    operands: '[file…]',
    inputs: [
      'topology-file',
      'dns-server',
      'egress-json',
      'cloud',
      'client-id',
      'tenant-id',
      'wait-timeout-minutes',
      'max-concurrency',
    ],
    examples: [
      'check-network',
      'check-network --dns-server 10.0.0.4 my.yml',
      'check-network --egress-json egress.json --json',
    ],
  },
  explain: {
    summary: 'Show the chain of one machine or cluster, and where it breaks.',
    about:
      'Follows one target link by link: in the file, exists, agent and identity, association, endpoint in its region, linked, private endpoint approved, zones and network, rules, destinations linked, telemetry. Each link holds, is broken or is unknown; the first broken one is marked, with what to do. A target that is not in the file is followed as far as Azure shows it. Only reads: the role Reader is enough, and with Log Analytics Reader and Monitoring Data Reader telemetry is asked for too.',
    operands: '<target>',
    inputOf: () => 'target',
    inputs: [
      'target',
      'topology-file',
      'verify-window-minutes',
      'cloud',
      'client-id',
      'tenant-id',
      'check-network',
      'wait-timeout-minutes',
      'max-concurrency',
    ],
    examples: [
      'explain vm-01',
      'explain rg-app/vm-01 --topology-file my.yml',
      'explain /subscriptions/<id>/resourceGroups/<group>/providers/<type>/<name> --json',
    ],
  },
} as const satisfies Readonly<Partial<Record<'validate' | Exclude<Command, 'apply'>, Offered>>>

export type OfferedCommand = keyof typeof offered

export const offeredCommands = Object.keys(offered) as readonly OfferedCommand[]

export function isOffered(word: string): word is OfferedCommand {
  return Object.hasOwn(offered, word)
}
