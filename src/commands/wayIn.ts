import type { WayIn } from '../egress/inside/checkedName.ts'
import type { Observation } from './observe.ts'

/** What Azure shows of the path into the scope: the addresses and zones of its private endpoints. */
export function wayInOf({ estate, network }: Observation, linked: ReadonlySet<string>): WayIn {
  const approved = estate.privateEndpoints.filter((endpoint) => endpoint.approved)
  const endpoints = network?.report.privateEndpoints ?? []
  const isComplete =
    estate.scope.state === 'found' &&
    endpoints.length >= approved.length &&
    endpoints.every(({ visible, addresses }) => visible && addresses.length > 0)
  const missing = endpoints.flatMap(({ missingZones }) => missingZones)
  return {
    addresses: endpoints.flatMap(({ addresses }) => addresses),
    isComplete,
    hasEndpoint: approved.length > 0 || estate.scope.state === 'unreadable',
    linked,
    missingZones: new Set(
      missing.filter((zone) => endpoints.every(({ missingZones }) => missingZones.includes(zone))),
    ),
  }
}
