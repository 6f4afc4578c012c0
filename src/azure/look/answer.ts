import { type Question, questionKey } from '../../estate/question.ts'
import type { Reading } from '../../estate/estate.ts'
import { idKey, nameOf, parseResourceId } from '../../resources/id.ts'
import type { Topology } from '../../topology/topology.ts'
import { answerFromLists } from './answerFromLists.ts'
import { answerUses } from './answerUses.ts'
import type { Arm } from '../arm.ts'
import { readAssociation } from './association.ts'
import { listRuleAssociations, listTargetAssociations, readEndpoint } from './endpoint.ts'
import { select } from '../../estate/select.ts'
import { mapReading, type OpenEstate, storeAssociation } from './openEstate.ts'
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
