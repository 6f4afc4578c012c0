import { AzureError } from '../../../errors.ts'
import type { Absent, Reading } from '../../../estate/estate.ts'
import type { Unseen } from '../../../network/network.ts'
import type { ArmResponse } from '../../arm.ts'
import { text } from '../../azureJson.ts'

/** Statuses that say: not for this identity, or not here. The network is looked at on the side, and fails no plan. */
export const notForUs = [400, 401, 403, 404, 405]

/** An answer as a reading; a subscription that Azure does not know may be another tenant's: not seen, and not gone. */
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

/** Does a look that may be refused; what was refused is noted, and given as nothing. */
export async function see<T>(
  unseen: Unseen[],
  what: Pick<Unseen, 'resource' | 'what'>,
  look: () => Promise<T>,
  nothing: T,
): Promise<T> {
  try {
    return await look()
  } catch (error) {
    if (!(error instanceof AzureError) || !notForUs.includes(error.status ?? 0)) throw error
    unseen.push({ ...what, why: error.message })
    return nothing
  }
}
