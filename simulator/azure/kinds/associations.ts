import type { Answer } from '../../http.ts'
import { answer, gatewayError, providerError, refuse } from '../answers.ts'
import { optionalId, optionalText, refusePayload } from '../body.ts'
import type { JsonObject } from '../json.ts'
import { defined, mapTexts, textAt, without } from '../json.ts'
import type { Kind } from '../kind.ts'
import { parentNotFound, silentNotFound } from '../kind.ts'
import type { ResourcePath } from '../path.ts'
import { parseArmPath } from '../path.ts'
import { presentFields } from '../present.ts'
import type { Call, ResourceCall } from '../state.ts'
import type { StoredResource } from '../store.ts'
import { commitDelete, commitWrite } from '../write.ts'
import { collectionVersions } from './dataCollectionEndpoints.ts'
import { ruleVersions } from './dataCollectionRules.ts'

const type = 'Microsoft.Insights/dataCollectionRuleAssociations'
const typeKey = type.toLowerCase()
const endpointType = 'microsoft.insights/datacollectionendpoints'
const ruleType = 'microsoft.insights/datacollectionrules'

/** What an association can be made for, as the service lists them. */
const supportedTargets = [
  'Microsoft.AzureStackHCI/virtualmachines',
  'Microsoft.Compute/virtualMachines',
  'Microsoft.Compute/virtualMachineScaleSets',
  'Microsoft.ContainerService/managedClusters',
  'Microsoft.HybridCompute/machines',
  'Microsoft.Kubernetes/connectedClusters',
]

/** Associations of a target with a rule or an endpoint: an extension of the target. */
export const dataCollectionRuleAssociations: Kind = {
  type,
  apiVersions: ruleVersions,
  supportedVersions: ruleVersions,
  lastPage: 'null',
  present: presentAssociation,
  notFound: silentNotFound,
  list: (call) => {
    const target = requireTarget(call)
    return call.azure.store.members(typeKey, target.path.key)
  },
  get: (call) => {
    requireTarget(call)
    const association = call.azure.store.get(call.path.key)
    return association ? answer(200, presentAssociation(association)) : silentNotFound()
  },
  put: putAssociation,
  delete: (call) => {
    requireTarget(call)
    const association = call.azure.store.get(call.path.key)
    if (!association) return answer(204)
    commitDelete(call, association)
    return answer(200)
  },
  graphTable: 'insightsresources',
}

/** The reverse lists: what is associated with an endpoint, and with a rule. */
export const associationLists: readonly Kind[] = [
  reverseList('Microsoft.Insights/dataCollectionEndpoints', collectionVersions, presentAssociation),
  reverseList('Microsoft.Insights/dataCollectionRules', ruleVersions, (association) =>
    lowerCased(presentAssociation(association)),
  ),
]

function reverseList(
  of: string,
  apiVersions: readonly string[],
  present: (association: StoredResource) => JsonObject,
): Kind {
  return {
    type: `${of}/associations`,
    apiVersions,
    supportedVersions: apiVersions,
    lastPage: 'null',
    present,
    notFound: silentNotFound,
    list: (call) => {
      const { store } = call.azure
      if (!store.get(call.path.holder)) {
        refuse(parentNotFound(call, call.path.id.replace(/\/associations$/i, '')))
      }
      return store.referrers(call.path.holder, typeKey)
    },
  }
}

function presentAssociation(resource: StoredResource): JsonObject {
  const { description, dataCollectionRuleId, dataCollectionEndpointId, ...others } =
    resource.properties
  return presentFields(resource, {
    type,
    stamped: true,
    properties: defined({
      description,
      dataCollectionRuleId,
      dataCollectionEndpointId,
      ...others,
    }),
  })
}

/** The list of a rule's associations: all in lower case, nothing of who and when (quirk 1). */
function lowerCased(association: JsonObject): JsonObject {
  const bare = without(association, 'etag', 'systemData')
  const { properties, id, name } = bare
  const lower = mapTexts({ id, name }, (text) => text.toLowerCase()) as JsonObject
  const ids = mapTexts(properties, (text) => (text.startsWith('/') ? text.toLowerCase() : text))
  return { ...bare, ...lower, properties: ids }
}

function putAssociation(call: ResourceCall): Answer {
  const { azure, path } = call
  const target = requireTarget(call)
  refuseFlexibleSet(target)
  const endpoint = optionalId(call, 'properties', 'dataCollectionEndpointId')
  const rule = optionalId(call, 'properties', 'dataCollectionRuleId')
  requireOneLink(call, endpoint, rule)
  if (endpoint !== undefined) requireLinked(call, endpoint, endpointType)
  if (rule !== undefined) requireLinked(call, rule, ruleType)
  const before = azure.store.get(path.key)
  const stored = commitWrite(
    call,
    {
      path,
      properties: defined({
        description: optionalText(call, 'properties', 'description'),
        dataCollectionRuleId: rule,
        dataCollectionEndpointId: endpoint,
      }),
    },
    { keepCreated: false },
  )
  return answer(before ? 200 : azure.knobs.createdStatus, presentAssociation(stored))
}

function requireOneLink(
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

/** The endpoint or rule of an association must be one, be there, and be within the caller's rights. */
function requireLinked(call: ResourceCall, id: string, wanted: string): void {
  const path = parseArmPath(id)
  if (path?.kind !== 'resource' || path.type !== wanted) {
    refusePayload(`'${id}' is not of type '${wanted}'.`, 'properties')
  }
  const action = `${path.namespace}/${path.typePath}/read`
  call.azure.access.requireLinked(call, `${type}/write`, action, id)
  if (!call.azure.store.get(path.key)) {
    refusePayload(`The resource '${id}' was not found.`, 'properties')
  }
}

/** The resource that an association is an extension of: of a supported type, and there. */
function requireTarget(call: Call): StoredResource {
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

/** Flexible scale sets take no associations: their machines do (facts, section 1.3). */
function refuseFlexibleSet(target: StoredResource): void {
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
