import { commentMarker } from './carried/commentMarker.ts'
import { commentFooter } from './parts/footer.ts'
import { fit, type Section } from './text/limit.ts'
import { code, link } from './text/markdown.ts'
import { encodePlanData, maxDigests, saltedDigest } from './carried/planData.ts'
import { encodeShown, shownOf } from './carried/shown.ts'
import { isBlocked, type View } from './view.ts'

/** GitHub takes 65,536 characters; contract section 6 stays under 60,000. */
export const maxCommentCharacters = 59_900

/**
 * The pull request's comment: the marker, the document cut to size, a record of what it shows, the
 * plan data.
 */
export function renderComment(view: View, document: readonly Section[]): string {
  const whole = assemble(view, document, planData(view, true))
  // Only tests reach this: texts so long that the digests must be dropped.
  return whole.length <= maxCommentCharacters
    ? whole
    : assemble(view, document, planData(view, false))
}

function assemble(view: View, document: readonly Section[], data: string): string {
  const marker = commentMarker(view.report.topology ?? view.report.file)
  const shown = encodeShown(shownOf(view))
  const around = marker.length + shown.length + data.length + 6
  const elsewhere = summaryAndFile(view)
  const sections: Section[] = [...document, { type: 'whole', text: commentFooter(view, elsewhere) }]
  const body = fit(sections, maxCommentCharacters - around, elsewhere)
  return [marker, body, shown, ...(data === '' ? [] : [data])].join('\n\n')
}

/** Where to find what was cut. */
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
  // More digests than a comment holds are left out, so don't salt them.
  if (!withDigests || changes.length > maxDigests) return encodePlanData(data)
  return encodePlanData({
    ...data,
    digests: changes.map(({ digest }) => saltedDigest(salt, digest)),
  })
}

/** For a comment that no later run checks against; `publish/` creates the salt of a real run. */
const noSalt = '0'.repeat(32)
