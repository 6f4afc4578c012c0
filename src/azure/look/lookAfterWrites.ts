import type { Question } from '../../estate/question.ts'
import { unanswered } from '../../plan/confirm.ts'
import type { Topology } from '../../topology/topology.ts'
import type { Arm } from '../arm.ts'
import { answer } from './answer.ts'
import { type ListSizes, readLists, storeLists } from './answerFromLists.ts'
import { look } from './look.ts'
import type { LookOptions, OpenEstate } from './openEstate.ts'

/** What an apply wrote, as questions, and what helps to answer them with few reads. */
export interface Written {
  readonly questions: readonly Question[]
  /** The lengths of the endpoints' lists before the apply. */
  readonly sizes: ListSizes
}

/**
 * Reads Azure, and everything that was written from the providers, because Resource Graph may not
 * show it yet. The endpoints' lists are read in parallel, since they do not depend on Resource
 * Graph.
 */
export async function lookAfterWrites(
  arm: Arm,
  topology: Topology,
  options: LookOptions,
  { questions, sizes }: Written,
): Promise<OpenEstate> {
  const [estate, entries] = await Promise.all([
    look(arm, topology, options),
    readLists(arm, sizes, questions),
  ])
  storeLists(estate, entries)
  await answer(arm, topology, estate, unanswered(estate, questions))
  return estate
}
