import type { Answer } from '../../http.ts'
import { answer, providerError, refuse } from '../answers.ts'
import { type JsonObject, textAt } from '../json.ts'
import { emptyNotFound, type Kind, parentNotFound } from '../kind.ts'
import { accepted, type Ending, requireIdleScope, startOperation } from '../operations.ts'
import { etagOf, lowerProviderPath } from '../present.ts'
import type { Call, ResourceCall } from '../state.ts'
import type { StoredResource } from '../store.ts'
import {
  commitDelete,
  committedWrite,
  commitWrite,
  removeResource,
  storeResource,
} from '../write.ts'
import { scopedResourceType } from './links.ts'
import { readWantedLink, type WantedLink } from './wantedLink.ts'

const type = 'Microsoft.Insights/privateLinkScopes/scopedResources'

/** Links of a private link scope: long-running writes, one at a time on a scope. */
export const scopedResources: Kind = {
  type,
  apiVersions: ['2019-10-17-preview', '2021-07-01-preview', '2023-06-01-preview'],
  lastPage: 'null',
  present: (link, view) => presentLink(link, view.apiVersion),
  notFound: emptyNotFound,
  list: listLinks,
  get: (call) => {
    requireScope(call)
    const link = call.azure.store.get(call.path.key)
    return link ? answer(200, presentLink(link, call.apiVersion)) : emptyNotFound()
  },
  put: putLink,
  delete: deleteLink,
  graphTable: '',
}

function presentLink(link: StoredResource, version: string): JsonObject {
  const { kind, linkedResourceId, provisioningState, ...others } = link.properties
  return {
    id: lowerProviderPath(link.path.id),
    name: link.path.name,
    type: scopedResourceType,
    etag: etagOf(link),
    systemData: link.systemData,
    properties: {
      linkedResourceId: String(linkedResourceId).toLowerCase(),
      ...(version >= '2023-06-01' ? { kind: kind ?? 'resource', ...others } : {}),
      provisioningState: provisioningState ?? 'Succeeded',
    },
  }
}

function listLinks(call: Call): readonly StoredResource[] {
  const scope = requireScope(call)
  const kind = call.request.query.get('kind')?.toLowerCase()
  const links = call.azure.store.members(scopedResourceType, scope.path.key)
  if (kind === undefined || call.apiVersion < '2023-06-01') return links
  return links.filter(
    (link) => (textAt(link.properties, 'kind') ?? 'resource').toLowerCase() === kind,
  )
}

function putLink(call: ResourceCall): Answer {
  const { azure, path } = call
  const scope = requireScope(call)
  const wanted = readWantedLink(call)
  requireIdleScope(azure, scope.path.key)
  const taken = azure.store
    .referrers(wanted.linkedResourceId.toLowerCase(), scopedResourceType)
    .some((link) => link.path.holder === scope.path.key && link.path.key !== path.key)
  const before = azure.store.get(path.key)
  const isSame = before !== undefined && linkedKey(before) === wanted.linkedResourceId.toLowerCase()
  const isDone = isSame && (before.properties['provisioningState'] ?? 'Succeeded') === 'Succeeded'
  if (taken || (isDone && azure.knobs.identicalLink === 'conflict')) {
    refuse(
      providerError(
        409,
        'Conflict',
        'Scoped resource with same linked resource id already exists in this private link scope',
      ),
    )
  }
  if (isDone) return answer(200, presentLink(before, call.apiVersion))
  return writeLink(call, scope, before, wanted)
}

function writeLink(
  call: ResourceCall,
  scope: StoredResource,
  before: StoredResource | undefined,
  wanted: WantedLink,
): Answer {
  const { azure, path, apiVersion } = call
  const stored = commitWrite(
    call,
    { path, properties: { ...wanted, provisioningState: 'Provisioning' } },
    { keepCreated: true, phase: 'accepted' },
  )
  const operation = startOperation(call, scope.path.key, {
    end: (ending) => settle(call, stored, before, ending),
    result: (version) => {
      const link = azure.store.get(path.key)
      return link ? presentLink(link, version) : undefined
    },
  })
  if (azure.knobs.lro !== 'body') return accepted(call, operation)
  const now = azure.store.get(path.key) ?? stored
  return answer(before ? 200 : azure.knobs.createdStatus, presentLink(now, apiVersion))
}

function deleteLink(call: ResourceCall): Answer {
  const { azure, path } = call
  const scope = requireScope(call)
  const link = azure.store.get(path.key)
  if (!link) return answer(204)
  requireIdleScope(azure, scope.path.key)
  const isAtOnce = azure.knobs.lro === 'body' && !isLongRunningFault(call)
  if (isAtOnce) {
    commitDelete(call, link, 'accepted')
    startOperation(call, scope.path.key, {
      end: () => committedWrite(call, 'finished', link, undefined),
      result: () => undefined,
    })
    return answer(200)
  }
  const leaving = { ...link, properties: { ...link.properties, provisioningState: 'Deleting' } }
  const stored = storeResource(azure, leaving)
  call.commits.push(committedWrite(call, 'accepted', link, stored))
  const operation = startOperation(call, scope.path.key, {
    end: (ending) => {
      if (ending !== 'Succeeded') return settle(call, stored, link, ending)
      removeResource(azure, path.key)
      return committedWrite(call, 'finished', link, undefined)
    },
    result: () => undefined,
  })
  return azure.knobs.lro === 'body' ? answer(200) : accepted(call, operation)
}

/** Writes the final state of a long-running write of a link, unless the link was deleted meanwhile. */
function settle(
  call: ResourceCall,
  link: StoredResource,
  before: StoredResource | undefined,
  ending: Ending,
): ReturnType<typeof committedWrite> {
  const present = call.azure.store.get(link.path.key)
  if (!present) return committedWrite(call, 'finished', before, undefined)
  const properties = { ...present.properties, provisioningState: ending }
  const stored = storeResource(call.azure, { ...present, properties })
  return committedWrite(call, 'finished', before, stored)
}

function isLongRunningFault({ fault }: Call): boolean {
  return typeof fault === 'string' && fault.startsWith('lro-')
}

function requireScope(call: Call): StoredResource {
  const scope = call.azure.store.get(call.path.holder)
  return scope ?? refuse(parentNotFound(call, call.path.id.slice(0, call.path.holder.length)))
}

function linkedKey(link: StoredResource): string {
  return textAt(link.properties, 'linkedResourceId')?.toLowerCase() ?? ''
}
