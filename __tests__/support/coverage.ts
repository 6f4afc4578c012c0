import { readFileSync } from 'node:fs'
import path from 'node:path'
import { blockingCodes, networkCodes, warningCodes } from '../../src/diagnostics.ts'
import { rules } from '../../src/rules/ruleIds.ts'
import type { Scenario } from './scenario.ts'

/** A requirement of the contract, the article or the notes on estates, which a test must cover. */
export interface Requirement {
  /** Its id in a scenario's `covers`. */
  readonly id: string
  readonly what: string
  /** Covered by the test with this name in `dist.test.ts` instead of a scenario. */
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
        what: 'what carries a mark of `formerNames` is ours, and re-marked',
      },
      { id: 'ownership everything else', what: 'all else of the scope is kept' },
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
        'zones that are linked to the hub only',
        'a zone group that never gained a zone',
        'a workspace that is not in the scope',
        "DNS servers of one's own",
        'a list of zones that was incomplete from the start',
      ].map((what, index) => ({ id: `network ${index + 1}`, what: `private link fails: ${what}` })),
    ],
  },
  {
    title: 'Fine print: derivation (contract, section 7)',
    requirements: [
      'an endpoint of ours that is still called for is kept as the file says',
      'an association is ours by its description or by its endpoint; strays of ours are deleted',
      'a link whose endpoint an outsider uses stays; endpoint-in-use blocks, waived it is left out',
      'names: lower case, odd characters, hashes, cutting',
      'an endpoint in another region is an error; a failed link is written again',
      'select: clusters too, tags, disagreement, Flexible scale sets',
      "a rule's endpoint that is gone; a workspace without defaultIngestionSettings",
      'static addresses block only a change of links',
    ].map((what, index) => ({ id: `derivation ${index + 1}`, what })),
  },
  {
    title: 'Fine print: order (contract, section 7)',
    requirements: [
      'opening comes first, closing last, one of each is two writes; nothing follows a failed opening',
      'a blackout cannot be waived, not even of an unknown target',
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
        what: 'something new or different is not applied, fewer is',
        test: 'applies the rest when part of the plan is already done, and says so',
      },
      {
        id: 'action 3',
        what: 'an edit by another account makes the comment untrusted',
        test: 'with a plan that another account edited has no review',
      },
      {
        id: 'action 4a',
        what: 'a plan whose comment cannot be written succeeds',
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
        what: 'errors in the file itself are invalid-topology',
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
      { id: 'trap A3', what: 'an endpoint and a rule of one name' },
      { id: 'trap A4', what: 'the region in a name is not the region' },
      { id: 'trap A5', what: 'scopes of an old API version have no modes' },
      { id: 'trap B6', what: 'two scopes of one name' },
      { id: 'trap B7', what: 'the missing third link: nobody associated the machines' },
      { id: 'trap B8', what: 'two writers of one association' },
      { id: 'trap B9', what: 'one resource in several scopes' },
      { id: 'trap B11', what: 'an exclusion for a connection that does not exist' },
      { id: 'trap B14a', what: 'the reserved name on an association that holds a rule' },
      { id: 'trap C22236', what: 'parallel writes to one scope are refused' },
      { id: 'trap C28176', what: 'a link is known by what it links, not by its name' },
    ],
  },
]

export const readmeFile = path.resolve(import.meta.dirname, '../scenarios/README.md')

/** The page that lists which scenario covers what; `UPDATE_GOLDENS=1` writes it. */
export function renderReadme(scenarios: readonly Scenario[]): string {
  const link = ({ name }: Scenario) => `[${name}](./${name}/)`
  const holders = ({ id, test }: Requirement) =>
    test === undefined
      ? scenarios.filter(({ spec }) => spec.covers.includes(id)).map(link)
      : [`\`dist.test.ts\`: ${test}`]
  const tables = chapters.map(({ title, requirements }) => {
    const rows = requirements.map((one) => `| ${one.what} | ${holders(one).join('<br>')} |`)
    return `## ${title}\n\n| what | held by |\n|---|---|\n${rows.join('\n')}\n`
  })
  const leftOut = Object.entries(headingsLeftOut).map(([heading, why]) => `- ${heading}: ${why}`)
  const all = scenarios.map((one) => `| ${link(one)} | ${one.spec.about} |`)
  return `${intro}\n${tables.join('\n')}\nHeadings of the article without a scenario:\n\n${leftOut.join('\n')}\n
## All ${scenarios.length} scenarios\n\n| scenario | situation |\n|---|---|\n${all.join('\n')}\n`
}

const intro = `# Scenarios

A folder is a situation: \`topology.yml\` is what a person wrote, \`azure.json\` the estate it meets (\`simulator/estate.ts\`),
\`scenario.json\` what is special about it (\`__tests__/support/scenario.ts\`). The rest is expected: \`plan.md\` is the comment on the
pull request, \`requests.txt\` the writes of the apply, \`azure.after.json\` what is there afterwards of the kinds that the action manages,
\`plan.json\` and \`egress.json\` those outputs where a folder holds them. In all of them ids are short: \`/resourceGroups/…\` is in the
subscription of the file. Of writes that do not wait for one another the order is not told.

Every scenario is played with the built bundle and real sign-in against the simulated Azure and GitHub, and must also hold that the
plan wrote nothing · order, paging and case of Azure's answers change nothing · no target lost a capability at any write (contract, section
4) · an association came after its endpoint's link · ingestion was closed only when everything held · only ours was deleted, and of the
rest nothing changed · the scope was written one at a time · a second plan is empty, though Resource Graph still shows the state of the start.

This page is generated and checked: \`npm test -- --update __tests__/scenarios.test.ts\` writes it. Read the diff of a golden before you accept it.
`

/** Names of the tests in the text of `dist.test.ts`. */
export function readDistTests(): string {
  return readFileSync(path.resolve(import.meta.dirname, '../dist.test.ts'), 'utf8')
}
