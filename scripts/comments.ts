import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { estate, topology, topologyFile } from '../simulator/demo/estate.ts'
import { applyJob, merge, planAgainJob, planJob, repository } from '../simulator/demo/repository.ts'
import { expandEstate } from '../simulator/estate.ts'
import { type Job, runJob } from '../simulator/job/job.ts'
import { type Simulator, startSimulator } from '../simulator/simulator.ts'

/**
 * Writes the comments that docs/images shows, as real runs of dist/ against the simulator give them:
 *
 *   tsx scripts/comments.ts FOLDER
 */
const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('Usage: tsx scripts/comments.ts FOLDER')
mkdirSync(folder, { recursive: true })

const keep = (name: string, text: string) => {
  // The simulator's own address stands where a reader expects the portal's.
  writeFileSync(
    path.join(folder, `${name}.md`),
    text.replace(/https:\/\/localhost:\d+/g, 'https://portal.azure.com'),
  )
}
const commentOf = ({ github }: Simulator) => github?.comments[0]?.body ?? ''
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
