import { idKey } from '../resources/id.ts'
import type { AccessMode } from '../resources/resource.ts'
import type { Estate, Endpoint, Scope } from './estate.ts'

/** The modes that the scope has; one that tells none is as good as Open. */
export function liveModes(scope: Scope): {
  readonly ingestion: AccessMode
  readonly query: AccessMode
} {
  return scope.modes ?? { ingestion: 'Open', query: 'Open' }
}

/** The endpoint as Azure has it, when it is known to exist. */
export function foundEndpoint(estate: Estate, id: string): Endpoint | undefined {
  const reading = estate.endpoints.get(idKey(id))
  return reading?.state === 'found' ? reading.value : undefined
}
