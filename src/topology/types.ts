import { type TargetKind, targetTypes } from './topology.ts'

/** The types that a section of the file can hold, as Azure writes them; the first is that of a short reference. */
export const sectionTypes = {
  privateLinkScope: ['Microsoft.Insights/privateLinkScopes'],
  azureMonitorWorkspaces: ['Microsoft.Monitor/accounts'],
  logAnalyticsWorkspaces: ['Microsoft.OperationalInsights/workspaces'],
  clusters: [
    'Microsoft.ContainerService/managedClusters',
    'Microsoft.Kubernetes/connectedClusters',
  ],
  machines: [
    'Microsoft.Compute/virtualMachines',
    'Microsoft.Compute/virtualMachineScaleSets',
    'Microsoft.HybridCompute/machines',
  ],
  existing: ['Microsoft.Insights/dataCollectionEndpoints'],
} as const satisfies Record<string, readonly [string, ...string[]]>

export type Section = keyof typeof sectionTypes

/** The section that names the targets of a kind. */
export const targetSections = {
  cluster: 'clusters',
  machine: 'machines',
} as const satisfies Record<TargetKind, Section>

const written = new Map(
  Object.values(sectionTypes)
    .flat()
    .map((type) => [type.toLowerCase(), type] as const),
)

/** A type in the case in which Azure writes it; one that isn't known stays as it is. */
export function writtenType(type: string): string {
  return written.get(type.toLowerCase()) ?? type
}

/** The type of a short reference to a target, in lower case. */
export function shortFormType(kind: TargetKind): string {
  return targetTypes[kind][0] ?? ''
}
