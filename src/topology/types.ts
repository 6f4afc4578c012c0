import { type TargetKind, targetTypes } from './topology.ts'

/** The resource types that each section of the file allows, spelled as Azure does. Short references have the first. */
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

/** The section of the file that lists the targets of a kind. */
export const targetSections = {
  cluster: 'clusters',
  machine: 'machines',
} as const satisfies Record<TargetKind, Section>

const written = new Map(
  Object.values(sectionTypes)
    .flat()
    .map((type) => [type.toLowerCase(), type] as const),
)

/** A resource type in Azure's spelling; an unknown type is returned as it is. */
export function writtenType(type: string): string {
  return written.get(type.toLowerCase()) ?? type
}

/** The resource type of a short reference to a target, in lower case. */
export function shortFormType(kind: TargetKind): string {
  return targetTypes[kind][0] ?? ''
}
