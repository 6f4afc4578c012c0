import { type Question, questionKey } from '../../estate/question.ts'
import type { Reading } from '../../estate/estate.ts'
import { compareText, idKey, nameOf, parseResourceId } from '../../resources/id.ts'
import type { Topology } from '../../topology/topology.ts'
import { answerFromLists } from './answerFromLists.ts'
import type { Arm } from '../arm.ts'
import { query } from './resourceGraph.ts'
import { idText } from '../azureJson.ts'
import { readAssociation } from './association.ts'
import {
  listEndpointAssociations,
  listRuleAssociations,
  listRules,
  listTargetAssociations,
  readEndpoint,
} from './endpoint.ts'
import { select } from '../../estate/select.ts'
import { type OpenEstate, storeAssociation } from './openEstate.ts'
import {
  isConfigurationAssociation,
  parseAssociation,
  parseEndpoint,
  parseLogWorkspace,
  parseMonitorWorkspace,
  parseRule,
  parseTarget,
} from './parseResource.ts'
import { keepOmitted } from './leftOut.ts'
import { sendingRulesQuery } from './queries.ts'
import { readRaw, readResource } from '../sdk.ts'

/** API versions for types without SDK operations: stable ones with all properties that we read. */
const apiVersions: Readonly<Record<string, string>> = {
  'microsoft.compute/virtualmachines': '2023-03-01',
  'microsoft.compute/virtualmachinescalesets': '2023-03-01',
  'microsoft.hybridcompute/machines': '2022-12-27',
  'microsoft.containerservice/managedclusters': '2023-10-01',
  'microsoft.kubernetes/connectedclusters': '2021-10-01',
  'microsoft.monitor/accounts': '2023-04-03',
  'microsoft.operationalinsights/workspaces': '2022-10-01',
}

/**
 * Reads the answers to a plan's questions from the resource providers into the estate, where they
 * override Resource Graph.
 */
export async function answer(
  arm: Arm,
  topology: Pick<Topology, 'selects'>,
  estate: OpenEstate,
  questions: readonly Question[],
): Promise<void> {
  await answerFromLists(arm, estate, questions)
  const left = questions.filter((question) => !estate.confirmed.has(questionKey(question)))
  const uses = left.filter((question) => question.what === 'uses')
  await Promise.all([
    ...left
      .filter((question) => question.what !== 'uses')
      .map((question) => answerOne(arm, estate, question)),
    uses.length > 0 ? answerUses(arm, estate, uses) : Promise.resolve(),
  ])
  for (const question of questions) estate.confirmed.add(questionKey(question))
  if (questions.some(({ what, withTarget }) => what === 'target' || withTarget === true))
    estate.selected = select(topology, estate)
}

async function answerOne(arm: Arm, estate: OpenEstate, question: Question): Promise<void> {
  const key = idKey(question.id)
  switch (question.what) {
    case 'target': {
      const known = estate.targets.get(key)
      const reading = mapReading(await readById(arm, question.id), (raw) => parseTarget(raw))
      estate.targets.set(key, keepOmitted(reading, known))
      return
    }
    case 'monitorWorkspace':
      estate.monitorWorkspaces.set(
        key,
        mapReading(await readById(arm, question.id), parseMonitorWorkspace),
      )
      return
    case 'logWorkspace':
      estate.logWorkspaces.set(key, mapReading(await readById(arm, question.id), parseLogWorkspace))
      return
    case 'endpoint':
      estate.endpoints.set(key, mapReading(await readEndpoint(arm, question.id), parseEndpoint))
      return
    case 'rule':
      estate.rules.set(key, mapReading(await readRule(arm, question.id), parseRule))
      return
    case 'association':
      await answerAssociation(arm, estate, question)
      return
    case 'ruleAssociations':
      await answerRuleAssociations(arm, estate, question.id)
      return
    case 'ruleUses':
      await answerRuleUses(arm, estate, question.id)
      return
    case 'uses':
      return
  }
}

function mapReading<T>(reading: Reading<unknown>, parse: (raw: unknown) => T): Reading<T> {
  return reading.state === 'found' ? { state: 'found', value: parse(reading.value) } : reading
}

/** Reads a resource for which the SDK has no operation. */
async function readById(arm: Arm, id: string): Promise<Reading<unknown>> {
  const apiVersion = apiVersions[parseResourceId(id)?.type ?? '']
  if (apiVersion === undefined) throw new Error(`no api-version is known for ${id}`)
  const what = `read ${nameOf(id)}`
  const request = { method: 'GET', path: id, apiVersion, accept: [403, 404], what } as const
  return readResource(await arm.send(request), what)
}

async function readRule(arm: Arm, id: string): Promise<Reading<unknown>> {
  const rule = parseResourceId(id)
  if (rule === undefined) return { state: 'missing' }
  return await readRaw(`read the data collection rule ${rule.name}`, (options) =>
    arm.monitor(rule.subscription).dataCollectionRules.get(rule.resourceGroup, rule.name, options),
  )
}

async function answerAssociation(
  arm: Arm,
  estate: OpenEstate,
  { id: target, withTarget }: Question,
): Promise<void> {
  const key = idKey(target)
  const reading = await readAssociation(arm, target)
  if (reading.state === 'unreadable') estate.targets.set(key, reading)
  estate.associations.delete(key)
  if (reading.state === 'found') storeAssociation(estate, reading.value)
  if (reading.state !== 'missing' || withTarget !== true) return
  // A target without an association may be gone: read it now, not in another round.
  const question = { what: 'target', id: target } as const
  if (estate.confirmed.has(questionKey(question))) return
  await answerOne(arm, estate, question)
  estate.confirmed.add(questionKey(question))
}

async function answerRuleAssociations(arm: Arm, estate: OpenEstate, target: string): Promise<void> {
  const key = idKey(target)
  const reading = await listTargetAssociations(arm, target)
  if (reading.state === 'unreadable') estate.targets.set(key, reading)
  // A target without a list of associations may be gone, which Resource Graph may not show yet.
  if (reading.state === 'missing') await answerOne(arm, estate, { what: 'target', id: target })
  if (reading.state !== 'found') return
  estate.ruleAssociations.delete(key)
  estate.associations.delete(key)
  for (const raw of reading.value) storeAssociation(estate, raw)
  estate.confirmed.add(questionKey({ what: 'association', id: target }))
}

/**
 * Reads the rule's own list of associations, which adds those that Resource Graph omitted. A rule
 * whose list cannot be read counts as unreadable.
 */
async function answerRuleUses(arm: Arm, estate: OpenEstate, rule: string): Promise<void> {
  const reading = await listRuleAssociations(arm, rule)
  if (reading.state === 'unreadable') estate.rules.set(idKey(rule), reading)
  // Its entries are in lower case (recordings, quirk 1), which does not matter for keys.
  for (const raw of reading.state === 'found' ? reading.value : []) {
    const association = parseAssociation(raw)
    if (association === undefined || isConfigurationAssociation(association)) continue
    storeAssociation(estate, raw)
  }
}

/**
 * Reads the users of these endpoints: their own lists of associations, and the rules that send
 * through them.
 */
async function answerUses(
  arm: Arm,
  estate: OpenEstate,
  questions: readonly Question[],
): Promise<void> {
  const ids = questions.map((question) => question.id)
  const [{ rules, hidden }] = await Promise.all([
    findSendingRules(arm, ids),
    Promise.all(
      ids.map(async (id) => {
        const reading = await listEndpointAssociations(arm, id)
        const associations = (reading.state === 'found' ? reading.value : [])
          .map(parseAssociation)
          .filter((a) => a !== undefined)
          .filter(isConfigurationAssociation)
        // The endpoint's own list is exact, so it corrects Resource Graph's data on those
        // resources.
        for (const association of associations) {
          const asked = questionKey({ what: 'association', id: association.target })
          if (!estate.confirmed.has(asked)) {
            estate.associations.set(idKey(association.target), association)
          }
        }
        const endpoint = mapReading(await readEndpoint(arm, id), parseEndpoint)
        estate.endpoints.set(idKey(id), endpoint)
        estate.confirmed.add(questionKey({ what: 'endpoint', id }))
        const unreadable = reading.state === 'unreadable' ? { unreadable: reading.why } : {}
        estate.uses.set(idKey(id), { associations, rules: [], ...unreadable })
      }),
    ),
  ])
  for (const id of ids) {
    const key = idKey(id)
    const uses = estate.uses.get(key) ?? { associations: [], rules: [] }
    const why = hidden.get(parseResourceId(id)?.subscription ?? '')
    estate.uses.set(key, {
      ...uses,
      rules: (rules.get(key) ?? []).toSorted(compareText),
      ...(why === undefined ? {} : { rulesUnreadable: why }),
    })
  }
}

const idsPerQuery = 200

/** The rules that send through endpoints, as far as they can be read. */
interface Senders {
  /** Ids of rules by the key of the endpoint they send through. */
  readonly rules: ReadonlyMap<string, readonly string[]>
  /** Why a subscription's rules cannot be listed, by subscription. */
  readonly hidden: ReadonlyMap<string, string>
}

/**
 * Finds rules that send through endpoints: everywhere with Resource Graph, and exactly in the
 * endpoints' own subscriptions.
 */
async function findSendingRules(arm: Arm, endpointIds: readonly string[]): Promise<Senders> {
  const wanted = new Set(endpointIds.map(idKey))
  const keys = [...wanted].toSorted(compareText)
  const chunks = Array.from({ length: Math.ceil(keys.length / idsPerQuery) }, (_, i) =>
    keys.slice(i * idsPerQuery, (i + 1) * idsPerQuery),
  )
  const subscriptions = [
    ...new Set(endpointIds.map((id) => parseResourceId(id)?.subscription ?? '')),
  ]
  const [found, listed] = await Promise.all([
    Promise.all(
      chunks.map((chunk) =>
        query(arm, sendingRulesQuery(chunk), {
          what: 'find rules that send through an endpoint with Resource Graph',
        }),
      ),
    ),
    Promise.all(subscriptions.map(async (s) => [s, await listRules(arm, s)] as const)),
  ])
  const rules = new Map<string, string[]>()
  const take = (ruleId: string | undefined, endpointId: string | undefined): void => {
    const key = endpointId === undefined ? '' : idKey(endpointId)
    if (ruleId === undefined || !wanted.has(key)) return
    const known = rules.get(key) ?? []
    if (!known.some((id) => idKey(id) === idKey(ruleId))) rules.set(key, [...known, ruleId])
  }
  const hidden = new Map<string, string>()
  for (const [subscription, reading] of listed) {
    if (reading.state === 'unreadable') hidden.set(subscription, reading.why)
  }
  for (const raw of listed.flatMap(([, r]) => (r.state === 'found' ? r.value : []))) {
    take(idText(raw, 'id'), idText(raw, 'properties', 'dataCollectionEndpointId'))
  }
  for (const row of found.flat()) take(idText(row, 'id'), idText(row, 'dataCollectionEndpointId'))
  return { rules, hidden }
}
