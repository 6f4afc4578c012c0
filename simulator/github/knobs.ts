export interface Knobs {
  /** The token may read and not write: a fork's pull request, or a job without the permission. */
  readOnly: boolean
  /** The token may not read either, and can't be told from one for another repository. */
  hidden: boolean
  /** Where the API is for links in answers; the request's own address by default. */
  apiUrl: string | undefined
}
