import type { Rendered } from '../render/render.ts'
import type { Report } from '../report.ts'

/** The report of one topology file, rendered and with the URLs where it was published. */
export interface Publication {
  readonly report: Report
  readonly rendered: Rendered
  readonly commentUrl?: string
  /** The URL of the drift issue. */
  readonly issueUrl?: string
}
