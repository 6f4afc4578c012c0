import { describe, expect, test } from '@jest/globals'
import { type Estate, expandEstate } from '../simulator/estate.ts'
import { type Job, type JobResult, runJob } from '../simulator/job/job.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../simulator/simulator.ts'
import { makeGate } from './support/gate.ts'
import { runtime, writesOf } from './support/play.ts'
import {
  closedByMerge,
  commits,
  dispatched,
  githubToken,
  merge,
  opened,
  pullNumber,
  pushed,
  seedGitHub,
  topologyFile,
} from './support/repository.ts'
import { judgeLog, outputNames, readPlanJson } from './support/results.ts'
import { subscription } from './support/stable.ts'

const head = `version: 1
name: production
subscription: ${subscription}
privateLinkScope: rg-monitor/ampls-hub
azureMonitorWorkspaces: { metrics: rg-monitor/amw-weu }
`
const topology = `${head}machines: [rg-app/vm-01]\n`
const files = { [topologyFile]: topology }
const waiving = `${topology}waivers:
  - { code: static-ip-private-endpoint, reason: replaced in June, expires: 2099-12-31 }
`

const estate: Estate = {
  subscription,
  scope: { id: 'rg-monitor/ampls-hub', privateEndpoints: { 'rg-net/pe-ampls': 'approved' } },
  monitorWorkspaces: { 'rg-monitor/amw-weu': 'westeurope' },
  machines: { 'rg-app/vm-01': 'westeurope', 'rg-app/vm-02': 'westeurope' },
  endpoints: { 'rg-old/dce-use': 'eastus' },
}

const scopeId = `/resourceGroups/rg-monitor/providers/microsoft.insights/privateLinkScopes/ampls-hub`
const workspaceEndpoint = `/resourceGroups/MA_amw-weu_westeurope_managed/providers/Microsoft.Insights/dataCollectionEndpoints/amw-weu`
const otherEndpoint = `/resourceGroups/rg-old/providers/Microsoft.Insights/dataCollectionEndpoints/dce-use`
const associationOf = (machine: string) =>
  `/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/${machine}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`

/** Every output of a run in short form: only the number of paths and fingerprints. */
interface Seen {
  readonly exit: number | null
  readonly result: string
  readonly reason: string
  /** `+creates ~updates ^replaces -deletes`, and `!` when `has-changes` is true. */
  readonly changes: string
  readonly fingerprints: number
  readonly files: string
  /** Numbers of the comments in `comment-url`. */
  readonly comments: string
}

function see({ exitCode, outputs, file }: JobResult): Seen {
  expect(Object.keys(outputs).sort()).toEqual([...outputNames].sort())
  const of = (name: (typeof outputNames)[number]) => outputs[name] ?? ''
  const lines = (name: (typeof outputNames)[number]) => of(name).split('\n').filter(Boolean)
  const paths = (['plan-json', 'plan-markdown', 'egress-fqdns'] as const).map((name) => {
    for (const line of lines(name)) expect(line).toMatch(/\/temp\/private-link-\w+\/[\w.-]+$/)
    expect(file(name) !== '').toBe(lines(name).length > 0)
    return lines(name).length
  })
  for (const line of lines('fingerprint')) expect(line).toMatch(/^sha256:[0-9a-f]{64}$/)
  const urls = lines('comment-url').map(
    (url) =>
      /^https:\/\/github\.com\/octo-org\/platform\/pull\/7#issuecomment-30000000(\d\d)$/.exec(
        url,
      )?.[1],
  )
  return {
    exit: exitCode,
    result: of('result'),
    reason: of('failure-reason'),
    changes: `+${of('to-create')} ~${of('to-update')} ^${of('to-replace')} -${of('to-delete')}${of('has-changes') === 'true' ? ' !' : ''}`,
    fingerprints: lines('fingerprint').length,
    files: paths.join(' '),
    comments: urls.join(' '),
  }
}

const planned: Seen = {
  exit: 0,
  result: 'changes',
  reason: '',
  changes: '+2 ~0 ^0 -0 !',
  fingerprints: 1,
  files: '1 1 1',
  comments: '01',
}
const applied: Seen = { ...planned, result: 'applied' }
const nothing: Seen = { ...planned, result: 'no-changes', changes: '+0 ~0 ^0 -0' }
const failed = (reason: string, more: Partial<Seen> = {}): Seen => ({
  ...planned,
  exit: 1,
  result: 'failed',
  reason,
  ...more,
})
/** A run that failed before there was anything to plan. */
const early = { changes: '+0 ~0 ^0 -0', fingerprints: 0, comments: '' }

type Act = (simulator: Simulator) => {
  /** Runs a job, and checks that its log is clean. */
  readonly run: (job: Job) => Promise<JobResult>
  /** Runs the job of a pull request that was opened with these files. */
  readonly plan: (files?: Job['files'], more?: Parameters<typeof opened>[1]) => Promise<JobResult>
  /** Merges, and runs the job of the push. */
  readonly push: (files?: Job['files'], more?: Partial<Job>) => Promise<JobResult>
}

const act: Act = (simulator) => {
  const run = async (job: Job) => {
    const result = await runJob(simulator, job, runtime)
    expect(judgeLog(result, simulator)).toEqual([])
    return result
  }
  return {
    run,
    plan: (these = files, more = {}) => run(opened(these, more)),
    push: (these = files, more = {}) => {
      merge(simulator)
      return run(pushed(these, more))
    },
  }
}

const gate = makeGate(3)

/** A test with its own Azure and GitHub. */
function scene(
  name: string,
  play: (simulator: Simulator, acts: ReturnType<Act>) => Promise<void>,
  options: Partial<SimulatorOptions> = {},
): void {
  test.concurrent(name, () =>
    gate(async () => {
      const simulator = await startSimulator({
        estate: expandEstate(estate),
        github: seedGitHub(),
        knobs: { resourceGraphLagMs: Infinity },
        ...options,
      })
      try {
        await play(simulator, act(simulator))
      } finally {
        await simulator.close()
      }
    }),
  )
}

/** The texts of the comments on the pull request. */
const comments = ({ github }: Simulator) =>
  github?.comments.filter(({ issue }) => issue === pullNumber).map(({ body }) => body) ?? []
const azureRequests = ({ azure }: Simulator) => azure.requests.length
const commands = ({ stdout }: JobResult, name: string) =>
  stdout.split('\n').filter((line) => line.startsWith(`::${name} `))

describe('a pull request', () => {
  scene('gets its plan as one comment, which the next run updates', async (simulator, { plan }) => {
    expect(see(await plan())).toEqual(planned)
    expect(comments(simulator)).toHaveLength(1)
    expect(comments(simulator)[0]).toContain('## 📝 production: 2 to create')
    expect(see(await plan())).toEqual(planned)
    expect(comments(simulator)).toHaveLength(1)
    expect(writesOf(simulator)).toEqual([])
  })

  scene('gets its comment updated when it changes', async (simulator, { plan }) => {
    await plan()
    const more = { [topologyFile]: `${head}machines: [rg-app/vm-01, rg-app/vm-02]\n` }
    expect(see(await plan(more))).toEqual({ ...planned, changes: '+3 ~0 ^0 -0 !' })
    expect(comments(simulator)[0]).toContain('## 📝 production: 3 to create')
    expect(comments(simulator)).toHaveLength(1)
  })

  scene(
    'gets no comment with comment: never, and its push then has no review',
    async (simulator, { plan, push }) => {
      const inputs = { comment: 'never' }
      expect(see(await plan(files, { inputs }))).toEqual({ ...planned, comments: '' })
      expect(comments(simulator)).toEqual([])
      expect(see(await push(files, { inputs }))).toEqual(failed('plan-not-found', { comments: '' }))
      expect(writesOf(simulator)).toEqual([])
    },
  )

  scene(
    'gets no comment with comment: on-change while there is nothing to report',
    async (simulator, { plan }) => {
      const inputs = { comment: 'on-change', 'check-network': 'false' }
      const empty = { [topologyFile]: head.replace(/^azureMonitor.*\n/m, '') }
      expect(see(await plan(empty, { inputs }))).toEqual({ ...nothing, comments: '' })
      expect(comments(simulator)).toEqual([])
      expect(see(await plan(files, { inputs }))).toEqual(planned)
      expect(see(await plan(empty, { inputs }))).toEqual(nothing)
      expect(comments(simulator)).toHaveLength(1)
      expect(comments(simulator)[0]).toContain('nothing to do')
    },
  )

  scene(
    'from a fork is validated, says what was not checked, and does not contact Azure',
    async (simulator, { plan }) => {
      const result = await plan(files, { fork: true, idToken: false })
      expect(see(result)).toMatchObject({
        exit: 0,
        result: 'validated',
        reason: '',
        changes: '+0 ~0 ^0 -0',
        comments: '01',
      })
      expect(azureRequests(simulator)).toBe(0)
      expect(comments(simulator).join()).toContain('not compared with Azure')
      expect(commands(result, 'notice').join()).toContain('only the file itself was checked')
      expect(result.summary).toContain('not compared with Azure')
    },
  )

  scene(
    'from a fork with errors in the file fails with all of them',
    async (simulator, { plan }) => {
      const wrong = { [topologyFile]: topology.replace('version: 1', 'version: 2') }
      const result = await plan(wrong, { fork: true, idToken: false })
      expect(see(result)).toMatchObject({
        exit: 1,
        result: 'failed',
        reason: 'invalid-topology',
        comments: '01',
      })
      expect(azureRequests(simulator)).toBe(0)
    },
  )

  scene('of Dependabot without a sign-in is validated', async (simulator, { plan }) => {
    const result = await plan(files, { actor: 'dependabot[bot]', idToken: false })
    expect(see(result)).toMatchObject({ exit: 0, result: 'validated', reason: '' })
    expect(azureRequests(simulator)).toBe(0)
    expect(commands(result, 'notice').join()).toContain('Dependabot')
  })

  scene(
    'without id-token: write fails and says which permission is missing',
    async (simulator, { plan }) => {
      const result = await plan(files, { idToken: false })
      expect(see(result)).toMatchObject({ exit: 1, result: 'failed', reason: 'auth-failed' })
      expect(commands(result, 'error').join()).toContain('id-token: write')
      expect(azureRequests(simulator)).toBeLessThanOrEqual(1)
    },
  )

  scene('whose comment cannot be written succeeds, with a warning', async (simulator, { plan }) => {
    if (simulator.github) simulator.github.knobs.readOnly = true
    const result = await plan()
    expect(see(result)).toEqual({ ...planned, comments: '' })
    expect(commands(result, 'warning').join()).toContain('pull-requests: write')
  })

  scene(
    'that is merged applies what was reviewed when it is closed',
    async (simulator, { plan, run }) => {
      await plan()
      merge(simulator)
      expect(see(await run(closedByMerge(files)))).toEqual(applied)
      expect(see(await run(pushed(files)))).toMatchObject({
        exit: 0,
        result: 'no-changes',
        reason: '',
      })
    },
  )

  scene('that is closed without a merge applies nothing', async (simulator, { plan, run }) => {
    await plan()
    const closed = closedByMerge(files)
    const pull = closed.payload?.['pull_request'] as object
    const payload = { ...closed.payload, pull_request: { ...pull, merged: false } }
    expect(see(await run({ ...closed, payload }))).toMatchObject({ exit: 0, result: 'changes' })
    expect(writesOf(simulator)).toEqual([])
  })
})

describe('a topology file', () => {
  scene(
    'with errors is annotated with all of them, each with line and column, and Azure is not contacted',
    async (simulator, { plan }) => {
      const wrong = `version: 1
name: Production
subscription: ${subscription}
privateLinkScop: rg-monitor/ampls-hub
machines:
  - rg-app/vm-01
  - resource: rg-app/vm-02
    metrics: nobody
    logs: [logs]
  - rg-app/vm-01
accessModes: { ingestion: Closed }
`
      const result = await plan({ [topologyFile]: wrong })
      expect(see(result)).toEqual(
        failed('invalid-topology', { ...early, comments: '01', files: '1 1 0' }),
      )
      const places = commands(result, 'error').map((line) =>
        /title=[^,:]*%3A ([\w-]+),file=([^,]+),line=(\d+),col=(\d+)::/
          .exec(line)
          ?.slice(1)
          .join(' '),
      )
      expect(places).toEqual([
        `missing-key ${topologyFile} 1 1`,
        `invalid-value ${topologyFile} 2 7`,
        `unknown-key ${topologyFile} 4 1`,
        `unknown-alias ${topologyFile} 8 14`,
        `unknown-alias ${topologyFile} 9 12`,
        `duplicate-target ${topologyFile} 10 5`,
        `invalid-value ${topologyFile} 11 27`,
      ])
      expect(commands(result, 'error').join()).toContain('privateLinkScope')
      expect(azureRequests(simulator)).toBe(0)
      expect(comments(simulator)[0]).toContain('7 errors')
    },
  )

  scene('that is not there fails the run', async (_, { plan }) => {
    const result = await plan({ 'README.md': 'x' })
    expect(see(result)).toMatchObject({ exit: 1, result: 'failed', reason: 'invalid-input' })
  })

  scene('outside the workspace is an invalid input', async (_, { plan }) => {
    const result = await plan(files, { inputs: { 'topology-file': '../../etc/passwd' } })
    expect(see(result)).toEqual(failed('invalid-input', { ...early, files: '0 0 0' }))
  })

  scene(
    "is one of several: each is planned by itself, counts are sums, the worst result is the run's",
    async (simulator, { plan }) => {
      const several = {
        'topologies/a.yml': topology.replace('name: production', 'name: alpha'),
        'topologies/b.yml': topology
          .replace('name: production', 'name: beta')
          .replace('ampls-hub', 'ampls-gone'),
      }
      const result = await plan(several, { inputs: { 'topology-file': 'topologies/*.yml' } })
      expect(see(result)).toMatchObject({
        ...failed('blocked'),
        changes: expect.stringMatching(/ !$/),
        fingerprints: 2,
        files: '2 2 2',
        comments: '01 02',
      })
      const titles = comments(simulator).map((body) => /^## (.*)$/m.exec(body)?.[1])
      expect(titles).toEqual([
        '📝 alpha: 2 to create',
        expect.stringMatching(/^⛔ beta: blocked by/),
      ])
    },
  )

  scene(
    'that adds a waiver does not benefit from it before the merge',
    async (simulator, { plan, push }) => {
      const result = await plan({ [topologyFile]: waiving })
      expect(see(result)).toEqual(failed('blocked', {}))
      expect(comments(simulator)[0]).toContain('This pull request adds a waiver')
      expect(commands(result, 'error').join()).toContain('static-ip-private-endpoint')
      // A blocked plan's comment does not count as a review.
      expect(see(await push({ [topologyFile]: waiving }))).toMatchObject({
        exit: 1,
        reason: 'plan-not-found',
      })
      expect(writesOf(simulator)).toEqual([])
    },
    {
      estate: expandEstate({
        ...estate,
        scope: { id: 'rg-monitor/ampls-hub', privateEndpoints: { 'rg-net/pe-ampls': 'static' } },
      }),
      github: seedGitHub({ [topologyFile]: topology }),
    },
  )

  scene(
    'whose waivers may be new, because there is no token to check, does not benefit from them',
    async (simulator, { plan }) => {
      const inputs = { 'github-token': '' }
      const result = await plan({ [topologyFile]: waiving }, { inputs })
      expect(see(result)).toEqual(failed('blocked', { comments: '' }))
      expect(commands(result, 'warning').join()).toContain('none of them counts before the merge')
      // With one it counts: the base branch has it.
      expect(see(await plan({ [topologyFile]: waiving }))).toEqual(planned)
      expect(writesOf(simulator)).toEqual([])
    },
    {
      estate: expandEstate({
        ...estate,
        scope: { id: 'rg-monitor/ampls-hub', privateEndpoints: { 'rg-net/pe-ampls': 'static' } },
      }),
      github: seedGitHub({ [topologyFile]: waiving }),
    },
  )

  scene(
    'whose plan deletes more than the workflow allows is refused with the numbers',
    async (simulator, { plan }) => {
      const result = await plan(files, { inputs: { 'max-replacements': '0' } })
      expect(see(result)).toEqual(failed('limit-exceeded', { changes: '+1 ~0 ^1 -0 !' }))
      expect(commands(result, 'error').join()).toContain('max-replacements')
      expect(comments(simulator)[0]).toContain('limit-exceeded')
    },
    {
      estate: expandEstate({
        ...estate,
        machines: { 'rg-app/vm-01': { location: 'westeurope', endpoint: 'rg-old/dce-use' } },
      }),
    },
  )
})

describe('a push', () => {
  scene(
    'applies what was reviewed, and reports it in the comment',
    async (simulator, { plan, push }) => {
      const before = see(await plan())
      expect(see(await push())).toEqual(applied)
      expect(before.fingerprints).toBe(1)
      expect(comments(simulator)).toHaveLength(1)
      expect(comments(simulator)[0]).toContain('✅')
      expect(writesOf(simulator)).toHaveLength(2)
    },
  )

  scene(
    'without a token cannot read its review, and applies nothing',
    async (simulator, { plan, push }) => {
      await plan()
      const result = await push(files, { inputs: { 'github-token': '' } })
      expect(see(result)).toEqual(
        failed('github-error', { changes: planned.changes, comments: '' }),
      )
      expect(commands(result, 'error').join()).toContain('There is no GitHub token')
      expect(writesOf(simulator)).toEqual([])
    },
  )

  scene(
    'with a plan that another account edited has no review',
    async (simulator, { plan, push }) => {
      await plan()
      const [comment] = simulator.github?.comments ?? []
      simulator.github?.editComment(
        comment?.id ?? 0,
        comment?.body.replace('2 to create', '1 to create') ?? '',
        'mallory',
      )
      expect(see(await push())).toMatchObject({
        exit: 1,
        result: 'failed',
        reason: 'plan-not-found',
      })
      expect(writesOf(simulator)).toEqual([])
    },
  )

  scene('with a comment of another account has no review', async (simulator, { plan, push }) => {
    await plan()
    const [comment] = simulator.github?.comments ?? []
    simulator.github?.deleteComment(comment?.id ?? 0)
    simulator.github?.state.addComment(pullNumber, comment?.body ?? '', 'mallory')
    expect(see(await push())).toMatchObject({
      exit: 1,
      result: 'failed',
      reason: 'plan-not-found',
    })
    expect(writesOf(simulator)).toEqual([])
  })

  scene(
    'that came without a pull request has no review, and needs none when there is nothing to do',
    async (simulator, { plan, push, run }) => {
      const stray = pushed(files, { sha: commits.stray })
      if (simulator.github) simulator.github.state.commitPulls[commits.stray] = []
      expect(see(await run(stray))).toMatchObject({
        exit: 1,
        result: 'failed',
        reason: 'plan-not-found',
      })
      expect(writesOf(simulator)).toEqual([])
      await plan()
      await push()
      expect(see(await run(stray))).toEqual({ ...nothing, comments: '' })
    },
  )

  scene(
    'applies nothing once Azure has changed, and shows what is new',
    async (simulator, { plan, push }) => {
      await plan()
      simulator.azure.put({
        id: associationOf('vm-01'),
        properties: { dataCollectionEndpointId: otherEndpoint },
      })
      const result = await push()
      expect(see(result)).toMatchObject({
        exit: 1,
        result: 'failed',
        reason: 'plan-changed',
        changes: '+1 ~0 ^1 -0 !',
      })
      expect(writesOf(simulator)).toEqual([])
      expect(comments(simulator)[0]).toContain('dce-use')
    },
    { knobs: {} },
  )

  scene('applies nothing once the file has changed', async (simulator, { plan, push }) => {
    await plan()
    const more = { [topologyFile]: `${head}machines: [rg-app/vm-01, rg-app/vm-02]\n` }
    expect(see(await push(more))).toMatchObject({
      exit: 1,
      result: 'failed',
      reason: 'plan-changed',
    })
    expect(writesOf(simulator)).toEqual([])
  })

  scene(
    'applies the rest when part of the plan is already done, and says so',
    async (simulator, { plan, push }) => {
      await plan()
      simulator.azure.put({
        id: `${scopeId}/scopedResources/by-hand`,
        properties: { linkedResourceId: workspaceEndpoint },
      })
      const result = await push()
      expect(see(result)).toEqual({ ...applied, changes: '+1 ~0 ^0 -0 !' })
      expect(result.stdout).toContain('no longer needed')
      expect(writesOf(simulator)).toHaveLength(1)
    },
  )

  scene(
    'applies without a review when require-reviewed-plan is false',
    async (simulator, { run }) => {
      const inputs = { 'require-reviewed-plan': 'false' }
      expect(see(await run(pushed(files, { inputs })))).toMatchObject({
        exit: 0,
        result: 'applied',
      })
      expect(writesOf(simulator)).toHaveLength(2)
    },
  )

  scene('to another branch only plans', async (simulator, { run }) => {
    const result = await run(pushed(files, { ref: 'refs/heads/topic', sha: commits.stray }))
    expect(see(result)).toEqual({ ...planned, comments: '' })
    expect(writesOf(simulator)).toEqual([])
  })

  scene(
    'that cannot read the comment fails with github-error and applies nothing',
    async (simulator, { plan, push }) => {
      await plan()
      simulator.github?.addFault({
        match: { path: /\/issues\/7\/comments$/ },
        do: { status: 403, body: { message: 'Resource not accessible by integration' } },
      })
      expect(see(await push())).toMatchObject({ exit: 1, result: 'failed', reason: 'github-error' })
      expect(writesOf(simulator)).toEqual([])
    },
  )

  scene(
    'that Azure forbids to write says which right is missing',
    async (simulator, { plan, push }) => {
      await plan()
      const result = await push()
      expect(see(result)).toMatchObject({ exit: 1, result: 'failed', reason: 'forbidden' })
      expect(result.stdout.toLowerCase()).toContain(
        'microsoft.insights/privatelinkscopes/scopedresources/write',
      )
      expect(comments(simulator)[0]?.toLowerCase()).toContain(
        'microsoft.insights/privatelinkscopes/scopedresources/write',
      )
    },
    {
      estate: expandEstate({
        ...estate,
        denied: [{ action: '*/write', scope: `/subscriptions/${subscription}` }],
      }),
    },
  )
})

describe('other events', () => {
  scene('a merge queue gets a plan without a comment', async (simulator, { run }) => {
    const result = await run({
      event: 'merge_group',
      ref: 'refs/heads/gh-readonly-queue/main/pr-7',
      payload: {
        action: 'checks_requested',
        merge_group: { head_sha: commits.head, base_sha: commits.base },
      },
      files,
    })
    expect(see(result)).toEqual({ ...planned, comments: '' })
    expect(comments(simulator)).toEqual([])
    expect(writesOf(simulator)).toEqual([])
  })

  scene('a run by hand plans, and applies if the workflow says so', async (simulator, { run }) => {
    expect(see(await run(dispatched(files)))).toEqual({ ...planned, comments: '' })
    expect(writesOf(simulator)).toEqual([])
    const inputs = { command: 'apply' }
    expect(see(await run(dispatched(files, { inputs })))).toEqual({ ...applied, comments: '' })
    expect(see(await run(dispatched(files, { inputs })))).toEqual({ ...nothing, comments: '' })
    expect(comments(simulator)).toEqual([])
  })

  scene('a schedule checks for drift and writes nothing to Azure', async (simulator, { run }) => {
    const schedule: Job = { event: 'schedule', payload: { schedule: '0 6 * * *' }, files }
    const drifted: Seen = { ...planned, exit: 1, result: 'drift', comments: '' }
    expect(see(await run(schedule))).toEqual(drifted)
    const lenient = { ...schedule, inputs: { 'fail-on-drift': 'false' } }
    expect(see(await run(lenient))).toEqual({ ...drifted, exit: 0 })
    expect(writesOf(simulator)).toEqual([])
    await run(dispatched(files, { inputs: { command: 'apply' } }))
    expect(see(await run(schedule))).toEqual({ ...nothing, result: 'clean', comments: '' })
    expect(comments(simulator)).toEqual([])
  })
})

describe('inputs', () => {
  scene('that are wrong are all reported at once', async (simulator, { plan }) => {
    const inputs = {
      command: 'verifi',
      comment: 'sometimes',
      'require-reviewed-plan': 'yes',
      'max-deletes': '-1',
      'client-id': '',
      cloud: 'http://arm.example',
    }
    const result = await plan(files, { inputs })
    expect(see(result)).toEqual(failed('invalid-input', { ...early, files: '0 0 0' }))
    const [told = ''] = commands(result, 'error')
    for (const name of Object.keys(inputs)) expect(told).toContain(`${name}:`)
    expect(azureRequests(simulator)).toBe(0)
  })

  scene('never show a token in the log, summary, comment or plan', async (simulator, { plan }) => {
    const result = await plan()
    const shown = [
      result.summary,
      ...comments(simulator),
      result.file('plan-json'),
      result.file('plan-markdown'),
    ]
    for (const text of shown) {
      expect(text).not.toContain(githubToken)
      expect(text).not.toMatch(/eyJ[\w-]+\.[\w-]+\./)
    }
    expect(readPlanJson(result)?.changes).toHaveLength(2)
  })
})
