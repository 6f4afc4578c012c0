/** The start state of a simulated GitHub. */
export interface GitHubSeed {
  readonly repository: {
    readonly owner: string
    readonly name: string
    readonly defaultBranch: string
  }
  /** The account of the token. Default `github-actions[bot]`. */
  readonly login?: string
  readonly token: string
  readonly pulls?: readonly PullSeed[]
  readonly comments?: readonly CommentSeed[]
  /** Commit or branch → path → text. */
  readonly files?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Commit → numbers of the pull requests that GitHub associates with it. */
  readonly commitPulls?: Readonly<Record<string, readonly number[]>>
  /** Commits of the default branch, oldest first. */
  readonly commits?: readonly CommitSeed[]
}

export interface CommitSeed {
  readonly sha: string
  /** When it was committed, ISO 8601. */
  readonly date: string
  /** Files that it changes. */
  readonly paths: readonly string[]
}

export interface PullSeed {
  readonly number: number
  readonly title?: string
  readonly author?: string
  readonly head?: { readonly ref?: string; readonly sha?: string; readonly repository?: string }
  readonly base?: { readonly ref?: string; readonly sha?: string }
  readonly state?: 'open' | 'closed'
  /** When it was merged, ISO 8601. */
  readonly mergedAt?: string
  readonly mergeCommitSha?: string
}

export interface CommentSeed {
  /** Number of the issue or pull request. */
  readonly issue: number
  readonly body: string
  /** Default: the account of the token. */
  readonly login?: string
  /** The login of its last editor. */
  readonly editedBy?: string
}

export interface StoredPull {
  readonly number: number
  title: string
  author: string
  head: { ref: string; sha: string; repository: string }
  base: { ref: string; sha: string }
  state: 'open' | 'closed'
  mergedAt: string | null
  mergeCommitSha: string | null
  readonly createdAt: string
}

export interface StoredIssue {
  readonly number: number
  title: string
  body: string
  author: string
  state: 'open' | 'closed'
  stateReason: string | null
  labels: string[]
  readonly createdAt: string
  updatedAt: string
  closedAt: string | null
  /** Login of the account that closed it; null while it is open. */
  closedBy: string | null
}

export interface StoredComment {
  readonly id: number
  readonly nodeId: string
  readonly issue: number
  body: string
  login: string
  readonly createdAt: string
  updatedAt: string
  editor: string | null
  lastEditedAt: string | null
}

/** A workflow run, with the fields that clients use. */
export interface StoredRun {
  readonly id: number
  readonly event: string
  /** Of the workflow's file. */
  readonly path: string
  readonly headSha: string
  readonly headBranch: string
  /** The first is attempt 1. */
  readonly attempts: StoredAttempt[]
}

export interface StoredAttempt {
  readonly startedAt: string
  /** When it ended; null while it runs. */
  endedAt: string | null
  conclusion: string | null
}

export type RunSeed = Pick<StoredRun, 'event' | 'path' | 'headSha' | 'headBranch'>

/** The state, and the operations that change it. */
export interface GitHubState {
  readonly owner: string
  readonly name: string
  defaultBranch: string
  login: string
  token: string
  readonly pulls: StoredPull[]
  readonly issues: StoredIssue[]
  readonly comments: StoredComment[]
  readonly files: Record<string, Record<string, string>>
  readonly commitPulls: Record<string, number[]>
  readonly commits: CommitSeed[]
  readonly runs: StoredRun[]
  /** Starts a run, or the next attempt of an existing one. */
  startRun(run: RunSeed, id?: number): StoredRun
  /** Ends the last attempt of a run. */
  endRun(id: number, conclusion: string): void
  addComment(issue: number, body: string, login: string): StoredComment
  edit(id: number, body: string, login: string): StoredComment | undefined
  remove(id: number): boolean
  addIssue(title: string, body: string, labels: readonly string[], login: string): StoredIssue
  /** Opens or closes an issue; `reason` as `state_reason` has it. */
  turnIssue(number: number, to: 'open' | 'closed', login: string, reason?: string): void
  now(): string
}

/** Creates the state of a seed. Its clock advances one second with every reading. */
export function createState(seed: GitHubSeed): GitHubState {
  const login = seed.login ?? 'github-actions[bot]'
  let seconds = 0
  let lastId = 3_000_000_000
  let lastRun = 4710
  const state: GitHubState = {
    owner: seed.repository.owner,
    name: seed.repository.name,
    defaultBranch: seed.repository.defaultBranch,
    login,
    token: seed.token,
    pulls: [],
    issues: [],
    comments: [],
    files: Object.fromEntries(
      Object.entries(seed.files ?? {}).map(([ref, files]) => [ref, { ...files }]),
    ),
    commitPulls: Object.fromEntries(
      Object.entries(seed.commitPulls ?? {}).map(([sha, numbers]) => [sha, [...numbers]]),
    ),
    commits: [...(seed.commits ?? [])],
    runs: [],
    startRun(seeded, id = lastRun + 1) {
      const attempt: StoredAttempt = { startedAt: state.now(), endedAt: null, conclusion: null }
      const known = state.runs.find((run) => run.id === id)
      known?.attempts.push(attempt)
      if (known) return known
      lastRun = Math.max(lastRun, id)
      const run: StoredRun = { ...seeded, id, attempts: [attempt] }
      state.runs.push(run)
      return run
    },
    endRun(id, conclusion) {
      const attempt = state.runs.find((run) => run.id === id)?.attempts.at(-1)
      if (attempt) Object.assign(attempt, { endedAt: state.now(), conclusion })
    },
    now: () => new Date(Date.UTC(2026, 0, 1) + 1000 * seconds++).toISOString().replace('.000', ''),
    addComment(issue, body, author) {
      const id = ++lastId
      const at = state.now()
      const comment: StoredComment = {
        id,
        nodeId: `IC_${Buffer.from(`comment:${id}`).toString('base64url')}`,
        issue,
        body,
        login: author,
        createdAt: at,
        updatedAt: at,
        editor: null,
        lastEditedAt: null,
      }
      state.comments.push(comment)
      return comment
    },
    edit(id, body, editor) {
      const comment = state.comments.find((candidate) => candidate.id === id)
      if (!comment || comment.body === body) return comment
      const at = state.now()
      return Object.assign(comment, { body, editor, lastEditedAt: at, updatedAt: at })
    },
    remove(id) {
      const index = state.comments.findIndex((comment) => comment.id === id)
      if (index >= 0) state.comments.splice(index, 1)
      return index >= 0
    },
    addIssue(title, body, labels, author) {
      const number =
        Math.max(0, ...[...state.pulls, ...state.issues].map((item) => item.number)) + 1
      const at = state.now()
      const issue: StoredIssue = {
        number,
        title,
        body,
        author,
        state: 'open',
        stateReason: null,
        labels: [...labels],
        createdAt: at,
        updatedAt: at,
        closedAt: null,
        closedBy: null,
      }
      state.issues.push(issue)
      return issue
    },
    turnIssue(number, to, who, reason = to === 'closed' ? 'completed' : 'reopened') {
      const issue = state.issues.find((candidate) => candidate.number === number)
      if (!issue) return
      const at = state.now()
      issue.state = to
      issue.stateReason = reason
      issue.updatedAt = at
      issue.closedAt = to === 'closed' ? at : null
      issue.closedBy = to === 'closed' ? who : null
    },
  }
  for (const pull of seed.pulls ?? []) state.pulls.push(storePull(pull, state))
  for (const { issue, body, login: author = login, editedBy } of seed.comments ?? []) {
    const { id } = state.addComment(issue, editedBy ? `${body}\n(before the edit)` : body, author)
    if (editedBy) state.edit(id, body, editedBy)
  }
  return state
}

function storePull(seed: PullSeed, state: GitHubState): StoredPull {
  const repository = `${state.owner}/${state.name}`
  return {
    number: seed.number,
    title: seed.title ?? `Change ${seed.number}`,
    author: seed.author ?? 'octocat',
    head: { ref: 'topic', sha: fakeSha('a', seed.number), repository, ...seed.head },
    base: { ref: state.defaultBranch, sha: fakeSha('b', seed.number), ...seed.base },
    state: seed.state ?? (seed.mergedAt === undefined ? 'open' : 'closed'),
    mergedAt: seed.mergedAt ?? null,
    mergeCommitSha: seed.mergeCommitSha ?? null,
    createdAt: state.now(),
  }
}

function fakeSha(letter: string, number: number): string {
  return letter + number.toString(16).padStart(39, '0')
}
