import { type JsonObject, mapTexts } from './json.ts'

/** An Azure tenant as plain data: the start state of a simulator, and the result of a snapshot. */
export interface EstateSeed {
  /** Tenant id. */
  readonly tenant?: string
  /** The first is the subscription of ids that start with `/resourceGroups/`. */
  readonly subscriptions: readonly string[]
  /** All resources, in one flat list; resource groups are implied. */
  readonly resources: readonly SeedResource[]
  /** Resource groups without resources: names in the first subscription, or ids. */
  readonly resourceGroups?: readonly string[]
  /** Ids of resources, or of their containers, that callers may not read. */
  readonly unreadable?: readonly string[]
  readonly denied?: readonly Denial[]
  readonly locks?: readonly Lock[]
  readonly policies?: readonly Policy[]
  /** Federated credentials; default: every subject of the right issuer and audience may sign in. */
  readonly federated?: readonly FederatedCredential[]
  /** Applications of the tenant; default: every client id and secret is accepted. */
  readonly clients?: readonly Client[]
}

export interface SeedResource {
  readonly id: string
  readonly location?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly kind?: string
  readonly identity?: JsonObject
  readonly sku?: JsonObject
  readonly plan?: JsonObject
  readonly zones?: readonly string[]
  readonly extendedLocation?: JsonObject
  readonly properties?: JsonObject
  readonly managedBy?: string
  readonly systemData?: Partial<SystemData>
}

export interface SystemData {
  readonly createdBy: string
  readonly createdByType: string
  readonly createdAt: string
  readonly lastModifiedBy: string
  readonly lastModifiedByType: string
  readonly lastModifiedAt: string
}

/** A missing right. An action may contain `*`, as in role definitions: `*` + `/write`. */
export interface Denial {
  readonly action: string
  /** An id; includes everything below it. */
  readonly scope: string
  /** The only client id that it is denied to; default: all. */
  readonly client?: string
}

export interface Lock {
  readonly scope: string
  readonly level: 'ReadOnly' | 'CanNotDelete'
}

/** An Azure Policy assignment that denies writes or, with `modify`, changes them. */
export interface Policy {
  readonly assignment: string
  readonly definition: string
  /** `type`, and paths into the written resource with the value that matches: `properties.a.b`. */
  readonly match: Readonly<{ type: string } & Record<string, unknown>>
  /** Paths into the written resource, and the values to set. */
  readonly modify?: JsonObject
}

export interface FederatedCredential {
  readonly clientId: string
  readonly subject: string
  /** Default: GitHub's. */
  readonly issuer?: string
  /** Default: `api://AzureADTokenExchange`. */
  readonly audience?: string
}

export interface Client {
  readonly clientId: string
  readonly secret?: string
}

export const defaultTenant = '72f988bf-0000-4000-8000-2d7cd011db47'

/** Expands every id that starts with `/resourceGroups/`, anywhere in the seed. */
export function completeIds<T>(value: T, subscriptions: readonly string[]): T {
  const first = subscriptions[0] ?? ''
  const complete = (text: string): string =>
    /^\/resourcegroups\//i.test(text) ? `/subscriptions/${first}${text}` : text
  return mapTexts(value, complete) as T
}
