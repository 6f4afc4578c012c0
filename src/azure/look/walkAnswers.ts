import type { Absent } from '../../estate/estate.ts'
import { type Question, questionKey } from '../../estate/question.ts'
import { shelves } from '../../estate/reading.ts'
import { groupBy } from '../../resources/group.ts'
import { compareText, idKey, parseResourceId } from '../../resources/id.ts'
import type { Topology } from '../../topology/topology.ts'
import type { Arm } from '../arm.ts'
import { answer } from './answer.ts'
import { readSubscription, subscriptionsSeen } from './findSubscriptions.ts'
import { idsAQuery } from './look.ts'
import { type OpenEstate, shelve } from './openEstate.ts'
import { parseTarget } from './parseResource.ts'
import { queryEach } from './resourceGraph.ts'
import { groundFromRow, targetFromRow } from './rows.ts'
import { groundsByIdQuery, targetsByIdQuery } from './walkQueries.ts'

/** How many things that Resource Graph doesn't show are read one by one; more than these count as unreadable. */
const mostReads = 200

/**
 * Answers what a discovery asks with as few requests as it takes: many by one query, a subscription that
 * may not be read at once, and only the rest one by one.
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
  for (const { what, id } of left.slice(mostReads)) {
    const reading = { state: 'unreadable', why: 'Resource Graph does not show it' } as const
    shelfOf(estate, what)?.set(idKey(id), reading)
  }
  await answer(arm, noSelects, estate, left.slice(0, mostReads))
  for (const question of questions) estate.confirmed.add(questionKey(question))
}

const noSelects: Pick<Topology, 'selects'> = { selects: [] }

function shelfOf(estate: OpenEstate, what: Question['what']): Map<string, unknown> | undefined {
  const name = Object.hasOwn(shelves, what) ? shelves[what as keyof typeof shelves] : undefined
  return name === undefined ? undefined : estate[name]
}

function isSeen(estate: OpenEstate, { what, id }: Question): boolean {
  return shelfOf(estate, what)?.has(idKey(id)) ?? false
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
    Array.from({ length: Math.ceil(keys.length / idsAQuery) }, (_, i) =>
      ask(keys.slice(i * idsAQuery, (i + 1) * idsAQuery)),
    )
  await Promise.all([
    ...inChunks(keysOf(false), (ids) =>
      queryEach(arm, groundsByIdQuery(ids), { what }, (row) => {
        shelve(estate, groundFromRow(row))
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

/** Nothing of a subscription that may not be read can be read: one request tells it for all. */
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
    if (reading !== undefined) shelfOf(estate, what)?.set(idKey(id), reading)
  }
}
