import type { CommitSeed, GitHubState, StoredComment, StoredIssue, StoredPull } from './state.ts'

/** Objects as REST shows them (https://docs.github.com/rest), with the fields that clients use. */

const web = 'https://github.com'

export function showUser(login: string): Record<string, unknown> {
  const isBot = login.endsWith('[bot]')
  const page = isBot ? `${web}/apps/${login.replace('[bot]', '')}` : `${web}/${login}`
  return { login, type: isBot ? 'Bot' : 'User', site_admin: false, html_url: page }
}

export function showRepository({ owner, name, defaultBranch }: GitHubState): unknown {
  return {
    name,
    full_name: `${owner}/${name}`,
    owner: showUser(owner),
    default_branch: defaultBranch,
    html_url: `${web}/${owner}/${name}`,
    fork: false,
  }
}

export function showComment(state: GitHubState, comment: StoredComment, apiUrl: string): unknown {
  const isPull = state.pulls.some(({ number }) => number === comment.issue)
  const repository = `${state.owner}/${state.name}`
  const kind = isPull ? 'pull' : 'issues'
  return {
    id: comment.id,
    node_id: comment.nodeId,
    url: `${apiUrl}/repos/${repository}/issues/comments/${comment.id}`,
    html_url: `${web}/${repository}/${kind}/${comment.issue}#issuecomment-${comment.id}`,
    issue_url: `${apiUrl}/repos/${repository}/issues/${comment.issue}`,
    user: showUser(comment.login),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: comment.login === state.owner ? 'OWNER' : 'NONE',
    body: comment.body,
    performed_via_github_app: null,
  }
}

export function showIssue(state: GitHubState, issue: StoredIssue): unknown {
  return {
    number: issue.number,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    state_reason: issue.stateReason,
    labels: issue.labels.map((name) => ({ name })),
    user: showUser(issue.author),
    comments: state.comments.filter((comment) => comment.issue === issue.number).length,
    html_url: `${web}/${state.owner}/${state.name}/issues/${issue.number}`,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: issue.closedBy === null ? null : showUser(issue.closedBy),
  }
}

export function showCommit(state: GitHubState, { sha, date }: CommitSeed): unknown {
  const page = `${web}/${state.owner}/${state.name}/commit/${sha}`
  const who = { name: 'octocat', email: 'octocat@example.com', date }
  return { sha, html_url: page, commit: { message: 'Change', author: who, committer: who } }
}

/** A pull request in a list; only a single one has `merged`. */
export function showPull(state: GitHubState, pull: StoredPull): Record<string, unknown> {
  const repository = `${state.owner}/${state.name}`
  const side = (ref: string, sha: string, full: string) => ({
    ref,
    sha,
    label: `${full.split('/')[0] ?? ''}:${ref}`,
    repo: { full_name: full, fork: full !== repository, default_branch: state.defaultBranch },
  })
  return {
    number: pull.number,
    title: pull.title,
    state: pull.state,
    user: showUser(pull.author),
    html_url: `${web}/${repository}/pull/${pull.number}`,
    head: side(pull.head.ref, pull.head.sha, pull.head.repository),
    base: side(pull.base.ref, pull.base.sha, repository),
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    created_at: pull.createdAt,
    draft: false,
  }
}

/** A pull request as an item of the issues API. */
export function showPullAsIssue(state: GitHubState, pull: StoredPull): unknown {
  const { number, title, state: open, user, html_url, created_at } = showPull(state, pull)
  return { number, title, state: open, user, html_url, created_at, labels: [], pull_request: {} }
}
