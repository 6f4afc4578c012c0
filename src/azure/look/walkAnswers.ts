import type { Absent } from '../../estate/estate.ts'
import { type Question, questionKey } from '../../estate/question.ts'
import { shelves } from '../../estate/reading.ts'
import { groupBy } from '../../resources/group.ts'
import { compareText, idKey, parseResourceId } from '../../resources/id.ts'
import type { Topology } from '../../topology/topology.ts'
import type { Arm } from '../arm.ts'
import { answer } from './answer.ts'
import { readSubscription, subscriptionsSeen } from './findSubscriptions.ts'
import { idsPerQuery } from './look.ts'
import { type OpenEstate, storeResource } from './openEstate.ts'
import { parseTarget } from './parseResource.ts'
import { queryEach } from './resourceGraph.ts'
import { resourceFromRow, targetFromRow } from './rows.ts'
import { resourcesByIdQuery, targetsByIdQuery } from './walkQueries.ts'

/**
 * The most resources that are read one by one if Resource Graph doesn't show them; the rest counts
 * as unreadable.
 */
const maxReads = 200

/**
 * Answers a discovery's questions with few requests: many with one query, those in an unreadable
 * subscription together, and only the rest one by one.
 */
export async function answerWide(
  arm: Arm,
  estate: OpenEstate,
  questions: readonly Question[],
): Promise<void> {
  const unseen = questions.filter((question) => !isSeen(estate, question))
  await findByIds(arm, estate, unseen)
  await markHidden(arm, estate, unseen)
  const left = questions.filter(
    (question) => !unseen.includes(question) || !isSeen(estate, question),
  )
  for (const { what, id } of left.slice(maxReads)) {
    const reading = { state: 'unreadable', why: 'Resource Graph does not show it' } as const
    mapOf(estate, what)?.set(idKey(id), reading)
  }
  await answer(arm, noSelects, estate, left.slice(0, maxReads))
  for (const question of questions) estate.confirmed.add(questionKey(question))
}

const noSelects: Pick<Topology, 'selects'> = { selects: [] }

function mapOf(estate: OpenEstate, what: Question['what']): Map<string, unknown> | undefined {
  const name = Object.hasOwn(shelves, what) ? shelves[what as keyof typeof shelves] : undefined
  return name === undefined ? undefined : estate[name]
}

function isSeen(estate: OpenEstate, { what, id }: Question): boolean {
  return mapOf(estate, what)?.has(idKey(id)) ?? false
}

async function findByIds(
  arm: Arm,
  estate: OpenEstate,
  questions: readonly Question[],
): Promise<void> {
  const what = 'find what the scope leads to with Resource Graph'
  const keysOf = (isTarget: boolean) =>
    [
      ...new Set(
        questions.filter((q) => (q.what === 'target') === isTarget).map((q) => idKey(q.id)),
      ),
    ].toSorted(compareText)
  const inChunks = (keys: readonly string[], ask: (ids: readonly string[]) => Promise<void>) =>
    Array.from({ length: Math.ceil(keys.length / idsPerQuery) }, (_, i) =>
      ask(keys.slice(i * idsPerQuery, (i + 1) * idsPerQuery)),
    )
  await Promise.all([
    ...inChunks(keysOf(false), (ids) =>
      queryEach(arm, resourcesByIdQuery(ids), { what }, (row) => {
        storeResource(estate, resourceFromRow(row))
      }),
    ),
    ...inChunks(keysOf(true), (ids) =>
      queryEach(arm, targetsByIdQuery(ids), { what }, (row) => {
        const target = parseTarget(targetFromRow(row))
        if (target.location === '') return
        estate.targets.set(idKey(target.id), { state: 'found', value: target })
      }),
    ),
  ])
}

/** Marks questions in unreadable subscriptions as unreadable, with one request per subscription. */
async function markHidden(
  arm: Arm,
  estate: OpenEstate,
  questions: readonly Question[],
): Promise<void> {
  const left = questions.filter((question) => !isSeen(estate, question))
  const seen = subscriptionsSeen(estate)
  const bySubscription = groupBy(left, ({ id }) => parseResourceId(id)?.subscription ?? '')
  const hidden = new Map<string, Absent>()
  await Promise.all(
    [...bySubscription].map(async ([subscription, asked]) => {
      if (subscription === '' || seen.has(subscription) || asked.length < 2) return
      const reading = await readSubscription(arm, subscription)
      if (reading !== undefined) hidden.set(subscription, reading)
    }),
  )
  for (const { what, id } of left) {
    const reading = hidden.get(parseResourceId(id)?.subscription ?? '')
    if (reading !== undefined) mapOf(estate, what)?.set(idKey(id), reading)
  }
}
