/**
 * Explains why a subject is unsuitable for a federated credential, and what to do instead: a
 * subject that never occurs again would not help, and one that doesn't name the repository would
 * let others in. `undefined` for a suitable subject.
 */
export function explainTrap(subject: string): string | undefined {
  const ref = /(?:^|:)ref:(refs\/[^:]+)/.exec(subject)?.[1] ?? ''
  const queue = /^refs\/heads\/gh-readonly-queue\/(.+)\/pr-\d+-[0-9a-f]+$/.exec(ref)
  if (queue !== null) return mergeQueue(subject, queue[1] ?? 'main')
  const once = onceOnly.find(({ shape }) => shape.test(subject))
  if (once !== undefined) {
    return `No credential is offered for this subject: ${once.why}, so it does not occur again. ${stayPut}`
  }
  return namesRepository(subject)
    ? undefined
    : `No credential is offered for this subject: it does not name the repository, so other repositories of the same owner can present it too. Put "repo" (or "repository_id") back into the subject of this repository's tokens (REST: PUT /repos/{owner}/{repo}/actions/oidc/customization/sub with include_claim_keys), then add a federated credential for the subject that the next run shows.`
}

const stayPut =
  'Give the job an environment, whose subject is the same for every branch (repo:<owner>/<repository>:environment:<name>), and add a federated credential for that.'

function mergeQueue(subject: string, branch: string): string {
  const prefix = subject.slice(0, subject.indexOf(':ref:'))
  const pattern = `${prefix}:ref:refs/heads/gh-readonly-queue/${branch}/*`
  return `No credential is offered for this subject: a merge queue creates a new branch for each group, so it never occurs again. Two ways: give the job an environment, whose subject is the same for every group (${prefix}:environment:<name>); or add a flexible federated identity credential with the expression claims['sub'] matches '${pattern}' (app registrations only; docs/permissions.md has the command).`
}

/** Parts of a subject that are specific to one run, commit or pull request. */
const onceOnly: readonly { readonly shape: RegExp; readonly why: string }[] = [
  { shape: /(?:^|:)ref:refs\/pull\/\d+\//, why: 'it belongs to one pull request' },
  { shape: /(?:^|:)(?:run_id|run_number|run_attempt|jti):/, why: 'it belongs to one run' },
  { shape: /(?:^|:)(?:sha|workflow_sha|job_workflow_sha):/, why: 'it belongs to one commit' },
  { shape: /(?:^|:)head_ref:[^:]/, why: 'it belongs to one branch of a pull request' },
]

/** True for `repo:owner/name:…`, with or without ids, or another claim unique to the repository. */
function namesRepository(subject: string): boolean {
  return (
    /(?:^|:)(?:repo|repository):[^:/*]+\/[^:/*]+/.test(subject) ||
    /(?:^|:)repository_id:\d+/.test(subject)
  )
}
