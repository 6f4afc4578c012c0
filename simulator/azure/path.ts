/** A parsed path of a Resource Manager request or id. */
export type ArmPath = ContainerPath | ResourcePath | CollectionPath

/** A subscription, a resource group, or a list of them. */
export interface ContainerPath {
  readonly kind: 'subscriptions' | 'subscription' | 'resourceGroups' | 'resourceGroup'
  /** As written but normalised: one leading slash, no double or trailing slashes. */
  readonly id: string
  /** `id` in lower case. */
  readonly key: string
  readonly subscription: string
  readonly resourceGroup: string
}

interface ProviderPath {
  readonly id: string
  readonly key: string
  /** Lower case; empty for a path at tenant level. */
  readonly subscription: string
  /** As written; empty outside resource groups. */
  readonly resourceGroup: string
  /** `Microsoft.Insights`, as written. */
  readonly namespace: string
  /** `privateLinkScopes/scopedResources`, as written. */
  readonly typePath: string
  /** Provider and type in lower case: `microsoft.insights/privatelinkscopes/scopedresources`. */
  readonly type: string
  /**
   * The key of its holder: the resource group or subscription of a top-level resource, the parent of a
   * child, the target of an extension resource.
   */
  readonly holder: string
}

/** One resource. */
export interface ResourcePath extends ProviderPath {
  readonly kind: 'resource'
  readonly name: string
}

/** The resources of one type below a holder. */
export interface CollectionPath extends ProviderPath {
  readonly kind: 'collection'
}

/** Parses a path; `undefined` when it isn't a Resource Manager path. */
export function parseArmPath(path: string): ArmPath | undefined {
  const segments = path.split('/').filter((segment) => segment !== '')
  const lower = segments.map((segment) => segment.toLowerCase())
  const provider = lower.lastIndexOf('providers')
  const subscription = lower[0] === 'subscriptions' ? (lower[1] ?? '') : ''
  const resourceGroup = lower[2] === 'resourcegroups' ? (segments[3] ?? '') : ''
  if (provider >= 0) return parseProvider(segments, provider, subscription, resourceGroup)
  const id = `/${segments.join('/')}`
  const container = { id, key: id.toLowerCase(), subscription, resourceGroup }
  if (lower[0] !== 'subscriptions') return undefined
  if (segments.length === 1) return { kind: 'subscriptions', ...container }
  if (segments.length === 2) return { kind: 'subscription', ...container }
  if (lower[2] !== 'resourcegroups') return undefined
  if (segments.length === 3) return { kind: 'resourceGroups', ...container }
  return segments.length === 4 ? { kind: 'resourceGroup', ...container } : undefined
}

/** Parses a resource id; throws on anything else. For ids in seeds. */
export function parseSeedId(id: string): ResourcePath {
  const path = parseArmPath(id)
  if (path?.kind !== 'resource') throw new Error(`Not a resource id: ${id}`)
  return path
}

/** The id of the container or holder of a resource path, as written. */
export function holderId(path: ResourcePath): string {
  return path.id.slice(0, path.holder.length)
}

/** True when `key` is `scope` or below it; both in lower case. */
export function liesWithin(key: string, scope: string): boolean {
  return scope === '/' || key === scope || key.startsWith(`${scope}/`)
}

function parseProvider(
  segments: readonly string[],
  provider: number,
  subscription: string,
  resourceGroup: string,
): ArmPath | undefined {
  const namespace = segments[provider + 1]
  const rest = segments.slice(provider + 2)
  if (namespace === undefined || rest.length === 0) return undefined
  const id = `/${segments.join('/')}`
  const typePath = rest.filter((_, index) => index % 2 === 0).join('/')
  const isResource = rest.length % 2 === 0
  const isChild = rest.length > 2
  const above = segments.slice(0, isChild ? segments.length - (isResource ? 2 : 1) : provider)
  const parsed = {
    id,
    key: id.toLowerCase(),
    subscription,
    resourceGroup,
    namespace,
    typePath,
    type: `${namespace}/${typePath}`.toLowerCase(),
    holder: `/${above.join('/')}`.toLowerCase(),
  }
  return isResource
    ? { kind: 'resource', ...parsed, name: rest.at(-1) ?? '' }
    : { kind: 'collection', ...parsed }
}
