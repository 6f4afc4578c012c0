import type { RecordedRequest } from '../../simulator/simulator.ts'
import { hasShared } from './shared.ts'
import { type Held, openSpecification, type Specification } from './specification.ts'
import { isUnspecified, strangeKeys, strangeTypes } from './unspecified.ts'
import { meant, meantIn, meaning, strange } from './violations.ts'

/** Checks the requests and answers of scenarios against Microsoft's specifications. */
export interface FidelityJudge {
  /**
   * Violations in a scenario's requests and answers, one per line, and explanations that are no
   * longer needed.
   */
  readonly judge: (
    scenario: string,
    requests: readonly RecordedRequest[],
  ) => Promise<readonly string[]>
  /** A sentence on how much has been checked so far. */
  readonly tell: () => string
}

/**
 * Checks every request of every run of a scenario: the plan of the pull request, the same plan
 * against an Azure that answers differently, the apply, the same job again, and the plan after it.
 * Without `../shared/specs` it reports that and finds nothing.
 */
export function judgeFidelity(): FidelityJudge {
  if (!hasShared('specs')) {
    return { judge: () => Promise.resolve([]), tell: () => 'nothing was checked against ../shared' }
  }
  let specification: Promise<Specification> | undefined
  const counts = { scenarios: 0, requests: 0, specified: 0, explained: 0 }
  return {
    judge: async (scenario, requests) => {
      specification ??= openSpecification()
      const held = await (await specification).hold(requests.filter(isAnswered))
      counts.scenarios += 1
      counts.requests += held.length
      counts.specified += held.filter((one) => !isUnspecified(one)).length
      counts.explained += held.filter(({ violations }) => violations.length > 0).length
      return [
        ...strange(held, scenario),
        ...strangeTypes(held),
        ...strangeKeys(held),
        ...notNeeded(held, scenario),
      ]
    },
    tell: () =>
      `${counts.scenarios} scenarios: ${counts.specified} of ${counts.requests} requests and their answers checked against Microsoft's specifications, ${counts.explained} with explained violations; the others against recorded keys`,
  }
}

/** An answer that a fault injects, such as a gateway's page or nothing, is not the simulator's. */
function isAnswered({ host, status, responseBody }: RecordedRequest): boolean {
  return host === 'arm' && status !== 0 && !(status >= 500 && typeof responseBody !== 'object')
}

/** Explanations of this scenario that are no longer needed. */
function notNeeded(held: readonly Held[], scenario: string): readonly string[] {
  const all = [...meant, ...meantIn(scenario)]
  const used = new Set(
    held.flatMap(({ violations }) => violations.map((violation) => meaning(violation, all))),
  )
  return meantIn(scenario)
    .filter((one) => !used.has(one))
    .map(({ why }) => `no longer needed: ${why}`)
}
