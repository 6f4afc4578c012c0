import { afterEach, expect, it } from '@jest/globals'
import { expandEstate } from '../../simulator/estate.ts'
import { type JobResult, runJob } from '../../simulator/job/job.ts'
import { type RecordedRequest, type Simulator, startSimulator } from '../../simulator/simulator.ts'
import { runtime } from '../support/play.ts'

/**
 * A long apply outlives its token (one hour) and GitHub's assertion (five minutes) many times. Here
 * tokens live five seconds and assertions three, and each of four scope writes takes 2.5 s.
 */
const subscription = '11111111-1111-1111-1111-111111111111'
const workspaces = ['law-1', 'law-2', 'law-3', 'law-4']

const topology = [
  'version: 1',
  'name: production',
  `subscription: ${subscription}`,
  'privateLinkScope: rg-monitor/hub',
  'logAnalyticsWorkspaces:',
  ...workspaces.map((name) => `  ${name}: rg-monitor/${name}`),
  '',
].join('\n')

const estate = expandEstate({
  subscription,
  scope: { id: 'rg-monitor/hub' },
  logWorkspaces: Object.fromEntries(workspaces.map((w) => [`rg-monitor/${w}`, 'westeurope'])),
})

let simulator: Simulator | undefined
afterEach(async () => {
  await simulator?.close()
})

const knobs = { scopedWriteMs: 2500, tokenLifetimeSeconds: 5, oidcLifetimeSeconds: 3 }
const isTokenRequest = ({ host, method }: RecordedRequest) => host === 'entra' && method === 'POST'

async function run(command: 'plan' | 'apply'): Promise<JobResult> {
  if (simulator === undefined) throw new Error('no simulator')
  const files = { '.github/azure-monitor-private-link.yml': topology }
  return await runJob(
    simulator,
    { event: 'workflow_dispatch', inputs: { command }, files },
    runtime,
  )
}

it('an apply that outlives its tokens renews them in time, each with a fresh assertion', async () => {
  simulator = await startSimulator({ estate, knobs })
  // The simulator's first query takes seconds, which would use up a token's life.
  await run('plan')
  const before = simulator.azure.requests.length
  const job = await run('apply')
  expect(job.outputs).toMatchObject({ result: 'applied', 'to-create': '4' })
  const requests = simulator.azure.requests.slice(before)
  const signIns = requests.filter(isTokenRequest)
  expect(signIns.length).toBeGreaterThanOrEqual(3)
  const assertions = requests.filter(({ host }) => host === 'oidc')
  expect(assertions).toHaveLength(signIns.length)
  // Renewed before Azure refuses the old one; a stalled machine may miss it once.
  const refused = requests.filter(({ status }) => status === 401)
  expect(refused.length).toBeLessThan(signIns.length - 1)
})

it('a token that Azure refuses early is replaced, and nothing fails', async () => {
  simulator = await startSimulator({ estate, knobs: { ...knobs, tokenLifetimeSeconds: 3599 } })
  simulator.azure.addFault({
    match: { method: 'PUT', path: /scopedResources/ },
    after: 1,
    times: 1,
    do: {
      status: 401,
      headers: {
        'www-authenticate': 'Bearer authorization_uri="https://login.x/", error="invalid_token"',
      },
      body: { error: { code: 'ExpiredAuthenticationToken', message: 'It has expired.' } },
    },
  })
  const job = await run('apply')
  expect(job.outputs).toMatchObject({ result: 'applied', 'to-create': '4' })
  expect(simulator.azure.requests.filter(isTokenRequest)).toHaveLength(2)
})
