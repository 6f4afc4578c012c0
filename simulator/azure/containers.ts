import type { Answer, SimulatedRequest } from '../http.ts'
import type { Principal } from '../entra/tokens.ts'
import { answer, gatewayError } from './answers.ts'
import type { JsonObject } from './json.ts'
import type { ContainerPath } from './path.ts'
import type { AzureState } from './state.ts'
import type { StoredGroup } from './store.ts'

/** The versions of Microsoft.Resources that are supported for subscriptions and resource groups. */
export const resourcesVersions: readonly string[] = [
  ...['2014-04-01', '2015-01-01', '2016-06-01', '2018-05-01', '2019-06-01', '2019-07-01'],
  ...['2019-11-01', '2020-01-01', '2020-10-01', '2021-01-01', '2021-04-01', '2022-09-01'],
  ...['2022-12-01', '2024-03-01', '2024-07-01', '2024-11-01', '2025-04-01'],
]

/** Subscriptions and resource groups: read only. */
export function answerContainer(
  azure: AzureState,
  path: ContainerPath,
  request: SimulatedRequest,
  principal: Principal,
): Answer {
  const may = (action: string, id: string): boolean =>
    azure.access.allows(principal, `Microsoft.Resources/${action}/read`, id.toLowerCase())
  if (path.kind === 'subscriptions') {
    const ids = azure.seed.subscriptions.filter((id) =>
      may('subscriptions', `/subscriptions/${id}`),
    )
    const value = ids.map((id) => presentSubscription(azure, id))
    return answer(200, { value, count: { type: 'Total', value: value.length } })
  }
  if (path.kind === 'subscription') {
    azure.access.require(principal, 'Microsoft.Resources/subscriptions/read', path.id)
    return answer(200, presentSubscription(azure, path.subscription))
  }
  const action = 'Microsoft.Resources/subscriptions/resourceGroups/read'
  if (path.kind === 'resourceGroups') {
    azure.access.require(principal, action, path.id)
    const value = groupsOf(azure, path.subscription)
      .filter((group) => may('subscriptions/resourceGroups', group.id))
      .map(presentGroup)
    return answer(200, { value })
  }
  azure.access.require(principal, action, path.id)
  const group = azure.store.groups.get(path.key)
  if (!group) return groupNotFound(path.resourceGroup)
  return request.method === 'HEAD' ? answer(204) : answer(200, presentGroup(group))
}

/** 404 for a resource group that isn't there, as recorded. */
export function groupNotFound(name: string): Answer {
  return gatewayError(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`)
}

/** 404 for a subscription that isn't in the tenant. */
export function subscriptionNotFound(id: string): Answer {
  return gatewayError(404, 'SubscriptionNotFound', `The subscription '${id}' could not be found.`)
}

/** A subscription as Resource Manager shows it. */
export function presentSubscription(azure: AzureState, id: string): JsonObject {
  return {
    id: `/subscriptions/${id}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: id,
    tenantId: azure.tenant,
    displayName: `Subscription ${id.slice(0, 8)}`,
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'PayAsYouGo_2014-09-01',
      spendingLimit: 'Off',
    },
  }
}

/** A resource group as Resource Manager shows it. */
export function presentGroup(group: StoredGroup): JsonObject {
  return {
    id: group.id,
    name: group.name,
    type: 'Microsoft.Resources/resourceGroups',
    location: group.location,
    properties: { provisioningState: 'Succeeded' },
  }
}

/** The resource groups of a subscription, by id. */
export function groupsOf(azure: AzureState, subscription: string): readonly StoredGroup[] {
  return [...azure.store.groups.values()]
    .filter((group) => group.subscription === subscription)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}
