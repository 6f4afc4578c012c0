import type { ReviewedPlan } from '../github/reviewedPlan.ts'
import type { RenderContext } from '../render/context.ts'
import type { Run } from '../run.ts'

/** The context for rendering reports of this run. */
export function renderContextOf(
  run: Run,
  { reviewed, salt }: { readonly reviewed: ReviewedPlan | undefined; readonly salt: string },
): RenderContext {
  const { context } = run
  const review = reviewed?.state === 'found' ? reviewed.reviews[0] : undefined
  const pullRequest = review?.pullRequest ?? context.pullRequest?.number
  return {
    runUrl: context.runUrl,
    commitSha: context.pullRequest?.headSha ?? context.sha,
    ...(pullRequest !== undefined && { pullRequest }),
    portal: portals[run.inputs.cloud] ?? 'https://portal.azure.com',
    rulesUrl: rulesUrl(run.env),
    salt,
    ...(context.run && { run: context.run }),
    ...(review && { reviewed: review.plan, reviewedGroups: review.groups }),
  }
}

const portals: Readonly<Record<string, string>> = {
  AzureCloud: 'https://portal.azure.com',
  AzureUSGovernment: 'https://portal.azure.us',
  AzureChinaCloud: 'https://portal.azure.cn',
}

/** The URL of docs/rules.md in the version in use. */
function rulesUrl(env: Readonly<Record<string, string | undefined>>): string {
  const server = env['GITHUB_SERVER_URL'] ?? 'https://github.com'
  const action = env['GITHUB_ACTION_REPOSITORY'] ?? ''
  const [repository, ref] =
    action === ''
      ? [env['GITHUB_REPOSITORY'] ?? '', env['GITHUB_SHA'] ?? 'main']
      : [action, env['GITHUB_ACTION_REF'] ?? 'main']
  return `${server}/${repository}/blob/${ref}/docs/rules.md`
}
