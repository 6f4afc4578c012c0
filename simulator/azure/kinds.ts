import { associationLists, dataCollectionRuleAssociations } from './kinds/associations.ts'
import { dataCollectionEndpoints } from './kinds/dataCollectionEndpoints.ts'
import { dataCollectionRules } from './kinds/dataCollectionRules.ts'
import { privateLinkScopes } from './kinds/privateLinkScopes.ts'
import { networkKinds } from './kinds/networks.ts'
import { scopedResources } from './kinds/scopedResources.ts'
import { scopeParts } from './kinds/scopeParts.ts'
import { targetKinds } from './kinds/targets.ts'
import { workspaceKinds } from './kinds/workspaces.ts'
import type { Kind } from './kind.ts'
import { parseSeedId, type ResourcePath } from './path.ts'
import type { AzureState } from './state.ts'

/** Every supported type, by its lower-case name. */
export type Kinds = ReadonlyMap<string, Kind>

/** The types of one simulated Azure. */
export function kindsOf(azure: AzureState): Kinds {
  const kinds: readonly Kind[] = [
    dataCollectionEndpoints,
    dataCollectionRules,
    dataCollectionRuleAssociations,
    ...associationLists,
    privateLinkScopes(azure),
    scopedResources,
    ...scopeParts,
    ...networkKinds,
    ...workspaceKinds,
    ...targetKinds,
  ]
  return new Map(kinds.map((kind) => [kind.type.toLowerCase(), kind]))
}

/**
 * The same path in the form in which Resource Manager stores it: `resourceGroups`, providers and types in
 * their registered case, names as sent. Unsupported types are unchanged.
 */
export function canonicalPath(path: ResourcePath, kinds: Kinds): ResourcePath {
  const segments = path.id.split('/')
  const lower = path.key.split('/')
  const written = segments.map((segment, index) =>
    index === 1
      ? 'subscriptions'
      : lower[index] === 'resourcegroups' && index === 3
        ? 'resourceGroups'
        : segment,
  )
  lower.forEach((segment, index) => {
    if (segment !== 'providers' || index % 2 === 0) return
    written[index] = 'providers'
    const end = lower.indexOf('providers', index + 2)
    const types = lower.slice(index + 1, end < 0 ? undefined : end)
    const names = types.filter((_, step) => step === 0 || step % 2 === 1)
    for (let length = 2; length <= names.length; length += 1) {
      const registered = kinds.get(names.slice(0, length).join('/'))?.type.split('/')
      if (!registered) continue
      written[index + 1] = registered[0] ?? ''
      written[index + 2 * (length - 1)] = registered.at(-1) ?? ''
    }
  })
  return parseSeedId(written.join('/'))
}
