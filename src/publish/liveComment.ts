import { randomBytes } from 'node:crypto'
import type { Progress } from '../azure/write/applyPlan.ts'
import { GitHubError } from '../errors.ts'
import { findReviewedPlan, type ReviewedPlan } from '../github/reviewedPlan.ts'
import type { Plan } from '../plan/plan.ts'
import type { Publication } from './publication.ts'
import { render } from '../render/render.ts'
import { type RenderContext } from '../render/context.ts'
import type { Report } from '../report.ts'
import type { Run } from '../run.ts'
import { beforeTheEnd } from '../job/signals.ts'
import { readHistory, tellDrift } from './driftIssue.ts'
import { writeComment } from './planComment.ts'
import { addTelemetry } from './telemetryComment.ts'
import { tellSilentTargets } from './telemetryIssue.ts'

/** How far an apply is, as much of it as a comment tells. */
type Told = Pick<Progress, 'ended' | 'running'>

/** Publishes one file's progress and result. */
export interface Show {
  /** Notes what was reviewed: the comment keeps carrying that, whatever it says later. */
  review(reviewed: ReviewedPlan): void
  begin(plan: Plan): void
  progress(plan: Plan, progress: Told): void
  finish(report: Report): Promise<Publication>
}

/** What is left for the comment once there is no time any more, in milliseconds. */
const lastWordMs = 1000

/** How often a comment tells of progress; each edit is a request of GitHub's budget. */
const progressMs = 60_000

/** `now` is in milliseconds. */
export function makeShow(file: string, run: Run, now: () => number = Date.now): Show {
  const { context, log } = run
  let reviewed: ReviewedPlan | undefined
  let begun = 0
  let latest = 0
  let writing: Promise<unknown> = Promise.resolve()
  let isMute = false
  const salt = randomBytes(16).toString('hex')
  const told = new Set<string>()

  const renderContext = (): RenderContext => {
    const number = pullRequestNumber()
    return {
      runUrl: context.runUrl,
      commitSha: context.pullRequest?.headSha ?? context.sha,
      ...(number === undefined ? {} : { pullRequest: number }),
      portal: portals[run.inputs.cloud] ?? 'https://portal.azure.com',
      rulesUrl: rulesUrl(run.env),
      salt,
      ...(context.run && { run: context.run }),
      ...(reviewed?.state === 'found' && {
        reviewed: reviewed.reviews[0].plan,
        reviewedGroups: reviewed.reviews[0].groups,
      }),
    }
  }
  const pullRequestNumber = (): number | undefined =>
    reviewed?.state === 'found' ? reviewed.reviews[0].pullRequest : context.pullRequest?.number

  /** Writes a comment after those that are being written; one that fails is a warning, no more. */
  const write = async (
    report: Report,
    more: Partial<RenderContext>,
  ): Promise<string | undefined> => {
    try {
      const rendering = { ...renderContext(), ...more }
      return await writeComment(run, report, rendering)
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error
      tellSilence(error)
      return undefined
    }
  }

  /** Why there is no comment: once, however often it is tried. */
  const tellSilence = (error: GitHubError): void => {
    isMute = true
    // At the end it is tried once more, and what is still so needs no second word.
    if (told.has(error.message)) return
    told.add(error.message)
    // The token of a fork or of Dependabot only reads unless the workflow says otherwise: to be expected.
    const isForeign = context.isFork || context.isDependabot
    const lacks = isForeign && error.status === 403
    if (context.isDependabot && lacks) log.info(error.message)
    else if (lacks && run.traits.comment === 'writes') {
      log.warning(
        `${error.message} This pull request comes from a fork, whose token may not write: it has no plan comment, so its merge will need a plan of its own (push the branch to this repository, or apply by hand).`,
      )
    } else log.warning(`${error.message} ${error.remedy}`)
  }

  const tell = (plan: Plan, progress: Told | undefined): void => {
    const at = now()
    latest = at
    const report: Report = {
      file,
      topology: plan.topology,
      command: 'apply',
      became: 'applying',
      result: 'changes',
      plan,
      diagnostics: plan.diagnostics,
    }
    const soFar = {
      outcomes: progress?.ended ?? [],
      underWay: progress?.running.map((c) => c.key) ?? [],
      elapsedSeconds: (at - begun) / 1000,
    }
    // What can't be written now is told at the end, where it may work again; what came to be old while
    // GitHub was slow isn't told at all.
    writing = writing.then(async () => {
      await findComment(plan.topology)
      if (!isMute && at === latest) await write(report, { progress: soFar })
    })
  }

  /** An apply that ended before it asked for its review, or needs none, still has a comment to end. */
  const findComment = async (topology: string | undefined): Promise<void> => {
    const { github } = run
    const came = context.event === 'push' || context.event === 'pull_request'
    if (reviewed !== undefined || run.traits.comment !== 'ends' || !came || isMute) return
    if (github === undefined || topology === undefined || run.inputs.comment === 'never') return
    try {
      reviewed = await findReviewedPlan(github, context, { topology, file, isPatient: false })
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error
      log.info(`The plan comment is left as it is: ${error.message}`)
    }
  }

  return {
    review(found) {
      reviewed = found
    },
    begin(plan) {
      begun = now()
      tell(plan, undefined)
    },
    progress(plan, progress) {
      if (now() - latest >= progressMs) tell(plan, progress)
    },
    async finish(report) {
      const history = await readHistory(run, report)
      const more = history === undefined ? {} : { fileHistory: history }
      let issueUrl: string | undefined
      const end = async (): Promise<string | undefined> => {
        await writing
        await findComment(report.topology)
        issueUrl = await tellDrift(run, report, { ...renderContext(), ...more })
        await tellSilentTargets(run, report, renderContext())
        if (run.traits.comment === 'adds') return await addTelemetry(run, report, renderContext())
        return await write(report, more)
      }
      const commentUrl = await beforeTheEnd(run.giveUp, lastWordMs, end(), () => {
        log.info('There is no time left to bring the comment up to date.')
        return undefined
      })
      const rendered = render(report, { ...renderContext(), ...more })
      return {
        ...{ report, rendered },
        ...(commentUrl === undefined ? {} : { commentUrl }),
        ...(issueUrl === undefined ? {} : { issueUrl }),
      }
    },
  }
}

const portals: Readonly<Record<string, string>> = {
  AzureCloud: 'https://portal.azure.com',
  AzureUSGovernment: 'https://portal.azure.us',
  AzureChinaCloud: 'https://portal.azure.cn',
}

/** Where docs/rules.md of the version in use can be read. */
function rulesUrl(env: Readonly<Record<string, string | undefined>>): string {
  const server = env['GITHUB_SERVER_URL'] ?? 'https://github.com'
  const action = env['GITHUB_ACTION_REPOSITORY'] ?? ''
  const [repository, ref] =
    action === ''
      ? [env['GITHUB_REPOSITORY'] ?? '', env['GITHUB_SHA'] ?? 'main']
      : [action, env['GITHUB_ACTION_REF'] ?? 'main']
  return `${server}/${repository}/blob/${ref}/docs/rules.md`
}
