import { type Derived, type World } from './world.ts'
import { liveModes } from '../estate/live.ts'

/**
 * Rule `access-modes`: the scope's access modes are as the file says. Modes that the file doesn't
 * set, exclusions and everything else on the scope stay as they are.
 */
export function accessModes(world: World): Derived {
  const { topology, estate } = world
  const { ingestion, query } = topology.accessModes
  const none = { wants: [], diagnostics: [], questions: [] }
  if (ingestion === undefined && query === undefined) return none
  if (estate.scope.state !== 'found') return none
  const live = liveModes(estate.scope.value)
  const wanted = [
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
        reason: `The file sets ${wanted.join(' and ')} (now: ingestion ${live.ingestion}, query ${live.query}).`,
      },
    ],
  }
}
