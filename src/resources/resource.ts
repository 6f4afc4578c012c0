/**
 * Everything this action may create, change or delete in Azure.
 *
 * Desired and live state use the same type, so one comparison serves every kind. A field is here
 * only if we manage it; all other properties of the resource stay as they are.
 */
export type Resource = DataCollectionEndpoint | Association | ScopedResource | AccessModes

/** A data collection endpoint (DCE) that is ours or will be. */
export interface DataCollectionEndpoint {
  readonly kind: 'dataCollectionEndpoint'
  readonly id: string
  /** Normalised: `westeurope`. Immutable in Azure. */
  readonly location: string
  readonly publicNetworkAccess: PublicNetworkAccess
  /** Only the tags that we set; other tags on the live endpoint are kept and not compared. */
  readonly tags: Readonly<Record<string, string>>
}

/** A topology can't ask for `SecuredByPerimeter`, but Azure can return it. */
export type PublicNetworkAccess = 'Enabled' | 'Disabled' | 'SecuredByPerimeter'

/** The `configurationAccessEndpoint` association of one target. */
export interface Association {
  readonly kind: 'association'
  readonly id: string
  /** Resource id of the machine or cluster. */
  readonly target: string
  /** The endpoint it points to; absent if it holds a rule instead, as some public templates write it. */
  readonly endpointId?: string
  /** The rule that it holds by mistake; never desired. */
  readonly ruleId?: string
  /** True if the change would remove that rule from the target, which has it under no other name. */
  readonly ruleIsLost?: boolean
  /** Ownership mark. Set only if the plan changes it: any association with the right endpoint satisfies the rule. */
  readonly mark?: string
}

/** The link from the private link scope to an endpoint or a Log Analytics workspace. */
export interface ScopedResource {
  readonly kind: 'scopedResource'
  readonly id: string
  readonly linkedResourceId: string
}

/** The access modes of the private link scope; its id is the scope's. */
export interface AccessModes {
  readonly kind: 'accessModes'
  readonly id: string
  readonly ingestion: AccessMode
  readonly query: AccessMode
}

export type AccessMode = 'Open' | 'PrivateOnly'

export type Kind = Resource['kind']
export type ResourceOf<K extends Kind> = Extract<Resource, { kind: K }>

/** Position of each kind in the lists of a plan. */
const places: Readonly<Record<Kind, number>> = {
  dataCollectionEndpoint: 0,
  scopedResource: 1,
  association: 2,
  accessModes: 3,
}

/** Every kind, in the order in which plans list them. */
export const kinds = (Object.keys(places) as Kind[]).toSorted((a, b) => places[a] - places[b])

/** Kinds that are part of the private link scope: Azure accepts only one write to a scope at a time. */
export const isPartOfScope: Readonly<Record<Kind, boolean>> = {
  dataCollectionEndpoint: false,
  scopedResource: true,
  association: false,
  accessModes: true,
}

/** Fixed name of the association that assigns a target its endpoint for configuration access. */
export const configurationAssociation = 'configurationAccessEndpoint'

/** Id of the configuration association of a target. */
export function associationId(target: string): string {
  return `${target}/providers/Microsoft.Insights/dataCollectionRuleAssociations/${configurationAssociation}`
}
