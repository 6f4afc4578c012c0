import type { Question } from '../estate/question.ts'
import { darkTargets, explainLoss, findUnknown } from '../plan/checks/blackout.ts'
import { presentState } from '../plan/capabilities.ts'
import type { ApplyContext } from './context.ts'
import { lookTwice } from './lookTwice.ts'
import { type Observation, observeIn } from './observe.ts'

/**
 * Lists the targets that would go dark if ingestion situation PrivateOnly now, one sentence each, read exactly from
 * the providers: the last check before PrivateOnly is written (contract section 4, "How promise 3 is judged").
 */
export async function findDark(context: ApplyContext): Promise<readonly string[]> {
  return await lookTwice(context, {
    look: async () => listDark(await observeIn(context, { insist: questionsOnCapabilities })),
    complaint: (dark) => dark[0],
  })
}

function listDark({ plan, desired, estate }: Observation): readonly string[] {
  // `blackout` is left out: `darkTargets` below judges the present state, not the plan.
  const unsure = plan.diagnostics.filter((d) => d.severity === 'error' && d.code !== 'blackout')
  return [
    ...findUnknown(desired).map((key) => `${key} could not be read`),
    ...unsure.map((d) => d.message),
    ...darkTargets(desired, presentState(estate)).map(explainLoss),
  ]
}

/** Questions on everything a capability depends on: associations, rules, and the endpoints of both. */
function questionsOnCapabilities({ desired, estate }: Observation): readonly Question[] {
  return desired.world.targets.flatMap(({ key, target, rules }): readonly Question[] => {
    const configured = estate.associations.get(key)?.endpointId
    const endpoints = [configured, ...rules.map((rule) => rule.endpointId)]
    return [
      { what: 'association', id: target.id },
      { what: 'ruleAssociations', id: target.id },
      ...rules.map((rule): Question => ({ what: 'rule', id: rule.id })),
      ...endpoints.flatMap((id): readonly Question[] =>
        id === undefined ? [] : [{ what: 'endpoint', id }],
      ),
    ]
  })
}
