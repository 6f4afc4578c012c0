import type { WayIn } from '../egress/inside/checkedName.ts'
import type { Observation } from './observe.ts'

/** What Azure shows of the way into the scope: its private endpoints' addresses and zones. */
export function wayInOf({ estate, network }: Observation, linked: ReadonlySet<string>): WayIn {
  const approved = estate.privateEndpoints.filter((endpoint) => endpoint.approved)
  const told = network?.report.privateEndpoints ?? []
  const isComplete =
    estate.scope.state === 'found' &&
    told.length >= approved.length &&
    told.every(({ visible, addresses }) => visible && addresses.length > 0)
  const missing = told.flatMap(({ missingZones }) => missingZones)
  return {
    addresses: told.flatMap(({ addresses }) => addresses),
    isComplete,
    hasEndpoint: approved.length > 0 || estate.scope.state === 'unreadable',
    linked,
    missingZones: new Set(
      missing.filter((zone) => told.every(({ missingZones }) => missingZones.includes(zone))),
    ),
  }
}
