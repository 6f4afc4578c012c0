import { isObject, objectAt, textAt } from '../../simulator/azure/json.ts'
import { parseSeedId } from '../../simulator/azure/path.ts'
import { type SeedResource, type Simulator, startSimulator } from '../../simulator/simulator.ts'
import { isAbsent } from './fields.ts'
import { differencesOf } from './shape.ts'
import { addressOf, type Interaction, type Recording, sentBody, typeOf } from './shared.ts'
import type { Talk } from './talk.ts'

/** The result of replaying one recorded request. */
export interface Replayed {
  readonly file: string
  /** Number of the interaction, from 1. */
  readonly step: number
  readonly method: string
  /** The type, followed by `[]` for a list. */
  readonly about: string
  readonly status: number
  /**
   * Differences from `differencesOf`, a status first; `undefined` if not sent, for the given
   * reason.
   */
  readonly differences: readonly string[] | undefined
  readonly reason: string | undefined
  /**
   * True if the resource was seeded from the recorded answer, so that only its envelope is
   * compared.
   */
  readonly echoed: boolean
}

/** Types that the simulator serves; `write` if it accepts PUT, PATCH and DELETE too. */
const served: Readonly<Record<string, 'read' | 'write'>> = {
  'microsoft.insights/datacollectionendpoints': 'write',
  'microsoft.insights/datacollectionendpoints/associations': 'read',
  'microsoft.insights/datacollectionrules': 'read',
  'microsoft.insights/datacollectionrules/associations': 'read',
  'microsoft.insights/datacollectionruleassociations': 'write',
  'microsoft.insights/privatelinkscopes': 'write',
  'microsoft.insights/privatelinkscopes/scopedresources': 'write',
  'microsoft.insights/privatelinkscopes/privateendpointconnections': 'read',
  'microsoft.insights/privatelinkscopes/privatelinkresources': 'read',
  'microsoft.insights/privatelinkscopeoperationstatuses': 'read',
  'microsoft.monitor/accounts': 'read',
  'microsoft.monitor/accounts/privateendpointconnections': 'read',
  'microsoft.operationalinsights/workspaces': 'read',
  'microsoft.network/privateendpoints': 'read',
  'microsoft.compute/virtualmachines': 'read',
  'microsoft.compute/virtualmachinescalesets': 'read',
  'microsoft.hybridcompute/machines': 'read',
  'microsoft.containerservice/managedclusters': 'read',
  'microsoft.kubernetes/connectedclusters': 'read',
  'microsoft.kubernetesconfiguration/extensions': 'read',
  'microsoft.resourcegraph/resources': 'read',
  resourcegroups: 'read',
}

/** The product reads a few fields of these, which come from seeds and not from the simulator. */
const targets = new Set([
  'microsoft.compute/virtualmachines',
  'microsoft.compute/virtualmachinescalesets',
  'microsoft.hybridcompute/machines',
  'microsoft.containerservice/managedclusters',
  'microsoft.kubernetes/connectedclusters',
  'microsoft.network/privateendpoints',
  'microsoft.insights/privatelinkscopes/privateendpointconnections',
])

const zero = '00000000-0000-0000-0000-000000000000'

/**
 * Sends the requests of a recording to a fresh simulator, in order. Resources of types that the
 * simulator only reads are seeded from the recorded request.
 */
export async function replay(
  recording: Recording,
  open: (simulator: Simulator) => Talk,
): Promise<readonly Replayed[]> {
  const steps = recording.interactions.map((interaction, index) => ({
    interaction,
    base: describe(recording, interaction, index + 1),
    reason: whyNot(interaction, recording),
  }))
  if (steps.every(({ reason }) => reason !== undefined))
    return steps.map(({ base, reason }) => ({ ...base, ...notSent, reason }))
  const all: Replayed[] = []
  const simulator = await startFor(recording)
  const talk = open(simulator)
  try {
    for (const [index, { interaction, base, reason }] of steps.entries()) {
      if (reason !== undefined) {
        follow(simulator, interaction)
        all.push({ ...base, ...notSent, reason })
        continue
      }
      const echoed = prepare(simulator, recording, index)
      const differences = await send(simulator, talk, interaction)
      all.push({ ...base, differences, reason, echoed })
    }
    return all
  } finally {
    talk.close()
    await simulator.close()
  }
}

const notSent = { differences: undefined, echoed: false } as const

function describe({ file }: Recording, interaction: Interaction, step: number) {
  const { method } = interaction.request
  const address = addressOf(interaction)
  const isList = isListAddress(address)
  return {
    file,
    step,
    method,
    about: `${typeOf(address)}${isList ? '[]' : ''}`,
    status: interaction.response.status,
  }
}

function isListAddress(address: string): boolean {
  const path = (address.split('?')[0] ?? '').replace(/\/+$/, '')
  const at = path.toLowerCase().lastIndexOf('/providers/')
  if (at < 0) return /\/resourcegroups$/i.test(path)
  return path.slice(at + '/providers/'.length).split('/').length % 2 === 0
}

/** Why a recorded request isn't replayed; `undefined` if it is. */
function whyNot(interaction: Interaction, recording: Recording): string | undefined {
  const { method } = interaction.request
  const { status } = interaction.response
  const address = addressOf(interaction)
  const type = typeOf(address)
  const kind = served[type]
  if (kind === undefined) return `not a type of the product: ${nameOf(type)}`
  if (status >= 500 || status === 429)
    return 'a temporary outage or throttling: simulated by `addFault` (README A7), throttling by C6'
  const isWrite = !['GET', 'HEAD', 'POST'].includes(method)
  if (isWrite && kind === 'read') return 'the product only reads this type: the replay seeds it'
  if (type.endsWith('privatelinkscopeoperationstatuses') && !madeHere(interaction, recording))
    return 'follows an operation that is not replayed'
  return undefined
}

function madeHere(interaction: Interaction, recording: Recording): boolean {
  const id = addressOf(interaction).split('?')[0]?.split('/').at(-1) ?? ''
  return recording.interactions.some(
    (other) =>
      served[typeOf(addressOf(other))] === 'write' &&
      JSON.stringify(other.response.headers['azure-asyncoperation'] ?? '').includes(id),
  )
}

/** The namespace of a type, or the whole type if the product uses types of the namespace. */
function nameOf(type: string): string {
  const [namespace = ''] = type.split('/')
  const isKnown = Object.keys(served).some((known) => known.startsWith(`${namespace}/`))
  return isKnown ? type : namespace
}

async function startFor(recording: Recording): Promise<Simulator> {
  const text = JSON.stringify(recording.interactions)
  const subscriptions = [...text.matchAll(/\/subscriptions\/([0-9a-f-]{36})/gi)].map(
    (match) => match[1] ?? '',
  )
  const listed = [...text.matchAll(/"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"/gi)].map(
    (match) => match[1] ?? '',
  )
  const isGraph = text.includes('Microsoft.ResourceGraph')
  return await startSimulator({
    estate: {
      subscriptions: [...new Set([zero, ...subscriptions, ...(isGraph ? listed : [])])],
      resources: [],
      resourceGroups: groupsOf(recording),
    },
    knobs: { pageSize: 1000, scopedWriteMs: 0 },
  })
}

/** Resource groups in requests, except those of a recorded "group not found". */
function groupsOf({ interactions }: Recording): readonly string[] {
  const groups = interactions
    .filter((one) => {
      const isOfGroup = typeOf(addressOf(one)) === 'resourcegroups'
      const { body, status } = one.response
      const isMissing = textAt(body, 'error', 'code') === 'ResourceGroupNotFound'
      return !isMissing && !(isOfGroup && status === 404)
    })
    .flatMap(
      (one) => /^\/+subscriptions\/[^/]+\/resourcegroups\/[^/?]+/i.exec(addressOf(one))?.[0] ?? [],
    )
    .map((id) => id.replace(/^\/+subscriptions/, '/subscriptions'))
  return [...new Set(groups)]
}

/**
 * Seeds what a request needs: the resource it reads, links or extends. True if that is the recorded
 * answer.
 */
function prepare(simulator: Simulator, recording: Recording, index: number): boolean {
  const interaction = recording.interactions[index]
  if (interaction === undefined) return false
  const { response, request } = interaction
  const address = addressOf(interaction)
  const path = (address.split('?')[0] ?? '').replace(/^\/+/, '/')
  const type = typeOf(address)
  if (type === 'microsoft.resourcegraph/resources') {
    putRows(simulator, interaction)
    return true
  }
  const { azure } = simulator
  azure.knobs.scopedWriteMs =
    textAt(response.body, 'properties', 'provisioningState') === 'Provisioning' ? Infinity : 0
  for (const id of linkedIds(sentBody(interaction))) {
    if (response.status === 412) remove(simulator, id)
    else putOnce(simulator, { id, location: 'westus' })
  }
  const holder = holderOf(path)
  if (holder !== undefined) putOnce(simulator, { id: holder, location: 'westus' })
  if (request.method !== 'GET') return false
  if (response.status === 404) {
    if (served[type] === 'read') remove(simulator, path)
    return false
  }
  if (/\/associations$/.test(type) || type === 'resourcegroups') return false
  let isEchoed = false
  const listed = objectAt({ body: response.body }, 'body')['value']
  if (Array.isArray(listed)) {
    for (const entry of listed.filter(isObject)) isEchoed = putAnswer(simulator, entry) || isEchoed
  } else if (served[type] === 'read' && isObject(response.body)) {
    isEchoed = putAnswer(simulator, response.body)
  }
  const { privateEndpointConnections: connections } = objectAt(response.body, 'properties')
  for (const entry of Array.isArray(connections) ? connections.filter(isObject) : [])
    putAnswer(simulator, entry)
  return isEchoed
}

/** The parent of an extension, or of a part of a scope or account. */
function holderOf(path: string): string | undefined {
  const extended = /^(.+)\/providers\/microsoft\.insights\/datacollectionruleassociations/i.exec(
    path,
  )
  if (extended?.[1] !== undefined) return extended[1]
  const other = /^(\/.+\/providers\/.+)\/providers\/[^/]+\/[^/]+\/[^/]+$/i.exec(path)
  if (other?.[1] !== undefined) return other[1]
  const listed = /^(.+\/dataCollection(?:Rules|Endpoints)\/[^/]+)\/associations$/i.exec(path)
  if (listed?.[1] !== undefined) return listed[1]
  return /^(.+\/(?:privateLinkScopes|accounts)\/[^/]+)\/[^/]+/i.exec(path)?.[1]
}

function linkedIds(body: unknown): readonly string[] {
  const names = ['linkedResourceId', 'dataCollectionEndpointId', 'dataCollectionRuleId']
  return names.flatMap((name) => {
    const id = textAt(body, 'properties', name)
    return id === undefined ? [] : [id]
  })
}

/** Ids in the simulator: nothing that a request created is overwritten. */
const known = new WeakMap<Simulator, Set<string>>()

function knownTo(simulator: Simulator): Set<string> {
  const found = known.get(simulator) ?? new Set()
  known.set(simulator, found)
  return found
}

function putOnce(simulator: Simulator, resource: SeedResource): boolean {
  if (knownTo(simulator).has(parseSeedId(resource.id).key)) return false
  put(simulator, resource)
  return true
}

function put(simulator: Simulator, resource: SeedResource): void {
  knownTo(simulator).add(parseSeedId(resource.id).key)
  simulator.azure.put(resource)
}

/**
 * Seeds a resource from the recorded answer, unless a recorded request created it. Targets are
 * always seeded. True if seeded.
 */
function putAnswer(simulator: Simulator, body: Readonly<Record<string, unknown>>): boolean {
  const id = textAt(body, 'id')
  if (id === undefined) return false
  const seed = seedOf(id, body)
  if (!targets.has(typeOf(id))) return putOnce(simulator, seed)
  put(simulator, seed)
  return true
}

function seedOf(id: string, body: Readonly<Record<string, unknown>>): SeedResource {
  const kept = ['location', 'tags', 'kind', 'identity', 'sku', 'plan', 'zones', 'extendedLocation']
  const fields = Object.fromEntries(
    kept.flatMap((name) => (isAbsent(body[name]) ? [] : [[name, body[name]]])),
  )
  return { id, ...fields, properties: objectAt(body, 'properties') }
}

/**
 * A page of recorded Resource Graph rows: the same number, of a type that is served, because the
 * recorded types are not.
 */
function putRows(simulator: Simulator, interaction: Interaction): void {
  const { data } = objectAt({ body: interaction.response.body }, 'body')
  const { subscriptions } = objectAt({ body: sentBody(interaction) }, 'body')
  const subscription = Array.isArray(subscriptions) ? String(subscriptions[0]) : zero
  const count = Array.isArray(data) ? data.length + 6 : 0
  for (let n = 0; n < count; n++) {
    put(simulator, {
      id: `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm${n}`,
      location: 'westus',
      tags: {},
    })
  }
}

/** Applies the effect of a request that isn't replayed. */
function follow(simulator: Simulator, interaction: Interaction): void {
  const { request, response } = interaction
  const address = addressOf(interaction)
  const path = (address.split('?')[0] ?? '').replace(/^\/+/, '/')
  const type = typeOf(address)
  if (served[type] !== 'read' || response.status >= 400 || type === 'resourcegroups') return
  if (request.method === 'DELETE') remove(simulator, path)
  const body = sentBody(interaction)
  if (request.method !== 'PUT' || !isObject(body) || targets.has(type)) return
  put(simulator, seedOf(path, body))
  if (type === 'microsoft.monitor/accounts') putAutomatic(simulator, path, body)
}

/**
 * What Azure creates with an Azure Monitor workspace: an endpoint and a rule in a managed group
 * (facts 1.7).
 */
function putAutomatic(
  simulator: Simulator,
  account: string,
  body: Readonly<Record<string, unknown>>,
): void {
  const { subscription, name } = parseSeedId(account)
  const location = textAt(body, 'location') ?? ''
  const group = `/subscriptions/${subscription}/resourceGroups/MA_${name}_${location}_managed`
  for (const type of ['dataCollectionEndpoints', 'dataCollectionRules']) {
    put(simulator, { id: `${group}/providers/Microsoft.Insights/${type}/${name}`, location })
  }
}

function remove(simulator: Simulator, id: string): void {
  knownTo(simulator).delete(parseSeedId(id).key)
  simulator.azure.remove(id)
}

async function send(
  simulator: Simulator,
  talk: Talk,
  interaction: Interaction,
): Promise<readonly string[]> {
  const { method } = interaction.request
  const { status, body } = interaction.response
  const reply = await talk.question(method, addressOf(interaction), bodyFor(interaction))
  await simulator.azure.finishWrites()
  const id = (addressOf(interaction).split('?')[0] ?? '').replace(/^\/+/, '/')
  if (method === 'PUT' && reply.status < 300) knownTo(simulator).add(parseSeedId(id).key)
  if (method === 'DELETE' && reply.status < 300) knownTo(simulator).delete(parseSeedId(id).key)
  return [
    ...(reply.status === status ? [] : [`status ${status}, here ${reply.status}`]),
    ...differencesOf(withoutRows(body) ?? null, withoutRows(reply.body) ?? null),
  ]
}

/** The rows of Resource Graph have other types here, so only the envelope is compared. */
function withoutRows(body: unknown): unknown {
  if (!isObject(body) || !Array.isArray(body['data'])) return body
  return { ...body, data: body['data'].length }
}

/**
 * The body as it was sent. A skip token is specific to the service, so it is replaced by the
 * simulator's.
 */
function bodyFor(interaction: Interaction): unknown {
  const body = sentBody(interaction)
  if (!isObject(body) || !isObject(body['options'])) return body
  const { $skipToken, ...options } = body['options']
  return $skipToken === undefined ? body : { ...body, options: { ...options, $top: 3, $skip: 5 } }
}
