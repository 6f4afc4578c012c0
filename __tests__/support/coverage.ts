import { readFileSync } from 'node:fs'
import path from 'node:path'
import { blockingCodes, networkCodes, warningCodes } from '../../src/diagnostics.ts'
import { rules } from '../../src/rules/ruleIds.ts'
import type { Scenario } from './scenario.ts'

/** A statement of the contract, the article or the notes on estates that a test must cover. */
export interface Requirement {
  /** Id in a scenario's `covers`. */
  readonly id: string
  readonly what: string
  /** Name of the test in `dist.test.ts` that covers it, instead of a scenario. */
  readonly test?: string
}

export interface Chapter {
  readonly title: string
  readonly requirements: readonly Requirement[]
}

/** Headings of the article without a scenario, and why. */
export const headingsLeftOut: Readonly<Record<string, string>> = {
  'Verify data ingestion': 'the command `verify` has a specification of its own, later',
  'Next steps': 'links to other articles',
}

/** Headings of the article (Microsoft Learn, named in contract.md), in its order. */
export const articleHeadings = [
  'Prerequisites',
  'Conceptual overview',
  'Data collection endpoints (DCEs)',
  'Configure Azure Monitor workspace',
  'Workspace DCE',
  'Cluster DCE',
  'VM DCE',
  'Associate vm or cluster with DCE',
  'Add DCEs to AMPLS',
  'Configure Log Analytics workspace',
  'Add Log Analytics workspace to AMPLS',
  'Create DCEs for clusters in different regions',
  'Associate cluster with configuration DCE',
  'Ingestion from a private AKS cluster',
  'Private link ingestion for remote write',
] as const

/** All requirements, in the order of the contract. */
export const chapters: readonly Chapter[] = [
  {
    title: 'Derivation rules (contract, section 2)',
    requirements: rules.map((rule) => ({ id: `rule ${rule}`, what: `\`${rule}\`` })),
  },
  {
    title: 'Ownership (contract, section 2)',
    requirements: [
      { id: 'ownership endpoint', what: 'an endpoint is ours by its tag' },
      { id: 'ownership association', what: 'an association is ours by its description' },
      { id: 'ownership scoped resource', what: 'a link is ours by its name' },
      {
        id: 'ownership former',
        what: 'objects with a mark of `formerNames` are ours, and re-marked',
      },
      { id: 'ownership everything else', what: 'everything else of the scope is kept' },
    ],
  },
  {
    title: 'Blocking diagnostics (contract, section 5)',
    requirements: blockingCodes.map((code) => ({ id: `diagnostic ${code}`, what: `\`${code}\`` })),
  },
  {
    title: 'Warnings (contract, section 5)',
    requirements: warningCodes.map((code) => ({ id: `diagnostic ${code}`, what: `\`${code}\`` })),
  },
  {
    title: 'The network around the scope (contract, section 8)',
    requirements: [
      ...networkCodes.map((code) => ({ id: `diagnostic ${code}`, what: `\`${code}\`` })),
      ...networkCodes.map((code) => ({ id: `quiet ${code}`, what: `no \`${code}\`` })),
      ...[
        'zones that are linked only to the hub',
        'a zone group that never gained a zone',
        'a workspace that is not in the scope',
        'custom DNS servers',
        'a list of zones that was incomplete from the start',
      ].map((what, index) => ({ id: `network ${index + 1}`, what: `private link fails: ${what}` })),
    ],
  },
  {
    title: 'Fine print: derivation (contract, section 7)',
    requirements: [
      'an endpoint of ours that is still needed is kept as the file says',
      'an association is ours by its description or by its endpoint; strays of ours are deleted',
      'a link whose endpoint an outsider uses stays; endpoint-in-use blocks, and if waived the endpoint stays',
      'names: lower case, invalid characters, hashes, cutting',
      'an endpoint in another region is an error; a failed link is written again',
      'select: clusters too, tags, disagreement, Flexible scale sets',
      "a rule's missing endpoint; a workspace without defaultIngestionSettings",
      'static addresses block only a change of links',
    ].map((what, index) => ({ id: `derivation ${index + 1}`, what })),
  },
  {
    title: 'Fine print: order (contract, section 7)',
    requirements: [
      'Open is written first, PrivateOnly last, one of each is two writes; nothing follows a failed change to Open',
      'a blackout cannot be waived, not even for an unknown target',
      'a scope that is Provisioning is waited for, one that failed is not',
    ].map((what, index) => ({ id: `order ${index + 1}`, what })),
  },
  {
    title: 'Fine print: action (contract, section 7)',
    requirements: [
      {
        id: 'action 1a',
        what: "a blocked plan's comment does not count as a review",
        test: 'that adds a waiver does not benefit from it before the merge',
      },
      {
        id: 'action 1b',
        what: 'a push with nothing to change needs no comment',
        test: 'that came without a pull request has no review, and needs none when there is nothing to do',
      },
      {
        id: 'action 2',
        what: 'additional or different changes are not applied, fewer are',
        test: 'applies the rest when part of the plan is already done, and says so',
      },
      {
        id: 'action 3',
        what: 'an edit by another account invalidates the review',
        test: 'with a plan that another account edited has no review',
      },
      {
        id: 'action 4a',
        what: 'a plan whose comment cannot be written is still valid',
        test: 'whose comment cannot be written succeeds, with a warning',
      },
      {
        id: 'action 4b',
        what: 'an apply that needs the comment fails with github-error',
        test: 'that cannot read the comment fails with github-error and applies nothing',
      },
      {
        id: 'action 5a',
        what: "a fork's pull request is validated",
        test: 'from a fork is validated, says what was not checked, and does not contact Azure',
      },
      {
        id: 'action 5b',
        what: 'topology-file outside the workspace is invalid-input',
        test: 'outside the workspace is an invalid input',
      },
      {
        id: 'action 6',
        what: 'problems of the file itself are invalid-topology',
        test: 'with errors is annotated with all of them, each with line and column, and Azure is not contacted',
      },
    ],
  },
  {
    title: 'The article, heading by heading',
    requirements: articleHeadings.map((heading) => ({ id: `article ${heading}`, what: heading })),
  },
  {
    title: 'Traps of real estates (estates.md)',
    requirements: [
      { id: 'trap A1', what: 'names that were cut, region names with capitals' },
      { id: 'trap A3', what: 'an endpoint and a rule with the same name' },
      { id: 'trap A4', what: 'the region in a name is not the region' },
      { id: 'trap A5', what: 'scopes of an old API version have no modes' },
      { id: 'trap B6', what: 'two scopes with the same name' },
      { id: 'trap B7', what: 'the missing third link: the machines are not associated' },
      { id: 'trap B8', what: 'two writers of one association' },
      { id: 'trap B9', what: 'one resource in several scopes' },
      { id: 'trap B11', what: 'an exclusion for a connection that does not exist' },
      { id: 'trap B14a', what: 'the reserved name on an association that holds a rule' },
      { id: 'trap C22236', what: 'parallel writes to one scope are refused' },
      { id: 'trap C28176', what: 'a link is identified by the linked resource, not by its name' },
    ],
  },
]

export const readmeFile = path.resolve(import.meta.dirname, '../scenarios/README.md')

/** The page that lists which scenario covers which requirement; `UPDATE_GOLDENS=1` writes it. */
export function renderReadme(scenarios: readonly Scenario[]): string {
  const link = ({ name }: Scenario) => `[${name}](./${name}/)`
  const holders = ({ id, test }: Requirement) =>
    test === undefined
      ? scenarios.filter(({ spec }) => spec.covers.includes(id)).map(link)
      : [`\`dist.test.ts\`: ${test}`]
  const tables = chapters.map(({ title, requirements }) => {
    const rows = requirements.map((one) => `| ${one.what} | ${holders(one).join('<br>')} |`)
    return `## ${title}\n\n| requirement | tested by |\n|---|---|\n${rows.join('\n')}\n`
  })
  const leftOut = Object.entries(headingsLeftOut).map(([heading, why]) => `- ${heading}: ${why}`)
  const all = scenarios.map((one) => `| ${link(one)} | ${one.spec.about} |`)
  return `${intro}\n${tables.join('\n')}\nHeadings of the article without a scenario:\n\n${leftOut.join('\n')}\n
## All ${scenarios.length} scenarios\n\n| scenario | situation |\n|---|---|\n${all.join('\n')}\n`
}

const intro = `# Scenarios

Each folder is one scenario. Input: \`topology.yml\` is the topology file, \`azure.json\` the estate (\`simulator/estate.ts\`), and
\`scenario.json\` its special settings (\`__tests__/support/scenario.ts\`). Expected output: \`plan.md\` is the comment on the
pull request, \`requests.txt\` the writes of the apply, \`azure.after.json\` the managed objects afterwards, and
\`plan.json\` and \`egress.json\` those outputs, if the folder has them. Ids are shortened: \`/resourceGroups/…\` is in the
subscription of the file. Writes that don't depend on one another are in no particular order.

Every scenario runs the built bundle with real sign-in against the simulated Azure and GitHub. Each run also checks these invariants: the
plan writes nothing · order, paging and case of Azure's answers make no difference · no target loses a capability at any write (contract, section
4) · an association is written after its endpoint's link · ingestion becomes PrivateOnly only when every capability holds · only objects of ours are
deleted, and no others change · the scope is written one at a time · a second plan is empty, although Resource Graph still shows the initial state.

This page is generated and tested: \`npm test -- --update __tests__/scenarios.test.ts\` writes it. Read the diff of a golden before you accept it.
`

/** The text of `dist.test.ts`, with the names of its tests. */
export function readDistTests(): string {
  return readFileSync(path.resolve(import.meta.dirname, '../dist.test.ts'), 'utf8')
}
