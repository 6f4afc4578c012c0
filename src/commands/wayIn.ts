import type { WayIn } from '../egress/inside/checkedName.ts'
import type { Observation } from './observe.ts'

/** What Azure shows of the way into the scope: its private endpoints' addresses and zones. */
export function wayInOf({ estate }: Observation, linked: ReadonlySet<string>): WayIn {
  const approved = estate.privateEndpoints.filter((endpoint) => endpoint.approved)
  return {
    addresses: [],
    isComplete: false,
    hasEndpoint: approved.length > 0 || estate.scope.state === 'unreadable',
    linked,
    missingZones: new Set(),
  }
}
