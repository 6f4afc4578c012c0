/**
 * Why no federated credential should be made for a subject, and what to do instead: one that never comes again
 * would not help, and one that doesn't name the repository would let others in. `undefined` for a subject that
 * is good for one.
 */
export function explainTrap(subject: string): string | undefined {
  const ref = /(?:^|:)ref:(refs\/[^:]+)/.exec(subject)?.[1] ?? ''
  const queue = /^refs\/heads\/gh-readonly-queue\/(.+)\/pr-\d+-[0-9a-f]+$/.exec(ref)
  if (queue !== null) return mergeQueue(subject, queue[1] ?? 'main')
  const once = onceOnly.find(({ shape }) => shape.test(subject))
  if (once !== undefined) {
    return `No credential is offered for this subject: ${once.why}, so it does not come again. ${stayPut}`
  }
  return namesRepository(subject)
    ? undefined
    : `No credential is offered for this subject: it does not name the repository, so other repositories of the same owner may present it too. Put "repo" (or "repository_id") back into the subject of this repository's tokens (REST: PUT /repos/{owner}/{repo}/actions/oidc/customization/sub with include_claim_keys), then add a federated credential for the subject that the next run shows.`
}

const stayPut =
  'Give the job an environment, whose subject is the same for every branch (repo:<owner>/<repository>:environment:<name>), and add a federated credential for that.'

function mergeQueue(subject: string, branch: string): string {
  const prefix = subject.slice(0, subject.indexOf(':ref:'))
  const pattern = `${prefix}:ref:refs/heads/gh-readonly-queue/${branch}/*`
  return `No credential is offered for this subject: a merge queue makes a new branch for each group, so it never comes again. Two ways: give the job an environment, whose subject is the same for every group (${prefix}:environment:<name>); or add a flexible federated identity credential with the expression claims['sub'] matches '${pattern}' (app registrations only; docs/permissions.md has the command).`
}

/** What of a subject says that it was made for one run, one commit or one pull request. */
const onceOnly: readonly { readonly shape: RegExp; readonly why: string }[] = [
  { shape: /(?:^|:)ref:refs\/pull\/\d+\//, why: 'it is of one pull request' },
  { shape: /(?:^|:)(?:run_id|run_number|run_attempt|jti):/, why: 'it is of one run' },
  { shape: /(?:^|:)(?:sha|workflow_sha|job_workflow_sha):/, why: 'it is of one commit' },
  { shape: /(?:^|:)head_ref:[^:]/, why: 'it is of one branch of a pull request' },
]

/** `repo:owner/name:…`, with or without the ids; or a claim of its own that is the repository's alone. */
function namesRepository(subject: string): boolean {
  return (
    /(?:^|:)(?:repo|repository):[^:/*]+\/[^:/*]+/.test(subject) ||
    /(?:^|:)repository_id:\d+/.test(subject)
  )
}
