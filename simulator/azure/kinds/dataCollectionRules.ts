import { isObject, type JsonObject, objectAt, textAt } from '../json.ts'
import { gatewayNotFound, type Kind, readOnlyKind } from '../kind.ts'
import { presentFields } from '../present.ts'
import { guidFor, type StoredResource } from '../store.ts'
import { collectionVersions } from './dataCollectionEndpoints.ts'

export const ruleVersions: readonly string[] = ['2019-11-01-preview', ...collectionVersions]

/** Data collection rules: read-only. */
export const dataCollectionRules: Kind = readOnlyKind(
  'Microsoft.Insights/dataCollectionRules',
  ruleVersions,
  {
    supportedVersions: ruleVersions,
    lastPage: 'null-below-group',
    present: presentRule,
    notFound: gatewayNotFound,
  },
)

function presentRule(resource: StoredResource): JsonObject {
  const { path, generation, properties } = resource
  const { description, destinations, ...others } = properties
  return presentFields(resource, {
    type: 'Microsoft.Insights/dataCollectionRules',
    stamped: true,
    properties: {
      ...(description === undefined ? {} : { description }),
      immutableId: `dcr-${guidFor(`${path.key} ${generation}`).replaceAll('-', '')}`,
      provisioningState: 'Succeeded',
      ...(destinations === undefined ? {} : { destinations: withIds(destinations) }),
      ...others,
    },
  })
}

/** The service adds the GUIDs of the rule's workspaces (recorded). */
function withIds(destinations: unknown): JsonObject {
  const given = objectAt({ destinations }, 'destinations')
  const add = (list: string, from: string, to: string, salt: string): JsonObject => {
    const entries = given[list]
    if (!Array.isArray(entries)) return {}
    const filled = entries.filter(isObject).map((entry) => {
      const id = textAt(entry, from)?.toLowerCase()
      return id === undefined ? entry : { [to]: guidFor(`${salt} ${id}`), ...entry }
    })
    return { [list]: filled }
  }
  return {
    ...given,
    ...add('logAnalytics', 'workspaceResourceId', 'workspaceId', 'customer'),
    ...add('monitoringAccounts', 'accountResourceId', 'accountId', 'account'),
  }
}
