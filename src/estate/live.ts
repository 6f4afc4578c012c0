import { idKey } from '../resources/id.ts'
import type { AccessMode } from '../resources/resource.ts'
import type { Estate, Endpoint, Scope } from './estate.ts'

/** The current modes of the scope; a scope without modes behaves like Open. */
export function liveModes(scope: Scope): {
  readonly ingestion: AccessMode
  readonly query: AccessMode
} {
  return scope.modes ?? { ingestion: 'Open', query: 'Open' }
}

/** The live endpoint, if it is known to exist. */
export function foundEndpoint(estate: Estate, id: string): Endpoint | undefined {
  const reading = estate.endpoints.get(idKey(id))
  return reading?.state === 'found' ? reading.value : undefined
}
