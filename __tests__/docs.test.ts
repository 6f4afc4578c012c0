import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals'
import { failureReasons } from '../src/errors.ts'
import { byCode, byMessage } from '../src/azure/errors/remedies.ts'
import { inShort, type RuleId, rules } from '../src/rules/ruleIds.ts'
import { estate } from '../simulator/demo/estate.ts'
import { applyJob, merge, planJob, repository } from '../simulator/demo/repository.ts'
import { countRequests } from '../simulator/demo/requests.ts'
import { type Estate, expandEstate } from '../simulator/estate.ts'
import { runJob } from '../simulator/job/job.ts'
import { type RecordedRequest, type Simulator, startSimulator } from '../simulator/simulator.ts'

const root = path.join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

/** Checks the documents by running the built action. */
describe('docs/rules.md', () => {
  const sections = sectionsOf(read('docs/rules.md'), '## ')

  it('has a section for every rule, in the order of its table', () => {
    const ids = [...sections.keys()].filter((title) => title !== 'Names and ownership')
    expect(ids.toSorted()).toEqual([...rules].toSorted())
    const listed = [...read('docs/rules.md').matchAll(/^\| \[([a-z-]+)\]\(#\S+ \| (.+) \|$/gm)]
    expect(listed.map(([, id]) => id)).toEqual(ids)
    // The comment says the same when one points at a rule's name.
    expect(listed.map(([, id, words]) => [id, words])).toEqual(
      ids.map((id) => [id, inShort[id as RuleId]]),
    )
  })

  describe('has examples', () => {
    let simulator: Simulator

    beforeAll(async () => {
      simulator = await startSimulator({ estate: expandEstate(exampleEstate) })
    })
    afterAll(() => simulator.close())

    test.each(rules)('%s: the comment has the lines that the page shows', async (rule) => {
      const section = sections.get(rule) ?? ''
      const said = bulletsOf(section).filter((line) => line.endsWith(']'))
      expect(said.some((line) => line.endsWith(`[${rule}]`))).toBe(true)
      const files = { [topologyFile]: yamlOf(section) }
      // An example lists a few of the machines; the others would be neighbours that go dark.
      const inputs = { 'check-network': 'false' }
      const job = await runJob(simulator, { event: 'workflow_dispatch', inputs, files })
      expect([job.exitCode, job.outputs['result']]).toEqual([0, 'changes'])
      expect(bulletsOf(job.file('plan-markdown'))).toEqual(expect.arrayContaining(said))
    })
  })
})

describe('the demo', () => {
  let simulator: Simulator
  let planned: readonly RecordedRequest[]
  let comment: string
  let written: ReadonlySet<string>

  beforeAll(async () => {
    simulator = await startSimulator({ estate: expandEstate(estate), github: repository })
    await runJob(simulator, planJob)
    planned = [...simulator.azure.requests]
    comment = simulator.github?.comments[0]?.body ?? ''
    merge(simulator)
    const applied = await runJob(simulator, applyJob)
    const branch = simulator.github?.state.files['main']
    if (branch) branch[topologyFile] = withoutTargets
    const emptied = await runJob(simulator, {
      event: 'workflow_dispatch',
      inputs: { command: 'apply', 'max-deletes': '99' },
      files: { [topologyFile]: withoutTargets },
    })
    expect([applied.outputs['result'], emptied.outputs['result']]).toEqual(['applied', 'applied'])
    written = new Set(
      simulator.azure.requests.flatMap(({ method, path }) =>
        method === 'GET' ? [] : actionOf(method, path),
      ),
    )
  })
  afterAll(() => simulator.close())

  it('produces the comment in docs/comment.md', () => {
    const said = part('comment', 'docs/comment.md')
      .split('\n')
      .map((line) => plainLine(line.replace(/^> ?/, '')))
      .filter((line) => line !== '')
    const lines = comment.split('\n').map(plainLine)
    const missing = said.filter((line) => !lines.includes(line))
    if (missing.length === 0) return
    throw new Error(
      `docs/comment.md shows lines that the demo's comment does not have (any more):\n${missing.join('\n')}\nCopy them anew from: npm run demo -- --markdown`,
    )
  })

  it('makes as many requests as docs/figures.md says', () => {
    const { reads, queries, writes } = {
      reads: countRequests(planned, 'reads'),
      queries: countRequests(planned, 'queries'),
      writes: countRequests(planned, 'writes'),
    }
    expect(part('figures', 'docs/figures.md').trim().split('\n').at(-1)).toBe(
      `| plan, 13 changes | ${reads} | ${queries} | ${writes} |`,
    )
  })

  it('writes only with the actions of the role in docs/permissions.md', () => {
    const json = /```json\n([\s\S]*?)```/.exec(read('docs/permissions.md'))?.[1] ?? ''
    const role = JSON.parse(json) as { readonly Actions: readonly string[] }
    // Azure itself requires these: on linked resources, and for status URLs.
    const asked = role.Actions.filter((a) => /scopedPrivateLinkProxies|OperationStatuses/.test(a))
    expect(asked).toHaveLength(7)
    const ours = role.Actions.filter((action) => !asked.includes(action))
    expect(ours.map((action) => action.toLowerCase()).toSorted()).toEqual([...written].toSorted())
  })
})

describe('docs/permissions.md', () => {
  it('lists exactly the actions that a plan reads with', async () => {
    const simulator = await startSimulator({ estate: expandEstate(estate) })
    const files = { [topologyFile]: everyType }
    const job = await runJob(simulator, { event: 'workflow_dispatch', files })
    const { requests } = simulator.azure
    await simulator.close()
    expect([job.exitCode, job.outputs['result']]).toEqual([0, 'changes'])
    const read = new Set(requests.filter(({ host }) => host === 'arm').flatMap(readWith))
    expect([...read].toSorted()).toEqual(listedReads().toSorted())
  })
})

describe('docs/troubleshooting.md', () => {
  const page = read('docs/troubleshooting.md')
  const source = sourceText()
  const headings = [...sectionsOf(page, '### ').keys()]

  it('has headings', () => {
    expect(headings.length).toBeGreaterThan(30)
    expect(new Set(headings).size).toBe(headings.length)
  })

  test.each(headings)('%s: is a message of the action or Azure', (heading) => {
    const missing = heading
      .split('…')
      .map((piece) => piece.trim())
      .filter((piece) => piece !== '' && !isSaid(piece, source))
    expect(missing).toEqual([])
  })

  test.each(failureReasons)('explains %s', (reason) => {
    expect(page).toContain(`\`${reason}\``)
  })
})

const topologyFile = '.github/azure-monitor-private-link.yml'

/** A file with targets of every type, and a select in an empty subscription. */
const everyType = `version: 1
name: production
subscription: ${estate.subscription}
privateLinkScope: rg-monitor/ampls-hub
azureMonitorWorkspaces: { metrics: rg-monitor/amw-weu }
logAnalyticsWorkspaces: { logs: rg-monitor/law-weu }
clusters:
  - { resource: rg-aks/aks-weu, metrics: metrics }
  - select:
      types: [Microsoft.ContainerService/managedClusters, Microsoft.Kubernetes/connectedClusters]
machines:
  - select:
      types: [Microsoft.Compute/virtualMachines, Microsoft.Compute/virtualMachineScaleSets, Microsoft.HybridCompute/machines]
  - select: { subscriptions: [99999999-9999-9999-9999-999999999999] }
dataCollectionEndpoints: { resourceGroup: rg-monitor }
`

/** The demo's topology without targets, and with the scope open again. */
const withoutTargets = `version: 1
name: production
subscription: ${estate.subscription}
privateLinkScope: rg-monitor/ampls-hub
accessModes: { ingestion: Open }
logAnalyticsWorkspaces: { logs: rg-monitor/law-weu }
dataCollectionEndpoints: { resourceGroup: rg-monitor }
`

/** The estate of docs/rules.md: the demo's, with additions for two of its examples. */
const exampleEstate: Estate = {
  ...estate,
  machines: {
    ...estate.machines,
    'rg-app/vm-03': { location: 'northeurope', rules: ['rg-monitor/dcr-vm-logs'] },
    'rg-app/vm-04': { location: 'westeurope', rules: ['rg-app/dcr-firewall'] },
  },
  endpoints: {
    ...estate.endpoints,
    'rg-app/dce-logs': 'westeurope',
    'rg-shared/dce-neu': 'northeurope',
  },
  rules: {
    ...estate.rules,
    'rg-app/dcr-firewall': {
      location: 'westeurope',
      endpoint: 'rg-app/dce-logs',
      streams: ['Microsoft-WindowsFirewall'],
      logs: ['rg-monitor/law-weu'],
    },
  },
}

function sectionsOf(page: string, mark: string): ReadonlyMap<string, string> {
  const parts = page.split(new RegExp(`^${mark}`, 'm')).slice(1)
  return new Map(
    parts.map((text) => [text.slice(0, text.indexOf('\n')).trim(), text.slice(text.indexOf('\n'))]),
  )
}

function yamlOf(section: string): string {
  return /```yaml\n([\s\S]*?)```/.exec(section)?.[1] ?? ''
}

function bulletsOf(markdown: string): readonly string[] {
  return markdown.split('\n').flatMap((line) => (line.startsWith('- ') ? [plainLine(line)] : []))
}

/** A line of Markdown without the URLs of its links; a link in brackets keeps them. */
function plainLine(line: string): string {
  return (
    line
      .replace(/\[(config-[a-z]+|[a-z]+-[a-z]+)\]\(rules\.md#\1\)/g, '[$1]')
      .replace(/\[([^[\]]*)\]\([^()]*\)/g, '$1')
      // The last editor depends on this estate, not on the rule.
      .replace(/ Last changed by .*$/, '')
      .trimEnd()
  )
}

/** The text between two markers of a page. */
function part(name: string, page: string): string {
  const readme = read(page)
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`]
  const from = readme.indexOf(begin)
  expect(from).toBeGreaterThan(0)
  return readme.slice(from + begin.length, readme.indexOf(end))
}

/**
 * The action of Azure's access control that a request needs, in lower case since ids and actions have none:
 * types of the last provider, then the verb.
 */
function actionOf(method: string, path: string): readonly string[] {
  const verb = { GET: 'read', PUT: 'write', PATCH: 'write', DELETE: 'delete' }[method]
  const provider = path.toLowerCase().split('/providers/').at(-1) ?? ''
  if (verb === undefined || !provider.startsWith('microsoft.')) return []
  const [namespace = '', ...segments] = provider.split('/')
  const types = segments.filter((_, i) => i % 2 === 0)
  return [[namespace, ...types, verb].join('/')]
}

/** The actions that a read needs: for the resource, or for the types that a query names. */
function readWith({ method, path, requestBody }: RecordedRequest): readonly string[] {
  if (/^\/subscriptions\/[^/]+$/.test(path)) return ['microsoft.resources/subscriptions/read']
  if (method === 'GET') return actionOf('GET', path)
  const query = JSON.stringify(requestBody).toLowerCase()
  return [...query.matchAll(/'(microsoft\.[a-z.]+\/[a-z/]+)'/g)].map((match) => `${match[1]}/read`)
}

/** The first column of the table of read actions, in full and in lower case. */
function listedReads(): readonly string[] {
  const section = sectionsOf(read('docs/permissions.md'), '## ').get('Plan: Reader') ?? ''
  const cells = [...section.matchAll(/^\| (`.*?) \|/gm)].map((match) => match[1] ?? '')
  return cells.flatMap((cell) => {
    const [first = '', ...more] = [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')
    const type = first.replace(/\/read$/, '')
    return [first, ...more.map((action) => action.replace('…', type))].map((a) => a.toLowerCase())
  })
}

function sourceText(): string {
  const folder = path.join(root, 'src')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    .join('\n')
}

/** Our messages are in src/; Azure's messages and codes are those that src/ has a remedy for. */
function isSaid(piece: string, source: string): boolean {
  return (
    source.includes(piece) ||
    byMessage.some(({ when }) => when.test(piece)) ||
    Object.hasOwn(byCode, piece.toLowerCase())
  )
}
