/** How the simulated GitHub behaves; a test may turn them while it runs. */
export interface Knobs {
  /** The token may read and not write: a fork's pull request, or a job without the permission. */
  readOnly: boolean
  /** The token may not read either, and can't be told from one for another repository. */
  hidden: boolean
  /** The token may read runs of workflows: `actions: read`. */
  actions: boolean
  /** So many questions which pull requests a commit has are answered with none. */
  lateAssociation: number
  /** Fields of GraphQL that this server doesn't know, as an older one: `IssueComment.viewerDidAuthor`. */
  hiddenFields: readonly string[]
  /** Where the API is for links in answers; the request's own address by default. */
  apiUrl: string | undefined
}
