import type { Arm, ArmRequest, ArmResponse } from './arm.ts'
import { requestClass } from './http/requestClass.ts'

/**
 * Lets the topology files of one run share what they read alike: the scope and its links, agents,
 * associations of the same subscriptions. Gives one `Arm` for each file. A file is given the answer
 * to another file's question once; whoever asks again asks Azure, so that waiting for something ends.
 * For runs that write nothing: what is read after a write must be fresh.
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
          // The next file tries for itself.
          answers.delete(key)
          throw error
        }
      },
    }
  }
}

/** What makes two reads one; `undefined` for anything that isn't a read. */
function keyOf(request: ArmRequest, origin: string): string | undefined {
  const { method, path, apiVersion, query, body, accept } = request
  const kind = requestClass(method, new URL(path, origin).href)
  if (kind !== 'reads' && kind !== 'queries') return undefined
  return JSON.stringify([method, path, apiVersion, query, body, accept])
}
