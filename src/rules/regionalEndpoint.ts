import { compareText } from '../resources/id.ts'
import { type Choice, targetsByEndpoint } from './configEndpoint.ts'
import { type Derived, linkTo, listNames, type World } from './world.ts'

/**
 * Rule `regional-endpoint`: every endpoint that serves configuration access is linked to the scope
 * (article, "Add DCEs to AMPLS").
 */
export function regionalEndpoint(world: World, choices: readonly Choice[]): Derived {
  const byEndpoint = [...targetsByEndpoint(choices)].toSorted(([a], [b]) => compareText(a, b))
  const wants = byEndpoint.flatMap(([, group]) => {
    const first = group[0]
    if (first === undefined) return []
    const verb = group.length === 1 ? 'gets its' : 'get their'
    const who = listNames(group.map((choice) => choice.target.target.id))
    return [
      {
        resource: linkTo(world.topology, first.endpointId),
        rule: 'regional-endpoint' as const,
        reason: `${who} ${verb} configuration from it.`,
      },
    ]
  })
  return { wants, diagnostics: [], questions: [] }
}
