import { inputDefaults } from '../job/inputReader.ts'

/** One option of the command line. */
export interface Option {
  readonly name: string
  readonly short?: string
  /** The name of its value in the help; absent for a switch. */
  readonly value?: string
  /** One sentence. */
  readonly help: string
  /** Takes `true` or `false`; without a value it means `true`. */
  readonly isBoolean?: boolean
  /** May be given several times. */
  readonly isList?: boolean
}

/** Options that every command takes. */
export const commonOptions: readonly Option[] = [
  { name: 'help', short: 'h', help: 'Show this help.' },
  { name: 'version', help: 'Show the version.' },
]

/** Options for the output format. */
export const outputOptions: readonly Option[] = [
  { name: 'json', help: 'Print one JSON document and nothing else on standard output.' },
  { name: 'markdown', help: 'Print the report as Markdown, as in the step summary.' },
  {
    name: 'detailed-exitcode',
    help: 'Exit with 0 when there is nothing to do, 2 on changes or findings, 1 on failure.',
  },
]

/** Inputs of the action that are options here, with the same meaning (contract section 12). */
export const inputOptions = {
  'topology-file': {
    value: 'file',
    isList: true,
    help: `The topology file, or a glob that matches several. Default: ${inputDefaults['topology-file']}.`,
  },
  cloud: {
    value: 'name',
    help: 'AzureCloud (default), AzureUSGovernment, AzureChinaCloud, or the https:// URL of a Resource Manager.',
  },
  'client-id': {
    value: 'id',
    help: 'Sign in as this client with the OIDC token of a GitHub Actions job.',
  },
  'tenant-id': { value: 'id', help: 'The tenant of client-id. Give both or neither.' },
  scope: { value: 'id', help: 'Resource id of the private link scope to import.' },
  name: {
    value: 'name',
    help: 'Name of the topology. Default: from the marks or the name of the scope.',
  },
  target: {
    value: 'target',
    help: 'The machine or cluster to explain: a resource id, <resource group>/<name>, or a unique name.',
  },
  'max-deletes': {
    value: 'number',
    help: `Block a plan with more deletes than this. Default: ${inputDefaults['max-deletes']}.`,
  },
  'max-replacements': {
    value: 'number',
    help: `Block a plan that moves more associations than this from another endpoint. Default: ${inputDefaults['max-replacements']}.`,
  },
  'fail-on-drift': {
    value: 'true|false',
    isBoolean: true,
    help: 'Exit with 1 on drift. Default: true.',
  },
  'check-network': {
    value: 'true|false',
    isBoolean: true,
    help: 'Also check the network around the scope: private DNS zones, virtual networks. Default: true.',
  },
  'verify-window-minutes': {
    value: 'minutes',
    help: `Maximum age of a record that counts as received. Default: ${inputDefaults['verify-window-minutes']}.`,
  },
  'verify-wait-minutes': {
    value: 'minutes',
    help: `How long to keep querying silent targets. Default: ${inputDefaults['verify-wait-minutes']}.`,
  },
  'fail-on-silent': {
    value: 'true|false',
    isBoolean: true,
    help: 'Exit with 1 when a target is silent. Default: true.',
  },
  'dns-server': {
    value: 'address[:port]',
    help: 'Query this DNS server. Default: the resolver of this machine.',
  },
  'egress-json': {
    value: 'file',
    isList: true,
    help: 'The host names of an earlier run (output egress-fqdns), instead of a topology file and Azure.',
  },
  'wait-timeout-minutes': {
    value: 'minutes',
    help: `Maximum wait for a scope that is being changed. Default: ${inputDefaults['wait-timeout-minutes']}.`,
  },
  'max-concurrency': {
    value: 'number',
    help: `Maximum concurrent reads; only values above 32 have an effect. Default: ${inputDefaults['max-concurrency']}.`,
  },
} as const satisfies Readonly<Record<string, Omit<Option, 'name'>>>

export type InputOption = keyof typeof inputOptions

/** Inputs that have no meaning without GitHub, and why. */
export const withoutMeaning: Readonly<Record<string, string>> = {
  'github-token': 'GitHub is not used',
  comment: 'there is no pull request to comment on',
  'require-reviewed-plan': 'nothing is applied',
}

/** The options of a command, in the order of its help. */
export function optionsOf(inputs: readonly InputOption[]): readonly Option[] {
  return [
    ...inputs.map((name): Option => ({ name, ...inputOptions[name] })),
    ...outputOptions,
    ...commonOptions,
  ]
}
