import { inputDefaults } from '../job/inputReader.ts'

/** One option of the command line. */
export interface Option {
  readonly name: string
  readonly short?: string
  /** How its value is called in the help; absent for a switch. */
  readonly value?: string
  /** One sentence. */
  readonly help: string
  /** `true` and `false` are its values; standing alone it means `true`. */
  readonly isBoolean?: boolean
  /** May be given several times. */
  readonly isList?: boolean
}

/** Options that every command takes. */
export const commonOptions: readonly Option[] = [
  { name: 'help', short: 'h', help: 'Show this help.' },
  { name: 'version', help: 'Show the version.' },
]

/** How the result is printed. */
export const outputOptions: readonly Option[] = [
  { name: 'json', help: 'Print one JSON document, and nothing else, on standard output.' },
  { name: 'markdown', help: 'Print the report as Markdown, as the step summary has it.' },
  {
    name: 'detailed-exitcode',
    help: 'Exit with 0 when there is nothing to do, 2 when there are changes or findings, 1 when it failed.',
  },
]

/** Inputs of the action that are options here; what they mean is the same (contract section 12). */
export const inputOptions = {
  'topology-file': {
    value: 'file',
    isList: true,
    help: `The topology file, or a glob of several; the same as naming it without an option. Default: ${inputDefaults['topology-file']}.`,
  },
  cloud: {
    value: 'name',
    help: 'AzureCloud (default), AzureUSGovernment, AzureChinaCloud, or the https:// URL of a Resource Manager.',
  },
  'client-id': {
    value: 'id',
    help: 'Sign in with the OIDC token of a job of GitHub Actions, as this client.',
  },
  'tenant-id': { value: 'id', help: 'The tenant of client-id; both or neither.' },
  scope: { value: 'id', help: 'Resource id of the private link scope that the import begins at.' },
  name: {
    value: 'name',
    help: 'What the topology is called. Default: from the marks or the name of the scope.',
  },
  target: {
    value: 'target',
    help: 'The machine or cluster to explain: a resource id, <resource group>/<name>, or a name that only one has.',
  },
  'max-deletes': {
    value: 'number',
    help: `A plan with more deletes is blocked. Default: ${inputDefaults['max-deletes']}.`,
  },
  'max-replacements': {
    value: 'number',
    help: `A plan that takes more associations from another endpoint is blocked. Default: ${inputDefaults['max-replacements']}.`,
  },
  'fail-on-drift': {
    value: 'true|false',
    isBoolean: true,
    help: 'Whether drift exits with 1. Default: true.',
  },
  'check-network': {
    value: 'true|false',
    isBoolean: true,
    help: 'Whether the network around the scope is looked at: private DNS zones, virtual networks. Default: true.',
  },
  'verify-window-minutes': {
    value: 'minutes',
    help: `How old a record may be to count as received. Default: ${inputDefaults['verify-window-minutes']}.`,
  },
  'verify-wait-minutes': {
    value: 'minutes',
    help: `How long to ask again for what is silent. Default: ${inputDefaults['verify-wait-minutes']}.`,
  },
  'fail-on-silent': {
    value: 'true|false',
    isBoolean: true,
    help: 'Whether a silent target exits with 1. Default: true.',
  },
  'dns-server': {
    value: 'address[:port]',
    help: 'Ask this DNS server. Default: names are resolved as programs on this machine do.',
  },
  'egress-json': {
    value: 'file',
    isList: true,
    help: 'The host names of an earlier run (output egress-fqdns), in place of a topology file and Azure.',
  },
  'wait-timeout-minutes': {
    value: 'minutes',
    help: `Longest wait for a scope that is being changed. Default: ${inputDefaults['wait-timeout-minutes']}.`,
  },
  'max-concurrency': {
    value: 'number',
    help: `Only a number over 32 matters here: so many reads at a time. Default: ${inputDefaults['max-concurrency']}.`,
  },
} as const satisfies Readonly<Record<string, Omit<Option, 'name'>>>

export type InputOption = keyof typeof inputOptions

/** Inputs that mean nothing without GitHub, with why. */
export const withoutMeaning: Readonly<Record<string, string>> = {
  'github-token': 'GitHub is not needed in a terminal, and not asked',
  comment: 'there is no pull request in a terminal to comment on',
  'require-reviewed-plan': 'nothing is applied from a terminal',
}

/** The options that a command takes, in the order of its help. */
export function optionsOf(inputs: readonly InputOption[]): readonly Option[] {
  return [
    ...inputs.map((name): Option => ({ name, ...inputOptions[name] })),
    ...outputOptions,
    ...commonOptions,
  ]
}
