import { type JsonObject, mapTexts } from './json.ts'

/** An Azure tenant as plain data: what a simulator starts with and what a snapshot gives back. */
export interface EstateSeed {
  /** Tenant id. */
  readonly tenant?: string
  /** The first is the one that ids starting with `/resourceGroups/` are in. */
  readonly subscriptions: readonly string[]
  /** Everything there is, in one flat list; resource groups are implied. */
  readonly resources: readonly SeedResource[]
  /** Resource groups without resources: names in the first subscription, or ids. */
  readonly resourceGroups?: readonly string[]
  /** Ids, of resources or of anything above them, that callers may not read. */
  readonly unreadable?: readonly string[]
  readonly denied?: readonly Denial[]
  readonly locks?: readonly Lock[]
  readonly policies?: readonly Policy[]
  /** Federated credentials; left out, every subject of the right issuer and audience may sign in. */
  readonly federated?: readonly FederatedCredential[]
  /** Applications of the tenant; left out, every client id is one and every secret right. */
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

/** A right that is missing. An action may hold `*`, as in role definitions: `*` + `/write`. */
export interface Denial {
  readonly action: string
  /** An id; everything below it is meant too. */
  readonly scope: string
  /** Client id of the only one it is denied to; left out, to everybody. */
  readonly client?: string
}

export interface Lock {
  readonly scope: string
  readonly level: 'ReadOnly' | 'CanNotDelete'
}

/** An Azure Policy assignment that denies writes, or with `modify` changes them on the way in. */
export interface Policy {
  readonly assignment: string
  readonly definition: string
  /** `type`, and paths into the written resource with the value that matches: `properties.a.b`. */
  readonly match: Readonly<{ type: string } & Record<string, unknown>>
  /** Paths into the written resource and the values they are given. */
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

/** Writes every id that starts with `/resourceGroups/` out in full, wherever it stands. */
export function completeIds<T>(value: T, subscriptions: readonly string[]): T {
  const first = subscriptions[0] ?? ''
  const complete = (text: string): string =>
    /^\/resourcegroups\//i.test(text) ? `/subscriptions/${first}${text}` : text
  return mapTexts(value, complete) as T
}
