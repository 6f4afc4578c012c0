import type { Rendered } from '../render/render.ts'
import type { Report } from '../report.ts'

/** What became of one topology file, ready to be shown. */
export interface Publication {
  readonly report: Report
  readonly rendered: Rendered
  readonly commentUrl?: string
  /** Address of the issue that tells of the drift. */
  readonly issueUrl?: string
}
