import type { Diagnostic } from '../diagnostics.ts'
import { heldRuleOf } from '../estate/heldRule.ts'
import { type Question, questionKey } from '../estate/question.ts'
import { associationId } from '../resources/resource.ts'
import type { Choice } from './configEndpoint.ts'
import { explainLostRule } from './lostRule.ts'
import type { Derived, World } from './world.ts'

/**
 * Rule `config-association`: the target is associated with its endpoint by the association named
 * `configurationAccessEndpoint` (article, "Associate vm or cluster with DCE"). A target has one
 * such association, so pointing it elsewhere replaces the previous endpoint.
 */
export function configAssociation(world: World, choices: readonly Choice[]): Derived {
  const wants = choices.map(({ target, endpointId, because }) => ({
    resource: {
      kind: 'association' as const,
      id: associationId(target.target.id),
      target: target.target.id,
      endpointId,
    },
    rule: 'config-association' as const,
    reason: `${because}.`,
  }))
  return { wants, ...checkHeldRules(world, choices) }
}

/**
 * Some public templates use the reserved name for an association with a rule (estates, B 14a). The
 * association is replaced only if the target has that rule under another name too, which is confirmed
 * with the resource provider first.
 */
function checkHeldRules(
  { topology, estate }: World,
  choices: readonly Choice[],
): Omit<Derived, 'wants'> {
  const diagnostics: Diagnostic[] = []
  const questions: Question[] = []
  for (const { target } of choices) {
    if (estate.associations.get(target.key)?.ruleId === undefined) continue
    const question = { what: 'ruleAssociations', id: target.target.id } as const
    if (!estate.confirmed.has(questionKey(question))) questions.push(question)
    const held = heldRuleOf(target, estate)
    if (held === undefined) continue
    if (held.rule === undefined && !estate.rules.has(held.key)) {
      questions.push({ what: 'rule', id: held.id })
    }
    const { at } = target
    const lost = { target: target.target.id, held, becomes: 'replaced', at } as const
    diagnostics.push(explainLostRule(topology, lost))
  }
  return { diagnostics, questions }
}
