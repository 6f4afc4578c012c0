/** Settings of a running simulator; the defaults are Azure's recorded behaviour. */
export interface Knobs {
  /** How long a read takes, in milliseconds. */
  readMs: number
  /** How long a write takes before it is committed, in milliseconds. */
  writeMs: number
  /** How long a long-running write of a scope continues after its answer, in milliseconds; `Infinity` waits for `finishWrites`. */
  scopedWriteMs: number
  /** The lag of Resource Graph in milliseconds; `Infinity` shows the state at the start. */
  resourceGraphLagMs: number
  /** Entries on a page of a Resource Manager list. */
  pageSize: number
  /** Maximum rows on a page of Resource Graph. */
  graphPageSize: number
  /** Whether Resource Graph enforces its quota (15 queries in 5 seconds). */
  graphQuota: boolean
  /** Maximum bytes of rows in one answer of Resource Graph. */
  graphAnswerBytes: number
  /** Whether Resource Graph accepts `make_list`: fully, not at all, or with lists cut to this many entries. */
  graphLists: 'taken' | 'refused' | number
  /** `upper` and `lower` write every id of an answer that way instead of in Azure's recorded case. */
  casing: 'azure' | 'upper' | 'lower'
  /** How a long-running write answers: 200 with its state only in the body, or 202 with headers. */
  lro: 'body' | 'async-operation' | 'location'
  /** `Retry-After` of a 202, in seconds. */
  retryAfterSeconds: number
  /** Status of a PUT that created an endpoint, an association or a link. */
  createdStatus: 200 | 201
  /** The answer to writing an identical link again. */
  identicalLink: 'no-op' | 'conflict'
  /** The result of deleting an endpoint that associations or rules refer to. */
  endpointInUse: 'refuse' | 'allow'
  /** The result of deleting a resource that a private link scope links. */
  linkedDelete: 'refuse' | 'allow'
  /** Status of the refusal of a write to a scope that is already being written. */
  busyStatus: 409 | 400
  /** The result of associating a target with an endpoint of another region. */
  otherRegion: 'accept' | 'refuse'
  /** The right on the linked resource that a link requires. */
  linkedAction: 'scopedPrivateLinkProxies/write' | 'write'
  /** Names of endpoints: 1 to 44 characters, 3 to 44, or 3 to 44 starting with a letter. */
  endpointNames: 'lenient' | 'usual' | 'strict'
  /** Whether rows of Resource Graph have `privateLinkScopedResources`. */
  graphLinks: 'shown' | 'hidden'
  /** Whether the links of scopes are rows of Resource Graph, and in which table. */
  graphScoped: 'nowhere' | 'resources'
  /** The result of linking a resource in the managed group of an Azure Monitor workspace. */
  managedGroups: 'open' | 'locked' | 'denied'
  /** The limit on association writes per minute, if throttling is on. */
  associationWrites: number
  /** The name of Resource Graph's table of associations. */
  associationTable: 'insightsresources' | 'insightresources'
  /** The seed that shuffles lists and rows of Resource Graph; absent: sorted by id. */
  shuffle: number | undefined
  throttle: 'none' | 'published'
  tokenLifetimeSeconds: number
  /** `azure` depends on the api-version, as in Azure; the others answer that shape for every version. */
  metadataShape: 'azure' | 'object' | 'array' | 'flat'
  /** Subject, issuer and lifetime of the tokens from GitHub's OIDC endpoint. */
  oidcSubject: string
  oidcIssuer: string
  oidcLifetimeSeconds: number
  /** How far the simulated clock (timestamps and query services) is ahead of this machine's, in milliseconds. */
  clockOffsetMs: number
  /** The query endpoints of Azure Monitor workspaces: Azure's names, or this server. */
  queryEndpoints: 'azure' | 'self'
  /** Ids of targets outside the network of the private endpoint: they resolve public addresses. */
  outside: readonly string[]
  /** Where the caller of a query service is. */
  caller: 'internet' | 'inside'
  /** The answer of a query service instead of rows, by workspace name, `*` for all. */
  queryAnswers: Readonly<
    Record<string, 'rows' | 'partial' | 'throttled' | 'timeout' | 'no-content' | 'empty'>
  >
  /** How an Azure Monitor workspace without public access refuses a caller from the internet. */
  closedMetrics: 403 | 'reset'
  /** Whether series have the resource id of their sender. */
  seriesIds: boolean
  /** By the name of a Log Analytics workspace: how many minutes ago its daily cap was reached. */
  dailyCaps: Readonly<Record<string, number>>
  /** Plans of tables that are not Analytics, by `workspace/table`. */
  tablePlans: Readonly<Record<string, 'Analytics' | 'Basic' | 'Auxiliary'>>
  /** Records in addition to those of the agents. */
  extraRows: readonly {
    readonly workspace: string
    readonly table: string
    readonly resource: string
    readonly minutesAgo: number
    readonly address?: string
  }[]
  /** How many instances a scale set has. */
  scaleSetInstances: number
  /** How far the clocks of the agents are ahead, in minutes. */
  agentSkewMinutes: number
}

/** The defaults. */
export const defaultKnobs: Readonly<Knobs> = {
  readMs: 0,
  writeMs: 0,
  scopedWriteMs: 20,
  resourceGraphLagMs: 0,
  pageSize: 50,
  graphPageSize: 1000,
  graphQuota: false,
  graphAnswerBytes: 16_777_216,
  graphLists: 'taken',
  casing: 'azure',
  lro: 'body',
  retryAfterSeconds: 1,
  createdStatus: 200,
  identicalLink: 'no-op',
  endpointInUse: 'refuse',
  linkedDelete: 'refuse',
  busyStatus: 409,
  otherRegion: 'accept',
  linkedAction: 'scopedPrivateLinkProxies/write',
  endpointNames: 'usual',
  graphLinks: 'shown',
  graphScoped: 'nowhere',
  managedGroups: 'open',
  associationWrites: 300,
  associationTable: 'insightsresources',
  shuffle: undefined,
  throttle: 'none',
  tokenLifetimeSeconds: 3599,
  metadataShape: 'azure',
  oidcSubject: 'repo:octo-org/octo-repo:ref:refs/heads/main',
  oidcIssuer: 'https://token.actions.githubusercontent.com',
  oidcLifetimeSeconds: 300,
  clockOffsetMs: 0,
  queryEndpoints: 'azure',
  outside: [],
  caller: 'internet',
  queryAnswers: {},
  closedMetrics: 403,
  seriesIds: true,
  dailyCaps: {},
  tablePlans: {},
  extraRows: [],
  scaleSetInstances: 2,
  agentSkewMinutes: 0,
}
