/**
 * Everything this action may create, change or delete in Azure.
 *
 * Desired and live state are both lists of these, so one comparison serves every kind. A field is
 * here only if we manage it; whatever else Azure keeps on the resource is left as it is.
 */
export type Resource = DataCollectionEndpoint | Association | ScopedResource | AccessModes

/** A data collection endpoint (DCE) that is ours, or that we want to be. */
export interface DataCollectionEndpoint {
  readonly kind: 'dataCollectionEndpoint'
  readonly id: string
  /** Normalised: `westeurope`. Immutable in Azure. */
  readonly location: string
  readonly publicNetworkAccess: PublicNetworkAccess
  /** Only the tags that we set; others on the live endpoint are kept and not compared. */
  readonly tags: Readonly<Record<string, string>>
}

/** `SecuredByPerimeter` is never asked for by a topology, but is found in Azure. */
export type PublicNetworkAccess = 'Enabled' | 'Disabled' | 'SecuredByPerimeter'

/** The `configurationAccessEndpoint` association of one target. */
export interface Association {
  readonly kind: 'association'
  readonly id: string
  /** Resource id of the machine or cluster. */
  readonly target: string
  /** The endpoint it points to; absent when it holds a rule instead, as seen in the wild. */
  readonly endpointId?: string
  /** The rule that it wrongly holds; never desired. */
  readonly ruleId?: string
  /** True before a change that takes that rule from its target, which has it under no other name. */
  readonly ruleIsLost?: boolean
  /** Whose it is; given only where the plan changes it, since any association to the endpoint satisfies. */
  readonly mark?: string
}

/** The link of an endpoint or a Log Analytics workspace into the private link scope. */
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

/** Place of each kind in the lists of a plan. */
const places: Readonly<Record<Kind, number>> = {
  dataCollectionEndpoint: 0,
  scopedResource: 1,
  association: 2,
  accessModes: 3,
}

/** Every kind, in the order in which plans list them. */
export const kinds = (Object.keys(places) as Kind[]).toSorted((a, b) => places[a] - places[b])

/** Whether a kind is part of the private link scope: Azure takes one write to a scope at a time. */
export const isPartOfScope: Readonly<Record<Kind, boolean>> = {
  dataCollectionEndpoint: false,
  scopedResource: true,
  association: false,
  accessModes: true,
}

/** The association that carries a target's endpoint for configuration access has this one name. */
export const configurationAssociation = 'configurationAccessEndpoint'

/** Id of the configuration association of a target. */
export function associationId(target: string): string {
  return `${target}/providers/Microsoft.Insights/dataCollectionRuleAssociations/${configurationAssociation}`
}
