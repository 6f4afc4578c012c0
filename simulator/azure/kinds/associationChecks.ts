import { gatewayError, providerError, refuse } from '../answers.ts'
import { refusePayload } from '../body.ts'
import { textAt } from '../json.ts'
import { normalLocation } from '../../../src/resources/id.ts'
import { parseArmPath, type ResourcePath } from '../path.ts'
import type { Call, ResourceCall } from '../state.ts'
import type { StoredResource } from '../store.ts'

/** The types that can have associations, as the service lists them. */
const supportedTargets = [
  'Microsoft.AzureStackHCI/virtualmachines',
  'Microsoft.Compute/virtualMachines',
  'Microsoft.Compute/virtualMachineScaleSets',
  'Microsoft.ContainerService/managedClusters',
  'Microsoft.HybridCompute/machines',
  'Microsoft.Kubernetes/connectedClusters',
]

/** An association has an endpoint or a rule; an endpoint only under one name (facts, section 1.3). */
export function requireOneLink(
  call: ResourceCall,
  endpoint: string | undefined,
  rule: string | undefined,
): void {
  if (endpoint !== undefined && rule !== undefined) {
    refuse(
      providerError(
        400,
        'BadRequest',
        'An association of data collection endpoint cannot include data collection rule',
      ),
    )
  }
  if (endpoint === undefined && rule === undefined) {
    refusePayload(
      "An association must have either 'dataCollectionRuleId' or 'dataCollectionEndpointId'.",
      'properties',
    )
  }
  const isConfiguration = call.path.name.toLowerCase() === 'configurationaccessendpoint'
  if (endpoint !== undefined && !isConfiguration) {
    refuse(
      providerError(
        400,
        'InvalidEndpointAssociationName',
        "An association of data collection endpoint must be named 'configurationAccessEndpoint'.",
      ),
    )
  }
}

/** Checks the endpoint or rule of an association: its type, that it exists, and the caller's rights. */
export function requireLinked(call: ResourceCall, id: string, wanted: string): void {
  const path = parseArmPath(id)
  if (path?.kind !== 'resource' || path.type !== wanted) {
    refusePayload(`'${id}' is not of type '${wanted}'.`, 'properties')
  }
  const action = `${path.namespace}/${path.typePath}/read`
  call.azure.access.requireLinked(
    call,
    'Microsoft.Insights/dataCollectionRuleAssociations/write',
    action,
    id,
  )
  if (!call.azure.store.get(path.key)) {
    refusePayload(`The resource '${id}' was not found.`, 'properties')
  }
}

/** The resource that an association extends; it must exist and have a supported type. */
export function requireTarget(call: Call): StoredResource {
  const target = parseArmPath(targetId(call))
  if (target?.kind !== 'resource' || !isSupported(target)) {
    const named = target?.kind === 'resource' ? `${target.namespace}/${target.typePath}` : ''
    refuse(
      providerError(
        400,
        'InvalidAssociationTarget',
        `Association cannot be created for resource of type '${named}'. Supported types are: ${supportedTargets.join(',')}.`,
      ),
    )
  }
  const stored = call.azure.store.get(target.key)
  if (stored) return stored
  return refuse(
    gatewayError(
      404,
      'ResourceNotFound',
      `The Resource '${target.namespace}/${target.typePath}/${target.name}' under resource group '${target.resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    ),
  )
}

function targetId({ path }: Call): string {
  return path.id.slice(0, path.holder.length)
}

function isSupported(target: ResourcePath): boolean {
  return supportedTargets.some((supported) => supported.toLowerCase() === target.type)
}

/** By knob, refuses an endpoint in another region, which the agent couldn't use (facts, section 10). */
export function refuseOtherRegion(
  call: ResourceCall,
  target: StoredResource,
  endpoint: string,
): void {
  const linked = call.azure.store.get(endpoint.toLowerCase())
  const [here, there] = [target, linked].map((one) => normalLocation(one?.location ?? ''))
  if (here === there) return
  refusePayload(
    `The data collection endpoint '${endpoint}' is in '${there ?? ''}' and the resource in '${here ?? ''}'. They must be in the same region.`,
    'properties.dataCollectionEndpointId',
  )
}

/** Flexible scale sets take no associations: their machines do (facts, section 1.3). */
export function refuseFlexibleSet(target: StoredResource): void {
  const isSet = target.path.type === 'microsoft.compute/virtualmachinescalesets'
  const mode = textAt(target.properties, 'orchestrationMode')
  if (!isSet || mode?.toLowerCase() !== 'flexible') return
  refuse(
    providerError(
      400,
      'InvalidAssociationTarget',
      `Association cannot be created for virtual machine scale set '${target.path.id}' with flexible orchestration mode. Associate each of its virtual machines instead.`,
    ),
  )
}
