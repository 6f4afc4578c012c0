import type { Answer } from '../../http.ts'
import { answer, refuse } from '../answers.ts'
import { optionalId, optionalText } from '../body.ts'
import { defined, type JsonObject, mapTexts, without } from '../json.ts'
import { type Kind, parentNotFound, silentNotFound } from '../kind.ts'
import { presentFields } from '../present.ts'
import type { ResourceCall } from '../state.ts'
import type { StoredResource } from '../store.ts'
import { commitDelete, commitWrite } from '../write.ts'
import {
  refuseFlexibleSet,
  refuseOtherRegion,
  requireLinked,
  requireOneLink,
  requireTarget,
} from './associationChecks.ts'
import { collectionVersions } from './dataCollectionEndpoints.ts'
import { ruleVersions } from './dataCollectionRules.ts'

const type = 'Microsoft.Insights/dataCollectionRuleAssociations'
const typeKey = type.toLowerCase()
const endpointType = 'microsoft.insights/datacollectionendpoints'
const ruleType = 'microsoft.insights/datacollectionrules'

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

/** The reverse lists: associations of an endpoint, and of a rule. */
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

/** The list of a rule's associations: all in lower case, without etag and systemData (quirk 1). */
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
  if (endpoint !== undefined) {
    requireLinked(call, endpoint, endpointType)
    if (azure.knobs.otherRegion === 'refuse') refuseOtherRegion(call, target, endpoint)
  }
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
