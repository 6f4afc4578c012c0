import type { Arm, ArmRequest, ArmResponse } from './arm.ts'
import { requestClass } from './http/requestClass.ts'

/**
 * Shares identical reads between the topology files of one run: the scope and its links, agents,
 * associations of the same subscriptions. Returns a function that creates an `Arm` for each file. A
 * file gets the answer to another file's request only once; if it repeats the request, Azure is
 * read again, so that polling works. Only for runs that write nothing, because reads after a write
 * must be fresh.
 */
export function shareReads(arm: Arm): () => Arm {
  const answers = new Map<string, Promise<ArmResponse>>()
  return () => {
    const asked = new Set<string>()
    return {
      ...arm,
      async send(request) {
        const key = keyOf(request, arm.cloud.resourceManager)
        if (key === undefined) return await arm.send(request)
        const known = asked.has(key) ? undefined : answers.get(key)
        asked.add(key)
        if (known !== undefined) return await known
        const answer = arm.send(request)
        answers.set(key, answer)
        try {
          return await answer
        } catch (error) {
          // The next file tries again.
          answers.delete(key)
          throw error
        }
      },
    }
  }
}

/** A key that is equal for identical reads; `undefined` for anything but a read. */
function keyOf(request: ArmRequest, origin: string): string | undefined {
  const { method, path, apiVersion, query, body, accept } = request
  const kind = requestClass(method, new URL(path, origin).href)
  if (kind !== 'reads' && kind !== 'queries') return undefined
  return JSON.stringify([method, path, apiVersion, query, body, accept])
}
