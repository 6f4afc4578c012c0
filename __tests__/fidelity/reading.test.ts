import { expect, it, test } from '@jest/globals'
import { answer } from '../../src/azure/look/answer.ts'
import type { Arm } from '../../src/azure/arm.ts'
import { readAssociation, resourceUri } from '../../src/azure/look/association.ts'
import {
  endpointParts,
  listEndpointAssociations,
  listTargetAssociations,
} from '../../src/azure/look/endpoint.ts'
import type { OpenEstate } from '../../src/azure/look/openEstate.ts'
import { parseAssociation, parseLink, parseScope } from '../../src/azure/look/parseResource.ts'
import { listAll, listLinks, readScope, scopeApiVersion } from '../../src/azure/look/scope.ts'
import { type RawOptions, runRaw } from '../../src/azure/sdk.ts'
import type { Question } from '../../src/estate/question.ts'
import type { Reading } from '../../src/estate/estate.ts'
import { idKey, nameOf } from '../../src/resources/id.ts'
import { fakeArm } from '../azure/connection/support.ts'
import { at, fieldsOf, lossesOf } from './fields.ts'
import { addressOf, describeWith, type Interaction, readRecordings, typeOf } from './shared.ts'

/**
 * Feeds the recorded answers to the product's own code: pipeline, SDK and parsers.
 * `parsing.test.ts` tests only the parsers.
 */

interface Case {
  readonly where: string
  readonly type: string
  /** The recorded URL without its query and doubled slashes. */
  readonly path: string
  readonly interaction: Interaction
}

const all: readonly Case[] = readRecordings().flatMap(({ file, interactions }) =>
  interactions.map((interaction, index) => {
    const address = addressOf(interaction)
    const path = (address.split('?')[0] ?? '').replace(/^\/+/, '/').replace(/\/+$/, '')
    return { where: `${file} #${index + 1}`, type: typeOf(address), path, interaction }
  }),
)

function replay({ interaction: { response } }: Case): Arm {
  const { status, body } = response
  return fakeArm(() => ({
    status,
    headers: body === null ? {} : { 'content-type': 'application/json; charset=utf-8' },
    body: body ?? undefined,
  })).arm
}

const shelves = {
  endpoint: 'endpoints',
  rule: 'rules',
  target: 'targets',
  monitorWorkspace: 'monitorWorkspaces',
  logWorkspace: 'logWorkspaces',
} as const

/** The product's question for a resource, by type. */
const asked: Readonly<Record<string, keyof typeof shelves>> = {
  'microsoft.insights/datacollectionendpoints': 'endpoint',
  'microsoft.insights/datacollectionrules': 'rule',
  'microsoft.monitor/accounts': 'monitorWorkspace',
  'microsoft.operationalinsights/workspaces': 'logWorkspace',
  'microsoft.compute/virtualmachines': 'target',
  'microsoft.compute/virtualmachinescalesets': 'target',
  'microsoft.hybridcompute/machines': 'target',
  'microsoft.containerservice/managedclusters': 'target',
  'microsoft.kubernetes/connectedclusters': 'target',
}

/** A resource in the estate after its question was answered. */
async function askFor(arm: Arm, what: keyof typeof shelves, id: string): Promise<unknown> {
  const estate = {
    ...{ targets: new Map(), endpoints: new Map(), rules: new Map(), associations: new Map() },
    ...{ monitorWorkspaces: new Map(), logWorkspaces: new Map(), ruleAssociations: new Map() },
    ...{ uses: new Map(), confirmed: new Set(), selected: [] },
  } as unknown as OpenEstate
  const question: Question = { what, id }
  await answer(arm, { selects: [] }, estate, [question])
  return estate[shelves[what]].get(idKey(id))
}

/** How the product reads a resource by id; `undefined` if it never does. */
async function readIt({ type, path }: Case, arm: Arm): Promise<unknown> {
  const what = asked[type]
  if (what !== undefined) return await askFor(arm, what, path)
  if (type === 'microsoft.insights/privatelinkscopes')
    return mapFound(await readScope(arm, path, nameOf(path)), parseScope)
  if (type === 'microsoft.insights/privatelinkscopes/scopedresources') {
    const raw = await arm.send({ ...get(path), accept: [404] })
    return raw.status === 404
      ? { state: 'missing' }
      : { state: 'found', value: parseLink(raw.body) }
  }
  if (type === 'microsoft.insights/datacollectionruleassociations')
    return mapFound(await readAssociation(arm, targetOf(path)), parseAssociation)
  return undefined
}

function get(path: string) {
  return { method: 'GET', path, apiVersion: scopeApiVersion, what: 'read it' } as const
}

function targetOf(path: string): string {
  return path.replace(/\/providers\/microsoft\.insights\/datacollectionruleassociations.*$/i, '')
}

function mapFound(reading: Reading<unknown>, parse: (raw: unknown) => unknown): unknown {
  return reading.state === 'found' ? { state: 'found', value: parse(reading.value) } : reading
}

const isList = ({ path }: Case) =>
  path.slice(path.toLowerCase().lastIndexOf('/providers/') + 11).split('/').length % 2 === 0

const reads = all.filter(({ interaction: { request, response }, type }) => {
  const isRead = type in asked || /privatelinkscopes(\/scopedresources)?$|associations$/.test(type)
  return request.method === 'GET' && isRead && (response.status < 300 || response.status === 404)
})

describeWith('traffic')('a recorded answer to a read, read by the product', () => {
  const single = reads.filter((one) => !isList(one))

  it('exists for every type', () => {
    expect(single.length).toBeGreaterThan(80)
    const types = new Set(single.map(({ type }) => type))
    expect(Object.keys(asked).filter((type) => !types.has(type))).toEqual([])
  })

  test.each(single.map((one) => [one.where, one] as const))(
    'gives every field that the product uses: %s',
    async (_, one) => {
      const { status, body } = one.interaction.response
      const reading = await readIt(one, replay(one))
      expect(at(reading, 'state')).toBe(status === 404 ? 'missing' : 'found')
      if (status !== 404)
        expect(lossesOf(body, at(reading, 'value'), fieldsOf(one.type))).toEqual([])
    },
  )

  test.each(reads.filter(isList).map((one) => [one.where, one] as const))(
    'gives every entry of a list: %s',
    async (_, one) => {
      const arm = replay(one)
      const entries = at(one.interaction.response.body, 'value') as readonly unknown[]
      const { type, path } = one
      const read = async (): Promise<unknown> => {
        if (type === 'microsoft.insights/privatelinkscopes/scopedresources')
          return await listLinks(arm, { text: path.replace(/\/[^/]+$/, ''), name: '' })
        if (type === 'microsoft.insights/datacollectionruleassociations')
          return at(await listTargetAssociations(arm, targetOf(path)), 'value')
        if (type.endsWith('/associations'))
          return at(await listEndpointAssociations(arm, path.replace(/\/[^/]+$/, '')), 'value')
        return await listAll(arm, path, '2022-06-01', { what: 'list them' })
      }
      const found = await read()
      const parsed = type.endsWith('/scopedresources') ? entries.map(parseLink) : entries
      expect(new Set(found as readonly unknown[])).toEqual(new Set(parsed))
    },
  )
})

describeWith('traffic')('a recorded answer to a write, taken by the SDK', () => {
  const writes = all.filter(
    ({ type, interaction: { request, response } }) =>
      ['PUT', 'DELETE'].includes(request.method) &&
      /datacollection(endpoints|ruleassociations)$/.test(type) &&
      response.status < 300,
  )

  it('is there', () => {
    expect(writes.length).toBeGreaterThan(20)
  })

  test.each(writes.map((one) => [`${one.interaction.request.method} ${one.where}`, one] as const))(
    'is the raw answer, whatever its models make of it: %s',
    async (_, one) => {
      const { status, body } = one.interaction.response
      const raw = await runRaw('write it', [], operationOf(one))
      expect([raw.status, raw.body ?? null]).toEqual([status, body])
    },
  )
})

/** The SDK's operation that writes this type. */
function operationOf(one: Case): (options: RawOptions) => Promise<unknown> {
  const { type, path, interaction } = one
  const isPut = interaction.request.method === 'PUT'
  const client = replay(one).monitor('00000000-0000-0000-0000-000000000000')
  if (type.endsWith('ruleassociations')) {
    const { dataCollectionRuleAssociations: operations } = client
    const [uri, name] = [resourceUri(targetOf(path)), nameOf(path)]
    return (options) =>
      isPut
        ? operations.create(uri, name, { ...options, body: { description: 'any' } })
        : operations.delete(uri, name, options)
  }
  const { group, name } = endpointParts(path)
  const { dataCollectionEndpoints: operations } = client
  return (options) =>
    isPut
      ? operations.create(group, name, { ...options, body: { location: 'westeurope' } })
      : operations.delete(group, name, options)
}
