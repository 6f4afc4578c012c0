import { commentMarker } from './carried/commentMarker.ts'
import { commentFooter } from './parts/footer.ts'
import { fit, type Section } from './text/limit.ts'
import { code, link } from './text/markdown.ts'
import { encodePlanData, mostDigests, saltedDigest } from './carried/planData.ts'
import { encodeShown, shownOf } from './carried/shown.ts'
import { isBlocked, type View } from './view.ts'

/** GitHub takes 65,536 characters; contract section 6 stays under 60,000. */
export const mostCommentCharacters = 59_900

/** The pull request's comment: the marker, the document cut to what there is room for, what it shows, the plan data. */
export function renderComment(view: View, document: readonly Section[]): string {
  const whole = assemble(view, document, planData(view, true))
  // Never seen but in a test: texts so long that the digests have to make room.
  return whole.length <= mostCommentCharacters
    ? whole
    : assemble(view, document, planData(view, false))
}

function assemble(view: View, document: readonly Section[], data: string): string {
  const marker = commentMarker(view.report.topology ?? view.report.file)
  const shown = encodeShown(shownOf(view))
  const around = marker.length + shown.length + data.length + 6
  const elsewhere = summaryAndFile(view)
  const sections: Section[] = [...document, { type: 'whole', text: commentFooter(view, elsewhere) }]
  const body = fit(sections, mostCommentCharacters - around, elsewhere)
  return [marker, body, shown, ...(data === '' ? [] : [data])].join('\n\n')
}

/** Where to find what is cut. */
function summaryAndFile({ context }: View): string {
  const { runUrl } = context
  const summary = runUrl === undefined ? 'step summary' : link('step summary', runUrl)
  return `the ${summary} and the file that the output ${code('plan-markdown')} names`
}

function planData(view: View, withDigests: boolean): string {
  const { context, plan } = view
  const { run, salt = noSalt } = context
  if (context.reviewed !== undefined) {
    return encodePlanData({ ...context.reviewed, ...(run && { wrote: run }) })
  }
  if (plan === undefined) return ''
  const { topology, fingerprint, changes } = plan
  const blocked = isBlocked(view)
  const data = {
    formatVersion: 1,
    topology,
    fingerprint,
    blocked,
    salt,
    ...(run && { run }),
  } as const
  // More than a comment holds are left out; salting them would be for nothing.
  if (!withDigests || changes.length > mostDigests) return encodePlanData(data)
  return encodePlanData({
    ...data,
    digests: changes.map(({ digest }) => saltedDigest(salt, digest)),
  })
}

/** Of a comment that nobody will be held against: the salt of a run is made in `publish/`. */
const noSalt = '0'.repeat(32)
