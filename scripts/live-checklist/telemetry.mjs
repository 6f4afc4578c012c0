// The points that verify and check-network rely on: the query services, and how their names resolve. Read-only.
import { resolveCname } from 'node:dns/promises'
import { az, describe, versions } from './azure.mjs'
import { point } from './report.mjs'

const publicLogs = 'https://api.loganalytics.io'
const publicMetrics = 'prometheus.monitor.azure.com'

const heartbeats =
  'Heartbeat | where TimeGenerated > ago(1h) | summarize arg_max(TimeGenerated, ComputerIP) by _ResourceId'
const nowhere = 'union isfuzzy=true (NoSuchTable1 | take 1), (NoSuchTable2 | take 1)'
const stamped = 'max by (cluster, "Microsoft.resourceid") (timestamp(up))'

/** Answers the points about a Log Analytics workspace, an Azure Monitor workspace, a rule and a private endpoint. */
export async function readTelemetry({ ask, logs }, given) {
  const { workspace, rule, scope } = given
  await logPoints({ ask, logs }, workspace)
  await metricPoints({ ask }, given['monitor-workspace'])
  await point('T4', 'Is api.loganalytics.azure.com an alias of the private name too?', async () =>
    logs.replace(/\/$/, '') === publicLogs
      ? await aliasesOf('api.loganalytics.azure.com')
      : 'this cloud has another service',
  )
  await point('T6', 'What do zone groups of a private endpoint of a scope hold?', async () =>
    scope === undefined ? 'needs --scope' : await zoneGroupsOf(ask, scope),
  )
  await point('T7', 'Do metrics of a rule count what agents send?', async () =>
    rule === undefined ? 'needs --rule' : await ruleMetrics(ask, rule),
  )
}

async function logPoints({ ask, logs }, workspace) {
  const none = 'needs --workspace'
  const opened =
    workspace === undefined ? undefined : await ask('GET', workspace, versions.workspace)
  const customer = opened?.body?.properties?.customerId
  const token = customer === undefined ? undefined : await tokenFor(logs)
  const query = async (kql) => {
    if (opened === undefined) return { none }
    if (customer === undefined) return { none: describe(opened) }
    const url = `${logs.replace(/\/$/, '')}/v1/workspaces/${customer}/query`
    return await send(url, token, 'application/json', JSON.stringify({ query: kql }))
  }
  await point('T2', 'From which addresses do heartbeats come?', async () => {
    const answer = await query(heartbeats)
    return answer.none ?? describeAddresses(answer)
  })
  await point('T3', 'What does the workspace answer a query from here?', async () => {
    const answer = await query(heartbeats)
    const access = opened?.body?.properties?.publicNetworkAccessForQuery ?? 'not set'
    return answer.none ?? `${codes(answer)}; public access for queries: ${access}`
  })
  await point('T8', 'What does a fuzzy union without any existing table answer?', async () => {
    const answer = await query(nowhere)
    return answer.none ?? codes(answer)
  })
}

async function metricPoints({ ask }, workspace) {
  const none = 'needs --monitor-workspace'
  const opened =
    workspace === undefined ? undefined : await ask('GET', workspace, versions.monitorWorkspace)
  const { publicNetworkAccess, metrics, location } = opened?.body
    ? { ...opened.body.properties, location: opened.body.location }
    : {}
  const endpoint = metrics?.prometheusQueryEndpoint
  const token = endpoint === undefined ? undefined : await tokenFor(`https://${publicMetrics}`)
  const query = async (address, headers = {}) =>
    await send(
      `${address.replace(/\/$/, '')}/api/v1/query`,
      token,
      'application/x-www-form-urlencoded',
      new URLSearchParams({ query: stamped }).toString(),
      headers,
    )
  const why = opened === undefined ? none : describe(opened)
  await point('T1', 'What does an Azure Monitor workspace answer a query from here?', async () => {
    if (endpoint === undefined) return why
    const answer = await query(endpoint)
    const series = answer.body?.data?.result ?? []
    const ids = series.filter(({ metric }) => metric?.['Microsoft.resourceid'] !== undefined)
    return `${codes(answer)}; public access: ${publicNetworkAccess ?? 'not set'}; ${series.length} series, ${ids.length} with Microsoft.resourceid`
  })
  await point('T5', 'Does query.<region>.prometheus… answer from here?', async () => {
    if (endpoint === undefined) return why
    if (!new URL(endpoint).hostname.endsWith(`.${publicMetrics}`)) return 'not in this cloud'
    const host = `query.${location}.${publicMetrics}`
    const answer = await query(`https://${host}`, { 'x-ms-azure-scoping': workspace })
    return `${codes(answer)}; ${await aliasesOf(host)}`
  })
}

async function tokenFor(resource) {
  const { accessToken } = await az('account', 'get-access-token', '--resource', resource)
  return accessToken
}

async function send(url, token, type, body, headers = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': type, ...headers },
    body,
  })
  const text = await response.text()
  try {
    return { status: response.status, body: JSON.parse(text), text }
  } catch {
    return { status: response.status, body: undefined, text }
  }
}

/** `403 InsufficientAccessError / NspValidationFailedError`: only the codes, because the messages contain addresses. */
function codes({ status, body, text }) {
  const found = []
  for (let error = body?.error; error && found.length < 8; error = error.innererror) {
    if (typeof error.code === 'string') found.push(error.code)
  }
  if (typeof body?.errorType === 'string') found.push(body.errorType)
  if (found.length > 0) return `${status} ${found.join(' / ')}`
  return text === '' ? `${status} (empty body)` : `${status}`
}

/** Counts machines by kind of address; never shows the addresses. */
function describeAddresses(answer) {
  const [table] = answer.body?.tables ?? []
  if (table === undefined) return codes(answer)
  const column = table.columns.findIndex(({ name }) => name === 'ComputerIP')
  const counts = new Map()
  for (const row of table.rows) {
    const kind = kindOf(String(row[column] ?? ''))
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return (
    [...counts].map(([kind, count]) => `${kind}: ${count}`).join(', ') ||
    'no heartbeat within an hour'
  )
}

function kindOf(address) {
  if (address === '') return 'none'
  if (address.includes(':')) return /^fd/i.test(address) ? 'fd00::/8' : 'another IPv6'
  return /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(address)
    ? 'private IPv4'
    : 'public IPv4'
}

async function aliasesOf(name) {
  const seen = []
  let current = name
  while (seen.length < 8) {
    try {
      const [alias] = await resolveCname(current)
      if (alias === undefined || seen.includes(alias)) break
      seen.push((current = alias))
    } catch {
      break
    }
  }
  return seen.length === 0 ? 'no alias' : `alias of ${seen.join(' → ')}`
}

/** For each zone of each zone group: the number of records, and the form of those for endpoints. */
async function zoneGroupsOf(ask, scope) {
  const opened = await ask('GET', scope, versions.scope)
  const ids = (opened.body?.properties?.privateEndpointConnections ?? []).flatMap(
    ({ properties }) => properties?.privateEndpoint?.id ?? [],
  )
  if (ids.length === 0) return opened.status === 200 ? 'no private endpoint' : describe(opened)
  const each = ids.slice(0, 3).map(async (id) => {
    const groups = await ask('GET', `${id}/privateDnsZoneGroups`, versions.network)
    if (groups.status !== 200) return describe(groups)
    const configs = groups.body.value.flatMap(
      ({ properties }) => properties?.privateDnsZoneConfigs ?? [],
    )
    return configs.length === 0 ? 'no zone' : configs.map(describeZone).join(', ')
  })
  return (await Promise.all(each)).join(' · ')
}

function describeZone({ properties }) {
  const zone = (properties?.privateDnsZoneId ?? '').split('/').at(-1)
  const sets = properties?.recordSets
  if (sets === undefined) return `${zone}: recordSets not shown`
  const shapes = new Set(
    sets.flatMap(
      ({ recordSetName = '' }) =>
        /\.(metrics\.ingest|ingest|handler\.control)$/.exec(recordSetName)?.[1] ?? [],
    ),
  )
  return `${zone}: ${sets.length} records${shapes.size === 0 ? '' : ` (${[...shapes].sort().join(', ')})`}`
}

async function ruleMetrics(ask, rule) {
  const answer = await ask(
    'GET',
    `${rule}/providers/Microsoft.Insights/metricDefinitions`,
    versions.metrics,
  )
  if (answer.status !== 200) return describe(answer)
  const names = answer.body.value.map(({ name }) => name?.value).filter(Boolean)
  return names.length === 0 ? 'there are none' : names.join(', ')
}
