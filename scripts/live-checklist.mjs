// Answers the open points of docs/live-checklist.md against a real subscription, with the Azure CLI's
// sign-in. `read` only reads. `try` creates a few free resources in its own resource group and deletes
// it. Both print a table to paste into an issue, without ids of subscriptions, tenants and users.
import { parseArgs } from 'node:util'
import { az, client, pace } from './live-checklist/azure.mjs'
import { read } from './live-checklist/read.mjs'
import { hidden, report } from './live-checklist/report.mjs'
import { readTelemetry } from './live-checklist/telemetry.mjs'
import { tryOut } from './live-checklist/try.mjs'

const usage = `Usage:
  node scripts/live-checklist.mjs read [--scope <id of a private link scope>] [--workspace <id of a Log Analytics workspace>]
       [--monitor-workspace <id of an Azure Monitor workspace>] [--rule <id of a data collection rule>]
  node scripts/live-checklist.mjs try --location <region> --other-location <region>
       [--group <existing group>] [--target <id of a machine in --location>] [--workspace <id of a Log Analytics workspace>]
       [--pause <milliseconds between two reads, 2000>]

Sign in first: az login, az account set --subscription <subscription>.
try creates a resource group, a private link scope, endpoints, a workspace and a scale set without machines, and deletes the group at the end.
With --group, --target or --workspace it uses existing resources and deletes only what it created.`

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      scope: { type: 'string' },
      location: { type: 'string' },
      'other-location': { type: 'string' },
      group: { type: 'string' },
      target: { type: 'string' },
      workspace: { type: 'string' },
      'monitor-workspace': { type: 'string' },
      rule: { type: 'string' },
      pause: { type: 'string', default: '2000' },
    },
  })
  const [command] = positionals
  const isComplete =
    command === 'read' || (command === 'try' && values.location && values['other-location'])
  if (!isComplete) {
    console.error(usage)
    process.exitCode = 2
    return
  }
  pace.step = Number(values.pause)
  const account = await az('account', 'show')
  const cloud = await az('cloud', 'show')
  const { accessToken } = await az('account', 'get-access-token')
  hidden.set(account.id, '<subscription>').set(account.tenantId, '<tenant>')
  const resourceManager = cloud.endpoints.resourceManager.replace(/\/$/, '')
  const azure = { ask: client({ resourceManager, token: accessToken }), subscription: account.id }
  if (command === 'read') {
    await read(azure, values.scope)
    const logs = cloud.endpoints.logAnalyticsResourceId ?? 'https://api.loganalytics.io'
    await readTelemetry({ ...azure, logs }, values)
  } else await tryOut(azure, { ...values, otherLocation: values['other-location'] })
  report(command)
}

await main()
