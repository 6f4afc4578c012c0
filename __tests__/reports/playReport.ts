import { type Job, type JobResult, runJob } from '../../simulator/job/job.ts'
import {
  type GitHubSeed,
  type RecordedRequest,
  type SeedResource,
  type Simulator,
  startSimulator,
} from '../../simulator/simulator.ts'
import { runtime, writesOf } from '../support/play.ts'
import { githubToken, topologyFile } from '../support/repository.ts'
import type { GitHubTurn, Report, Step } from './report.ts'

/** The result of one step that ran the action. */
export interface PlayedRun {
  readonly step: Step
  readonly result: JobResult
  /** `changes`, or `failed: blocked`. */
  readonly end: string
  /** Writes to Azure that this run sent. */
  readonly writes: readonly RecordedRequest[]
  /** The plan comments after it, by number of the pull request. */
  readonly comments: Readonly<Record<number, string>>
  /** Warnings and errors of the run, as annotations. */
  readonly annotations: readonly string[]
}

const repository = { owner: 'acme', name: 'monitoring', defaultBranch: 'main' } as const
const fullName = `${repository.owner}/${repository.name}`
const firstSha = 'c'.repeat(40)

/** Replays a report with the built bundle; returns the result of each run of the action, in order. */
export async function playReport(report: Report): Promise<readonly PlayedRun[]> {
  const stage = new Stage(report)
  try {
    await stage.open()
    return await stage.play()
  } finally {
    await stage.close()
  }
}

/** The repository and the Azure of a report's steps. */
class Stage {
  readonly #report: Report
  readonly #topologies = new Map<number, string>()
  readonly #runIds = new Map<string, number>()
  #simulator: Simulator | undefined
  /** Head of the default branch. */
  #head = firstSha

  constructor(report: Report) {
    this.#report = report
  }

  async open(): Promise<void> {
    const { spec, resources } = this.#report
    const refuses = spec.azure?.signIn === 'refuse'
    const subject = spec.azure?.subject
    this.#simulator = await startSimulator({
      estate: {
        subscriptions: subscriptionsOf(resources),
        resources: resources.map(asSeed),
        ...(refuses && { federated: [] }),
      },
      knobs: { scopedWriteMs: 50, ...(subject !== undefined && { oidcSubject: subject }) },
      github: this.#seed(),
    })
    const { knobs } = this.#github
    knobs.lateAssociation = spec.lateAssociation ?? 0
    knobs.hiddenFields = (spec.ghes?.hideFields ?? []).map((name) =>
      name.includes('.') ? name : `IssueComment.${name}`,
    )
    this.#turn(spec.github)
    if (spec.policy !== undefined) throw new Error('policies of a report are not played yet')
  }

  async close(): Promise<void> {
    await this.#simulator?.close()
  }

  async play(): Promise<readonly PlayedRun[]> {
    const runs: PlayedRun[] = []
    for (const step of this.#report.spec.steps) {
      if (step.run === undefined) this.#happen(step)
      else runs.push(await this.#run(step, step.run))
    }
    return runs
  }

  get #stage(): Simulator {
    if (this.#simulator === undefined) throw new Error('the stage is not open')
    return this.#simulator
  }

  get #github() {
    const { github } = this.#stage
    if (github === undefined) throw new Error('there is no GitHub')
    return github
  }

  #seed(): GitHubSeed {
    const { spec, has, topology } = this.#report
    const numbers = spec.steps.flatMap(({ number, merge, open }) => number ?? merge ?? open ?? [])
    const first = topology(has('topology.0.yml') ? 'topology.0.yml' : 'topology.yml')
    const files = { [topologyFile]: first }
    return {
      repository,
      token: githubToken,
      pulls: [...new Set(numbers)].map((number) => ({
        number,
        head: { ref: `topic-${number}`, sha: headOf(number) },
        base: { ref: repository.defaultBranch, sha: firstSha },
      })),
      files: { [firstSha]: files, [repository.defaultBranch]: files },
      commits: [{ sha: firstSha, date: '2025-12-01T00:00:00Z', paths: [topologyFile] }],
    }
  }

  /** An event outside the action. */
  #happen(step: Step): void {
    const { github, azure } = this.#stage
    if (step.merge !== undefined) this.#merge(step, step.merge)
    for (const resource of step.azure?.set ?? []) azure.put(asSeed(resource))
    for (const id of step.azure?.remove ?? []) azure.remove(id)
    if (step.comment !== undefined) {
      github?.state.addComment(step.comment, step.body ?? '', step.by ?? 'mallory')
    }
    for (const number of [step.edit, step.delete]) {
      const comment = github?.comments.findLast(({ issue }) => issue === number)
      if (comment === undefined) continue
      if (step.delete !== undefined) github?.deleteComment(comment.id)
      else github?.editComment(comment.id, step.body ?? '', step.by ?? 'mallory')
    }
    if (step.as !== undefined) {
      for (const comment of github?.comments ?? []) comment.login = step.as
    }
    for (const { match, status, message } of step.githubFaults ?? []) {
      github?.addFault({
        match: {
          ...(match.method !== undefined && { method: match.method }),
          ...(match.pathRegex !== undefined && { path: new RegExp(match.pathRegex) }),
        },
        do: { status, body: { message, status: String(status) } },
      })
    }
    this.#turn(step.github)
  }

  #turn(turn: GitHubTurn | undefined): void {
    Object.assign(this.#github.knobs, turn)
  }

  #merge(step: Step, number: number): void {
    const { state } = this.#github
    const pull = state.pulls.find((candidate) => candidate.number === number)
    if (pull === undefined) throw new Error(`there is no pull request ${number}`)
    const sha = step.sha ?? String(number).repeat(40).slice(0, 40)
    pull.state = 'closed'
    pull.mergedAt = state.now()
    pull.mergeCommitSha = sha
    if (step.base !== undefined) pull.base.ref = step.base
    if (step.headRepo !== undefined) pull.head.repository = step.headRepo
    const all = [...(step.commits ?? []), ...(step.mergeCommits ?? []), sha]
    for (const commit of new Set(all)) {
      state.commitPulls[commit] = [number]
      state.commits.push({ sha: commit, date: state.now(), paths: [topologyFile] })
    }
    this.#head = sha
    this.#setMain(this.#topologies.get(number) ?? this.#report.topology('topology.yml'))
  }

  /** The present files of the default branch. */
  #setMain(text: string): void {
    const { files } = this.#github.state
    files[this.#head] = { [topologyFile]: text }
    files[repository.defaultBranch] = { [topologyFile]: text }
  }

  async #run(step: Step, event: string): Promise<PlayedRun> {
    const main = this.#github.state.files[repository.defaultBranch]?.[topologyFile] ?? ''
    const isOfMain = event === 'schedule' || event === 'workflow_dispatch'
    const named = step.topology ?? (isOfMain ? undefined : 'topology.yml')
    const text = named === undefined ? main : this.#report.topology(named)
    const sha = step.sha ?? this.#head
    const isPull = event === 'pull_request' || event === 'fork'
    if (isPull && step.number !== undefined) this.#topologies.set(step.number, text)
    // A merge queue combines several pull requests: it pushes what the branch then has.
    if (event === 'push' && sha === this.#head) this.#setMain(text)
    const sent = writesOf(this.#stage).length
    this.#github.knobs.readOnly ||= event === 'fork' && step.notFork !== true
    const result = await runJob(this.#stage, this.#jobOf(step, { event, sha, text }), runtime)
    const { outputs, stdout } = result
    const reason = outputs['failure-reason'] ?? ''
    return {
      step,
      result,
      end: [outputs['result'] ?? '(nothing)', ...(reason === '' ? [] : [reason])].join(': '),
      writes: writesOf(this.#stage).slice(sent),
      comments: Object.fromEntries(this.#github.comments.map((c) => [c.issue, c.body])),
      annotations: stdout.split('\n').filter((line) => /^::(?:warning|error|notice)/.test(line)),
    }
  }

  #jobOf(
    step: Step,
    { event, sha, text }: { readonly event: string; readonly sha: string; readonly text: string },
  ): Job {
    const { number } = step
    const name = step.eventName ?? (event === 'fork' ? 'pull_request' : event)
    const isFork = event === 'fork'
    const key = `${name} ${number ?? ''} ${sha}`
    const again = Number(step.env?.['GITHUB_RUN_ATTEMPT'] ?? 1) > 1
    const runId = again ? this.#runIds.get(key) : undefined
    this.#runIds.set(key, runId ?? (this.#github.state.runs.at(-1)?.id ?? 4710) + 1)
    const pull = number === undefined ? {} : { pull_request: this.#pullOf(step, number, isFork) }
    const isPull = name.startsWith('pull_request')
    return {
      event: name,
      sha,
      ref: refOf(name, number),
      files: { [topologyFile]: text },
      payload: {
        ...(isPull && { action: 'opened', number, ...pull }),
        ...(event === 'push' && { after: sha }),
        ...step.payload,
      },
      ...(step.actor !== undefined && { actor: step.actor }),
      ...(step.inputs !== undefined && { inputs: step.inputs }),
      ...(step.env !== undefined && { env: step.env }),
      ...((step.noOidc === true || (isFork && step.notFork !== true)) && { idToken: false }),
      ...(runId !== undefined && { runId }),
    }
  }

  #pullOf(step: Step, number: number, isFork: boolean): object {
    const { full_name: head } = { full_name: isFork ? 'stranger/monitoring' : fullName }
    return {
      number,
      merged: false,
      head: {
        ref: `topic-${number}`,
        sha: step.headSha ?? headOf(number),
        repo: { full_name: head },
      },
      base: { ref: repository.defaultBranch, sha: firstSha, repo: { full_name: fullName } },
      user: { login: step.actor ?? 'octocat' },
    }
  }
}

function headOf(number: number): string {
  return `a${number.toString(16).padStart(39, '0')}`
}

function refOf(event: string, number: number | undefined): string {
  if (event === 'pull_request') return `refs/pull/${number ?? 0}/merge`
  if (event === 'merge_group') {
    return `refs/heads/gh-readonly-queue/main/pr-${number ?? 0}-${firstSha}`
  }
  return `refs/heads/${repository.defaultBranch}`
}

function subscriptionsOf(resources: readonly SeedResource[]): readonly string[] {
  return [
    ...new Set(resources.flatMap(({ id }) => /^\/subscriptions\/([^/]+)/i.exec(id)?.[1] ?? [])),
  ]
}

/** What a GET shows, without what the service adds. */
function asSeed(shown: SeedResource): SeedResource {
  const { id, location, tags, kind, identity, sku, properties, systemData } = shown
  return {
    id,
    ...(location !== undefined && { location }),
    ...(tags !== undefined && { tags }),
    ...(kind !== undefined && { kind }),
    ...(identity !== undefined && { identity }),
    ...(sku !== undefined && { sku }),
    ...(properties !== undefined && { properties }),
    ...(systemData !== undefined && { systemData }),
  }
}
