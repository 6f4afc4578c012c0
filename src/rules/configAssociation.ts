import type { Diagnostic } from '../diagnostics.ts'
import { nameOf } from '../resources/id.ts'
import { associationId } from '../resources/resource.ts'
import type { Choice } from './configEndpoint.ts'
import { type Derived, pointAt, type World } from './world.ts'

/**
 * Rule `config-association`: the target is associated with its endpoint by the association named
 * `configurationAccessEndpoint` (article, "Associate vm or cluster with DCE"). A target has one
 * such association, so pointing it elsewhere replaces what was there.
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
  return { wants, diagnostics: explainHeldRules(world, choices), questions: [] }
}

/** Seen in the wild: the reserved name on an association that holds a rule (estates, B 14a). */
function explainHeldRules(world: World, choices: readonly Choice[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  for (const { target } of choices) {
    const ruleId = world.estate.associations.get(target.key)?.ruleId
    if (ruleId === undefined) continue
    diagnostics.push({
      severity: 'warning',
      code: 'association-holds-rule',
      message: `The association configurationAccessEndpoint of ${target.target.name} holds the rule "${nameOf(ruleId)}" instead of an endpoint; it is replaced, and the rule is then no longer associated under that name.`,
      remedy: `If ${target.target.name} needs that rule, associate it under another name before this is applied.`,
      resource: target.target.id,
      ...pointAt(world.topology, target.at),
    })
  }
  return diagnostics
}
