import type { Command } from '../report.ts'
import type { InputOption } from './options.ts'

/** The arguments that decide which input a positional one sets. */
export interface CommandLine {
  readonly operands: readonly string[]
  readonly inputs: ReadonlyMap<string, string>
}

/** One command of the command line. */
export interface Offered {
  /** One sentence, for the list of commands. */
  readonly summary: string
  /** A few lines, for the command's own help. */
  readonly about: string
  /** The positional arguments. */
  readonly operands: string
  readonly inputs: readonly InputOption[]
  /** The input that a positional argument sets; by default topology-file. */
  readonly inputOf?: (word: string, line: CommandLine) => InputOption
  readonly examples: readonly string[]
}

/**
 * The positional argument that `import` takes as its scope: one that looks like a resource id, or else the first, so
 * that the error is about what the user typed. Not set when --scope is.
 */
function scopeOf({ operands, inputs }: CommandLine): string | undefined {
  const id = operands.find((word) => /^\/?subscriptions\//i.test(word))
  return id ?? (inputs.has('scope') ? undefined : operands[0])
}

const planInputs = [
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

/** The commands of the command line: all that only read. A test enforces that every such command of `commands/` has a row. */
export const offered = {
  validate: {
    summary: 'Check a topology file without Azure.',
    about:
      'Checks the syntax of the file, its keys, names, references, duplicates and waivers, and reports every problem with its line and column. Needs no sign-in.',
    operands: '[file…]',
    inputs: ['topology-file'],
    examples: ['validate', 'validate topologies/*.yml', 'validate --json my.yml'],
  },
  plan: {
    summary: 'Show what would change in Azure.',
    about:
      'Compares the file with Azure and shows what an apply would change, in which order and why. Read-only: the role Reader is enough.',
    operands: '[file…]',
    inputs: planInputs,
    examples: ['plan', 'plan my.yml --detailed-exitcode', 'plan --json my.yml'],
  },
  drift: {
    summary: 'Show where Azure differs from the file.',
    about:
      'Compares the file with Azure and shows the differences. Exits with 1 if there are any, unless --fail-on-drift false is given. Read-only: the role Reader is enough.',
    operands: '[file…]',
    inputs: [...planInputs, 'fail-on-drift'],
    examples: ['drift', 'drift --fail-on-drift false my.yml', 'drift --json --detailed-exitcode'],
  },
  import: {
    summary: 'Write a topology file for an existing private link scope.',
    about:
      'Walks from a private link scope to its endpoints, workspaces, machines and clusters, writes a commented topology file that describes them, and shows the plan of that file. An estate that follows the rules gives an empty plan. The file must not exist yet. Read-only: nothing in Azure is changed.',
    operands: '<scope id> [file]',
    inputOf: (word, line) => (word === scopeOf(line) ? 'scope' : 'topology-file'),
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
    summary: 'Show whether telemetry arrives, and whether it arrives privately.',
    about:
      'Queries every workspace for the newest records of each target and shows which targets arrive, which are silent and since when, and whether the records came privately. Exits with 1 when a target is silent, unless --fail-on-silent false is given. Read-only: needs Log Analytics Reader on the Log Analytics workspaces, and Monitoring Data Reader on the Azure Monitor workspaces.',
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
    summary: 'Check from inside the network that names resolve privately and can be reached.',
    about:
      'Resolves every name that the targets need from this machine, connects to it on port 443, verifies the certificate, and reports each problem with its cause and what to do. With --egress-json, the file of an earlier run, it needs neither a topology file nor rights in Azure. Exits with 1 when a name that must be private is not; on a machine outside the network the result is unknown.',
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
      'Follows one target link by link: in the file, exists, agent and identity, association, endpoint in its region, linked, private endpoint approved, zones and network, rules, destinations linked, telemetry. Each link is ok, broken or unknown; the first broken one is marked, with what to do. A target that is not in the file is followed as far as Azure shows it. Read-only: the role Reader is enough; with Log Analytics Reader and Monitoring Data Reader it also checks telemetry.',
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
