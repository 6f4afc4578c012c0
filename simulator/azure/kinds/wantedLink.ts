import { gatewayError, providerError, refuse } from '../answers.ts'
import { optionalId, optionalText, refusePayload, requireOneOf } from '../body.ts'
import { parseArmPath } from '../path.ts'
import { lowerProviderPath } from '../present.ts'
import type { ResourceCall } from '../state.ts'

/** The resource that a client wants to link. */
export interface WantedLink {
  readonly linkedResourceId: string
  readonly kind?: string
  readonly subscriptionLocation?: string
}

/** The types that a scope can link; not an Azure Monitor workspace (facts, section 1.5). */
const linkable = [
  'microsoft.operationalinsights/workspaces',
  'microsoft.insights/components',
  'microsoft.insights/datacollectionendpoints',
]

/** Checks the resource to link: its type, the caller's rights, and that it exists. */
export function readWantedLink(call: ResourceCall): WantedLink {
  const id = optionalId(call, 'properties', 'linkedResourceId')
  if (id === undefined) {
    return refusePayload(
      "The property 'linkedResourceId' is required.",
      'properties.linkedResourceId',
    )
  }
  const path = parseArmPath(id)
  if (call.apiVersion >= '2023-06-01') {
    const kinds = ['resource', 'platformMetrics']
    const kind = requireOneOf(call, ['properties', 'kind'], kinds) ?? 'resource'
    if (kind === 'platformMetrics') return readMetricsLink(call, id)
  }
  if (path?.kind !== 'resource' || !linkable.includes(path.type)) {
    return refuse(
      providerError(
        400,
        'BadRequest',
        `Linked resource '${id}' is of a type that can't be added to a private link scope. Types that can: ${linkable.join(', ')}.`,
      ),
    )
  }
  const action = `${path.namespace}/${path.typePath}/${call.azure.knobs.linkedAction}`
  call.azure.access.requireLinked(
    call,
    'Microsoft.Insights/privateLinkScopes/scopedResources/write',
    action,
    id,
  )
  if (!call.azure.store.get(path.key)) refuseUnknown(id)
  if (isInManagedGroup(path.resourceGroup)) refuseManaged(call, id, action)
  return { linkedResourceId: id }
}

/** The resource group that Azure creates for an Azure Monitor workspace (quirk 24). */
function isInManagedGroup(group: string): boolean {
  return /^MA_.+_managed$/i.test(group)
}

/** Assumed: no report of either is known; the messages are Resource Manager's for other locks and deny assignments. */
function refuseManaged({ azure, principal }: ResourceCall, id: string, action: string): void {
  const { managedGroups } = azure.knobs
  const group = id.replace(/\/providers\/.*$/i, '')
  if (managedGroups === 'locked') {
    refuse(
      gatewayError(
        409,
        'ScopeLocked',
        `The scope '${id}' cannot perform write operation because following scope(s) are locked: '${group}'. Please remove the lock and try again.`,
      ),
    )
  }
  if (managedGroups === 'denied') {
    refuse(
      gatewayError(
        403,
        'DenyAssignmentAuthorizationFailed',
        `The client '${principal.clientId}' with object id '${principal.objectId}' has permission to perform action '${action}' on scope '${id}'; however, the access is denied because of the deny assignment with name 'System deny assignment of a managed resource group' and Id '00000000000000000000000000000001' at scope '${group}'.`,
      ),
    )
  }
}

/** The platform metrics of a subscription in one location, from 2023-06-01-preview on. */
function readMetricsLink(call: ResourceCall, id: string): WantedLink {
  const location = optionalText(call, 'properties', 'subscriptionLocation')
  if (parseArmPath(id)?.kind !== 'subscription' || location === undefined) {
    return refusePayload(
      "A link of kind 'platformMetrics' needs a subscription as 'linkedResourceId' and a 'subscriptionLocation'.",
      'properties',
    )
  }
  return { linkedResourceId: id, kind: 'platformMetrics', subscriptionLocation: location }
}

/** 412 as recorded for a workspace that the service didn't know yet (quirk 13). */
function refuseUnknown(id: string): never {
  refuse(
    providerError(
      412,
      'PreconditionFailed',
      `Resource '${lowerProviderPath(id)}' not found in 'AIMON' environment`,
      {
        innererror: { trace: ['Microsoft.AppInsights.Nexus.ResourceStore.ResourceStoreException'] },
      },
    ),
  )
}
