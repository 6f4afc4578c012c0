import { providerError } from '../answers.ts'
import type { JsonObject } from '../json.ts'
import { type Kind, readOnlyKind } from '../kind.ts'
import { presentFields } from '../present.ts'
import { guidFor, type StoredResource } from '../store.ts'

const compute = [
  ...['2019-03-01', '2019-07-01', '2019-12-01', '2020-06-01', '2020-12-01', '2021-03-01'],
  ...['2021-04-01', '2021-07-01', '2021-11-01', '2022-03-01', '2022-08-01', '2022-11-01'],
  ...['2023-03-01', '2023-07-01', '2023-09-01', '2024-03-01', '2024-07-01', '2024-11-01'],
  ...['2025-04-01'],
]
const arc = [
  ...['2020-08-02', '2021-05-20', '2022-03-10', '2022-11-10', '2022-12-27', '2023-10-03-preview'],
  ...['2024-05-20-preview', '2024-07-10', '2025-01-13'],
]
const aks = [
  ...['2020-04-01', '2020-09-01', '2021-05-01', '2022-01-01', '2022-08-03-preview', '2022-09-01'],
  ...['2023-01-01', '2023-02-02-preview', '2023-05-01', '2023-10-01', '2023-10-02-preview'],
  ...['2024-02-01', '2024-05-01', '2024-09-01', '2025-01-01', '2025-05-01', '2025-10-01'],
]
const kubernetes = [
  ...['2021-03-01', '2021-10-01', '2022-05-01-preview', '2022-10-01-preview', '2024-01-01'],
  ...['2024-07-15-preview', '2024-12-01-preview'],
]
const kubernetesConfiguration = [
  ...['2021-09-01', '2022-03-01', '2022-07-01', '2022-11-01', '2023-05-01', '2024-11-01'],
]

const virtualMachines = 'Microsoft.Compute/virtualMachines'

/** The sources of telemetry: machines, clusters and their extensions. */
export const targetKinds: readonly Kind[] = [
  readOnlyKind(virtualMachines, compute, {
    present: presentMachine,
    presentInList: (resource) => ({
      ...presentMachine(resource),
      id: upperGroup(resource.path.id),
    }),
  }),
  readOnlyKind('Microsoft.Compute/virtualMachines/extensions', compute, { lastPage: 'unpaged' }),
  readOnlyKind('Microsoft.Compute/virtualMachineScaleSets', compute),
  readOnlyKind('Microsoft.Compute/virtualMachineScaleSets/extensions', compute),
  readOnlyKind('Microsoft.HybridCompute/machines', arc, {
    present: (machine) => ({ ...presentArcMachine(machine), resources: [] }),
    presentInList: presentArcMachine,
  }),
  readOnlyKind('Microsoft.HybridCompute/machines/extensions', arc),
  readOnlyKind('Microsoft.ContainerService/managedClusters', aks, {
    present: (resource) =>
      presentFields(resource, {
        id: resource.path.id.replace(/\/resourceGroups\//i, '/resourcegroups/'),
        type: 'Microsoft.ContainerService/ManagedClusters',
        properties: { provisioningState: 'Succeeded', ...resource.properties },
      }),
  }),
  readOnlyKind('Microsoft.Kubernetes/connectedClusters', kubernetes, {
    present: (resource) => ({
      ...presentFields(resource, {
        type: 'microsoft.kubernetes/connectedclusters',
        properties: { provisioningState: 'Succeeded', ...resource.properties },
      }),
      systemData: resource.systemData,
    }),
  }),
  readOnlyKind('Microsoft.KubernetesConfiguration/extensions', kubernetesConfiguration, {
    lastPage: 'null',
    notFound: ({ name }) =>
      providerError(404, 'ResourceNotFound', `Extension instance with name '${name}' not found.`, {
        additionalInfo: [],
      }),
    graphTable: 'kubernetesconfigurationresources',
  }),
]

/** A list omits `resources`; an answer for one machine has it empty (recorded). */
function presentArcMachine(resource: StoredResource): JsonObject {
  return presentFields(resource, {
    type: 'Microsoft.HybridCompute/machines',
    properties: { provisioningState: 'Succeeded', ...resource.properties },
  })
}

function presentMachine(resource: StoredResource): JsonObject {
  return presentFields(resource, {
    type: virtualMachines,
    properties: {
      vmId: guidFor(resource.path.key),
      provisioningState: 'Succeeded',
      ...resource.properties,
    },
  })
}

/** Lists of machines write the resource group in capitals (quirk 6). */
function upperGroup(id: string): string {
  return id.replace(
    /\/resourceGroups\/([^/]+)/i,
    (_, group: string) => `/resourceGroups/${group.toUpperCase()}`,
  )
}
