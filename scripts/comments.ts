import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { estate, subscription, topology, topologyFile } from '../simulator/demo/estate.ts'
import { applyJob, merge, planAgainJob, planJob, repository } from '../simulator/demo/repository.ts'
import { type Estate, expandEstate } from '../simulator/estate.ts'
import { type Job, runJob } from '../simulator/job/job.ts'
import { type Simulator, startSimulator } from '../simulator/simulator.ts'

/**
 * Writes the comments for docs/images, from real runs of dist/ against the simulator:
 *
 *   tsx scripts/comments.ts FOLDER
 */
const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('Usage: tsx scripts/comments.ts FOLDER')
mkdirSync(folder, { recursive: true })

const keep = (name: string, text: string) => {
  // Replaces the simulator's address with the portal's, which readers expect.
  writeFileSync(
    path.join(folder, `${name}.md`),
    text.replace(/https:\/\/localhost:\d+/g, 'https://portal.azure.com'),
  )
}
const commentOf = ({ github }: Simulator) => github?.comments[0]?.body ?? ''
const verifyAgainJob: Job = { ...planAgainJob, inputs: { command: 'verify' } }
const oldEndpoint = `/subscriptions/${subscription}/resourceGroups/rg-old/providers/Microsoft.Insights/dataCollectionEndpoints/dce-eus`

/** Everything is linked and associated; the spoke is peered but not linked to the zones, and the hub has a neighbour. */
const served = { location: 'westeurope', endpoint: 'rg-monitor/dce-weu', rules: ['rg-app/dcr'] }
const hubAndSpoke: Estate = {
  subscription,
  scope: {
    id: 'rg-monitor/ampls-hub',
    privateEndpoints: { 'rg-net/pe-ampls': 'approved' },
    links: { 'law-weu': 'log:rg-monitor/law-weu', 'dce-weu': 'rg-monitor/dce-weu' },
  },
  logWorkspaces: { 'rg-monitor/law-weu': 'westeurope', 'rg-old/law-old': 'westeurope' },
  endpoints: { 'rg-monitor/dce-weu': 'westeurope' },
  rules: {
    'rg-app/dcr': { location: 'westeurope', logs: ['rg-monitor/law-weu'] },
    'rg-old/dcr-old': { location: 'westeurope', logs: ['rg-old/law-old'] },
  },
  machines: {
    'rg-app/vm-01': served,
    'rg-app/vm-02': { ...served, network: 'rg-net/vnet-spoke2' },
    'rg-app/vm-03': { ...served, network: 'rg-net/vnet-spoke2' },
    'rg-old/vm-legacy': { location: 'westeurope', rules: ['rg-old/dcr-old'] },
  },
  network: { virtualNetworks: { 'rg-net/vnet-spoke2': { zones: [] } } },
}
const spokeTopology = `version: 1
name: production
subscription: ${subscription}
privateLinkScope: rg-monitor/ampls-hub
accessModes: { ingestion: PrivateOnly }
logAnalyticsWorkspaces: { logs: rg-monitor/law-weu }
machines:
  - { resource: rg-app/vm-01, logs: logs }
  - { resource: rg-app/vm-02, logs: logs }
  - { resource: rg-app/vm-03, logs: logs }
`
const start = () => startSimulator({ estate: expandEstate(estate), github: repository })
const withFile = (job: Job, text: string): Job => ({ ...job, files: { [topologyFile]: text } })

const whole = await start()
await runJob(whole, planJob)
keep('planned', commentOf(whole))
merge(whole)
await runJob(whole, applyJob)
keep('applied', commentOf(whole))
keep('nothing-to-do', (await runJob(whole, planAgainJob)).file('plan-markdown'))
await whole.close()

const failing = await start()
await runJob(failing, planJob)
merge(failing)
failing.azure.addFault({
  match: { method: 'PUT', path: /scopedResources\/[^/]*MSProm-westeurope-aks-neu/i },
  do: {
    status: 403,
    body: {
      error: {
        code: 'LinkedAuthorizationFailed',
        message:
          'The client does not have authorization to perform action Microsoft.Insights/dataCollectionEndpoints/read over the linked scope.',
      },
    },
  },
})
await runJob(failing, applyJob)
keep('failed-half-way', commentOf(failing))
await failing.close()

const wrong = await start()
await runJob(
  wrong,
  withFile(
    planJob,
    topology
      .replaceAll('rg-monitor/law-weu', 'rg-monitor/law-wue')
      .replaceAll('/amw-weu', '/amw-wue'),
  ),
)
keep('blocked', commentOf(wrong))
await wrong.close()

const dark = await startSimulator({ estate: expandEstate(hubAndSpoke), github: repository })
await runJob(dark, withFile(planJob, spokeTopology))
keep('network-problem', commentOf(dark))
await dark.close()

const silent = await startSimulator({
  estate: expandEstate(estate),
  github: repository,
  knobs: { queryEndpoints: 'self', caller: 'inside' },
})
await runJob(silent, planJob)
merge(silent)
await runJob(silent, applyJob)
silent.azure.knobs.clockOffsetMs += 60 * 60_000
const moved = new Date(Date.now() + 61 * 60_000).toISOString()
for (const { id, properties } of silent.azure.snapshot().resources) {
  if (!/virtualMachines\/[^/]+\/.*\/configurationAccessEndpoint$/i.test(id)) continue
  silent.azure.put({
    id,
    properties: { ...properties, dataCollectionEndpointId: oldEndpoint },
    systemData: {
      lastModifiedBy: 'jane@octo-org.example',
      lastModifiedByType: 'User',
      lastModifiedAt: moved,
    },
  })
}
silent.azure.knobs.clockOffsetMs += 30 * 60_000
keep('verify', (await runJob(silent, verifyAgainJob)).summary)
await silent.close()
