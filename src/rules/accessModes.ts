import { type Derived, type World } from './world.ts'
import { liveModes } from '../estate/live.ts'

/**
 * Rule `access-modes`: the scope's access modes are as the file says; a mode that the file doesn't
 * name, exclusions and everything else on the scope are kept.
 */
export function accessModes(world: World): Derived {
  const { topology, estate } = world
  const { ingestion, query } = topology.accessModes
  const none = { wants: [], diagnostics: [], questions: [] }
  if (ingestion === undefined && query === undefined) return none
  if (estate.scope.state !== 'found') return none
  const live = liveModes(estate.scope.value)
  const asked = [
    ...(ingestion === undefined ? [] : [`ingestion ${ingestion}`]),
    ...(query === undefined ? [] : [`query ${query}`]),
  ]
  return {
    ...none,
    wants: [
      {
        resource: {
          kind: 'accessModes',
          id: topology.privateLinkScope.id.text,
          ingestion: ingestion ?? live.ingestion,
          query: query ?? live.query,
        },
        rule: 'access-modes',
        reason: `The file asks for ${asked.join(' and ')} (now: ingestion ${live.ingestion}, query ${live.query}).`,
      },
    ],
  }
}
