/** What can be turned on a running simulator; every knob has Azure's recorded behaviour as default. */
export interface Knobs {
  /** How long a read takes, in milliseconds. */
  readMs: number
  /** How long a write takes before it is committed, in milliseconds. */
  writeMs: number
  /** How long a long-running write of a scope goes on after its answer, in milliseconds; `Infinity` waits for `finishWrites`. */
  scopedWriteMs: number
  /** Resource Graph shows the state of so many milliseconds ago; `Infinity` is the state at the start. */
  resourceGraphLagMs: number
  /** Entries on a page of a Resource Manager list. */
  pageSize: number
  /** Rows on a page of Resource Graph, at most. */
  graphPageSize: number
  /** Whether Resource Graph counts queries (15 in 5 seconds). */
  graphQuota: boolean
  /** Bytes of rows in one answer of Resource Graph, at most. */
  graphAnswerBytes: number
  /** Whether Resource Graph takes `make_list`: as it is, not at all, or with lists cut to so many entries. */
  graphLists: 'taken' | 'refused' | number
  /** `upper` and `lower` write every id of an answer that way instead of as Azure was seen to. */
  casing: 'azure' | 'upper' | 'lower'
  /** How a long-running write answers: 200 and only its state in the body, or 202 with headers. */
  lro: 'body' | 'async-operation' | 'location'
  /** `Retry-After` of a 202, in seconds. */
  retryAfterSeconds: number
  /** Status of a PUT that created an endpoint, an association or a link. */
  createdStatus: 200 | 201
  /** What writing a link again as it is answers. */
  identicalLink: 'no-op' | 'conflict'
  /** What deleting an endpoint does that associations or rules refer to. */
  endpointInUse: 'refuse' | 'allow'
  /** What deleting something does that a private link scope links. */
  linkedDelete: 'refuse' | 'allow'
  /** Status of the refusal of a write to a scope that is being written to. */
  busyStatus: 409 | 400
  /** What associating a target with an endpoint of another region does. */
  otherRegion: 'accept' | 'refuse'
  /** Which right on the linked resource a link asks for. */
  linkedAction: 'scopedPrivateLinkProxies/write' | 'write'
  /** Names of endpoints: 1 to 44 characters, 3 to 44, or 3 to 44 that begin with a letter. */
  endpointNames: 'lenient' | 'usual' | 'strict'
  /** Whether rows of Resource Graph have `privateLinkScopedResources`. */
  graphLinks: 'shown' | 'hidden'
  /** Whether the links of scopes are rows of Resource Graph, and where. */
  graphScoped: 'nowhere' | 'resources'
  /** What linking something does that is in the managed group of an Azure Monitor workspace. */
  managedGroups: 'open' | 'locked' | 'denied'
  /** Associations that may be written in a minute, where requests are counted. */
  associationWrites: number
  /** By which of its two names Resource Graph knows the table of associations. */
  associationTable: 'insightsresources' | 'insightresources'
  /** Order of list answers and of Resource Graph: by id, or shuffled by this number. */
  shuffle: number | undefined
  throttle: 'none' | 'published'
  tokenLifetimeSeconds: number
  /** `azure` goes by the api-version asked for, as Azure does; the others answer that shape to all. */
  metadataShape: 'azure' | 'object' | 'array' | 'flat'
  /** Subject, issuer and life of the tokens that GitHub's OIDC endpoint gives out. */
  oidcSubject: string
  oidcIssuer: string
  oidcLifetimeSeconds: number
  /** How far the clock of what is stamped and of the query services is ahead of this machine's, in milliseconds. */
  clockOffsetMs: number
  /** Where the query endpoints of Azure Monitor workspaces are: on Azure's names, or on this server. */
  queryEndpoints: 'azure' | 'self'
  /** Ids of targets that are outside the network of the private endpoint: they resolve public addresses. */
  outside: readonly string[]
  /** Where whoever asks a query service is. */
  caller: 'internet' | 'inside'
  /** What a query service answers instead of rows, by the name of the workspace, `*` for all. */
  queryAnswers: Readonly<
    Record<string, 'rows' | 'partial' | 'throttled' | 'timeout' | 'no-content' | 'empty'>
  >
  /** What an Azure Monitor workspace without public access does to a caller from the internet. */
  closedMetrics: 403 | 'reset'
  /** Whether series carry the resource id of who sent them. */
  seriesIds: boolean
  /** By the name of a Log Analytics workspace: how many minutes ago its daily cap was reached. */
  dailyCaps: Readonly<Record<string, number>>
  /** Plans of tables that are not Analytics, by `workspace/table`. */
  tablePlans: Readonly<Record<string, 'Analytics' | 'Basic' | 'Auxiliary'>>
  /** Records beside those of the agents. */
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

/** The knobs of a simulator that was asked for nothing special. */
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
