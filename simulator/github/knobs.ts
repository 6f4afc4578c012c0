/** Settings of the simulated GitHub; a test may change them at any time. */
export interface Knobs {
  /** The token may read and not write: a fork's pull request, or a job without the permission. */
  readOnly: boolean
  /** The token may not read either, as if it were for another repository. */
  hidden: boolean
  /** The token may read workflow runs: `actions: read`. */
  actions: boolean
  /** How many queries for a commit's pull requests are answered with none. */
  lateAssociation: number
  /** GraphQL fields that this server doesn't have, as an older one: `IssueComment.viewerDidAuthor`. */
  hiddenFields: readonly string[]
  /** The base URL of links in answers; default: the request's own. */
  apiUrl: string | undefined
}
