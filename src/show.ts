import type { Progress as ApplyProgress } from './azure/apply.ts'
import { GitHubError } from './errors.ts'
import { postComment } from './github/comment.ts'
import { checkStanding } from './github/pullRequest.ts'
import type { ReviewedPlan } from './github/reviewedPlan.ts'
import type { Run } from './run.ts'
import type { Plan } from './plan/plan.ts'
import type { Publication } from './publish.ts'
import { render, type RenderContext } from './render/render.ts'
import type { Report } from './report.ts'

/** Brings what becomes of one topology file before people: its comment while it runs, its report at the end. */
export interface Show {
  /** Notes what was reviewed: the comment keeps carrying that, whatever it says later. */
  review(reviewed: ReviewedPlan): void
  begin(): Promise<void>
  progress(plan: Plan, progress: ApplyProgress): void
  finish(report: Report): Promise<Publication>
}

/** How often a comment tells of progress; each edit is a request of GitHub's budget. */
const progressMs = 60_000

export function makeShow(file: string, run: Run): Show {
  const { context, inputs, log } = run
  let reviewed: ReviewedPlan | undefined
  let begun = 0
  let latest = 0
  let writing: Promise<unknown> = Promise.resolve()
  let hasFailed = false

  const renderContext = (): RenderContext => ({
    runUrl: context.runUrl,
    commitSha: context.pullRequest?.headSha ?? context.sha,
    ...(pullRequestNumber() === undefined ? {} : { pullRequest: pullRequestNumber() ?? 0 }),
    portal: portals[inputs.cloud] ?? 'https://portal.azure.com',
    rulesUrl: rulesUrl(run.env),
    ...(reviewed?.state === 'found' ? { reviewed: reviewed.plan } : {}),
  })
  const pullRequestNumber = (): number | undefined =>
    reviewed?.state === 'found' ? reviewed.pullRequest : context.pullRequest?.number

  const warn = (error: unknown): undefined => {
    if (!(error instanceof GitHubError)) throw error
    hasFailed = true
    log.warning(`${error.message} ${error.remedy}`)
    return undefined
  }

  /** The comment of a report; a comment that can't be written is a warning, the plan stands. */
  const comment = async (report: Report, body: string): Promise<string | undefined> => {
    const { github } = run
    const number = pullRequestNumber()
    if (inputs.comment === 'never' || github === undefined || number === undefined) return undefined
    if (context.isFork || hasFailed) return undefined
    try {
      if (context.command === 'apply') {
        // What was reviewed must stay readable in it; without a review there is nothing to bring up to date.
        if (reviewed?.state !== 'found') return undefined
      } else if (context.pullRequest !== undefined) {
        const standing = await checkStanding(github, context.pullRequest)
        if (!standing.current) {
          log.info(`${standing.why} The comment is left as it is.`)
          return undefined
        }
      }
      const isNews = (report.plan?.changes.length ?? 0) > 0 || report.result === 'failed'
      const posted = await postComment(github, {
        pullRequest: number,
        topology: report.topology ?? report.file,
        body,
        create: context.command === 'plan' && (inputs.comment === 'always' || isNews),
      })
      return posted?.url
    } catch (error) {
      return warn(error)
    }
  }

  const tell = (plan: Plan, progress: ApplyProgress | undefined): Promise<unknown> => {
    const report: Report = {
      file,
      topology: plan.topology,
      command: 'apply',
      result: 'changes',
      plan,
      diagnostics: plan.diagnostics,
    }
    const { comment: body } = render(report, {
      ...renderContext(),
      phase: 'applying',
      progress: {
        outcomes: progress?.ended ?? [],
        underWay: progress?.running.map((c) => c.key) ?? [],
        elapsedSeconds: (Date.now() - begun) / 1000,
      },
    })
    return comment(report, body)
  }

  return {
    review(found) {
      reviewed = found
    },
    async begin() {
      begun = Date.now()
      latest = begun
      await Promise.resolve()
    },
    progress(plan, progress) {
      if (Date.now() - latest < progressMs) return
      latest = Date.now()
      writing = writing.then(() => tell(plan, progress))
    },
    async finish(report) {
      await writing
      const rendered = render(report, renderContext())
      const commentUrl = await comment(report, rendered.comment)
      return { report, rendered, ...(commentUrl === undefined ? {} : { commentUrl }) }
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
