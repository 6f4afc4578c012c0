import { compareText } from '../resources/id.ts'

/** The most targets in one Log Analytics query (contract section 9). */
export const targetsPerQuery = 500

/** How far back a query looks for the last record. */
export const lookBackHours = 24

/** A function in every workspace that shows when its daily cap stopped ingestion (facts-2 A.4). */
export const operations = '_LogOperation'

/** The columns of the answer. */
export const logColumns = {
  resource: 'R',
  table: 'T',
  lastSeen: 'TimeGenerated',
  address: 'ComputerIP',
  records: 'Records',
} as const

/**
 * One query for all tables and up to 500 targets: when each target last appeared in each table, how
 * often within a day, and from which address its newest heartbeat came. Instances of a scale set
 * count for the set. `isfuzzy` skips tables that the workspace does not have.
 *
 * @param withCap whether to query the daily cap too
 * @param keys resource ids in lower case that pass `isSafeInQuery`
 */
export function logQuery(
  tables: readonly string[],
  keys: readonly string[],
  { withCap = true }: { readonly withCap?: boolean } = {},
): string {
  const legs = [...tables].sort(compareText).map(legOf)
  const ids = [...keys].sort(compareText).map((key) => `'${key}'`)
  return [
    'union isfuzzy=true',
    [...legs, ...(withCap ? [capLeg] : [])].map((leg) => `  (${leg})`).join(',\n'),
    "| extend R = iff(R has 'virtualmachinescalesets', tostring(split(R, '/virtualmachines/')[0]), R)",
    `| where T == '${operations}' or R in (${ids.join(', ')})`,
    '| summarize arg_max(TimeGenerated, ComputerIP), Records = count() by R, T',
  ].join('\n')
}

/** Only heartbeats carry the sender's address. */
function legOf(table: string): string {
  const address = table === 'Heartbeat' ? 'ComputerIP' : "ComputerIP = ''"
  return `${table} | where TimeGenerated > ago(${lookBackHours}h) | project T = '${table}', TimeGenerated, R = tolower(_ResourceId), ${address}`
}

const capLeg = `${operations} | where TimeGenerated > ago(${lookBackHours}h) | where Detail has 'OverQuota' or Operation has 'Data collection stopped' | project T = '${operations}', TimeGenerated, R = '', ComputerIP = ''`

/**
 * Letters and digits of any script, and the punctuation that Azure allows in names. No quote:
 * nothing can end a literal.
 */
const plainId =
  /^\/subscriptions\/[0-9a-f-]+\/resourcegroups\/[\p{L}\p{N}._()-]+\/providers\/[a-z0-9.]+(?:\/[a-z0-9]+\/[\p{L}\p{N}._()-]+)+$/u

/**
 * True for a resource key that may be inserted into a query. Nothing else from the file or from
 * Azure ever is.
 */
export function isSafeInQuery(key: string): boolean {
  return plainId.test(key)
}
