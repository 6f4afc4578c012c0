import { AzureError } from '../../../errors.ts'
import type { Absent, Reading } from '../../../estate/estate.ts'
import type { Unseen } from '../../../network/network.ts'
import type { ArmResponse } from '../../arm.ts'
import { text } from '../../azureJson.ts'

/**
 * Statuses that mean the identity cannot read it, or it is not there. Reading the network is
 * optional, so they do not fail a plan.
 */
export const notReadable = [400, 401, 403, 404, 405]

/**
 * Converts an answer to a reading. A subscription that Azure does not know may belong to another
 * tenant: unreadable, not missing.
 */
export function readingOf<T>(answer: ArmResponse, parse: (raw: unknown) => T): Reading<T> {
  if (answer.status < 300) return { state: 'found', value: parse(answer.body) }
  return absenceOf(answer)
}

function absenceOf({ status, body }: ArmResponse): Absent {
  const code = text(body, 'error', 'code') ?? ''
  const why = text(body, 'error', 'message') ?? `Azure answered ${status}.`
  const isGone = status === 404 && !/^subscription/i.test(code)
  return isGone ? { state: 'missing' } : { state: 'unreadable', why }
}

/** Reads something optional. If it is refused, notes that and returns `nothing`. */
export async function readOptional<T>(
  unseen: Unseen[],
  what: Pick<Unseen, 'resource' | 'what'>,
  look: () => Promise<T>,
  nothing: T,
): Promise<T> {
  try {
    return await look()
  } catch (error) {
    if (!(error instanceof AzureError) || !notReadable.includes(error.status ?? 0)) throw error
    unseen.push({ ...what, why: error.message })
    return nothing
  }
}
