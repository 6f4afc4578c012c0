import type { Question } from '../../estate/question.ts'
import { unanswered } from '../../plan/confirm.ts'
import type { Topology } from '../../topology/topology.ts'
import type { Arm } from '../arm.ts'
import { answer } from './answer.ts'
import { type ListSizes, readLists, shelveLists } from './answerFromLists.ts'
import { look } from './look.ts'
import type { LookOptions, OpenEstate } from './openEstate.ts'

/** What an apply wrote, as questions, and what it takes to answer them with few reads. */
export interface Written {
  readonly questions: readonly Question[]
  /** How long the endpoints' lists were before the apply. */
  readonly sizes: ListSizes
}

const nothing: Written = { questions: [], sizes: new Map() }

/**
 * Looks at Azure, and reads all that was written from the providers: Resource Graph may not show it yet.
 * The endpoints' lists are read while Resource Graph answers, since they need nothing of it.
 */
export async function lookAfterWrites(
  arm: Arm,
  topology: Topology,
  options: LookOptions,
  { questions, sizes }: Written = nothing,
): Promise<OpenEstate> {
  const [estate, entries] = await Promise.all([
    look(arm, topology, options),
    readLists(arm, sizes, questions),
  ])
  shelveLists(estate, entries)
  await answer(arm, topology, estate, unanswered(estate, questions))
  return estate
}
