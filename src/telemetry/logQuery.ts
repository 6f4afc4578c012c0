import { compareText } from '../resources/id.ts'

/** How many targets one query of a Log Analytics workspace names (contract section 9). */
export const targetsAQuery = 500

/** How far back a query looks for the last record. */
export const lookBackHours = 24

/** The function of every workspace that tells when its daily cap stopped it (facts-2 A.4). */
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
 * One question for all tables and some hundred targets: when did each last appear in each table, how
 * often within a day, and from which address did its newest heartbeat come. The instances of a scale
 * set count for the set. A table that the workspace has not is left out by `isfuzzy`.
 *
 * @param withCap whether to ask for the daily cap too
 * @param keys resource ids in lower case that `mayBeAsked` lets pass
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

/** Only heartbeats carry the address that they came from. */
function legOf(table: string): string {
  const address = table === 'Heartbeat' ? 'ComputerIP' : "ComputerIP = ''"
  return `${table} | where TimeGenerated > ago(${lookBackHours}h) | project T = '${table}', TimeGenerated, R = tolower(_ResourceId), ${address}`
}

const capLeg = `${operations} | where TimeGenerated > ago(${lookBackHours}h) | where Detail has 'OverQuota' or Operation has 'Data collection stopped' | project T = '${operations}', TimeGenerated, R = '', ComputerIP = ''`

/** Letters and digits of any language, and what else Azure takes in names: nothing that could end a literal. */
const plainId =
  /^\/subscriptions\/[0-9a-f-]+\/resourcegroups\/[\p{L}\p{N}._()-]+\/providers\/[a-z0-9.]+(?:\/[a-z0-9]+\/[\p{L}\p{N}._()-]+)+$/u

/** True for a key that may stand in a query. Names of files and of Azure never do, and an odd id doesn't either. */
export function mayBeAsked(key: string): boolean {
  return plainId.test(key)
}
