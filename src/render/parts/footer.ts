import { rules } from '../../rules/ruleIds.ts'
import type { Situation } from '../situation.ts'
import { code, link } from '../text/markdown.ts'
import { fileUrl, type View } from '../view.ts'

/** The end of a comment: how it goes on, where it comes from, where the rest is, the rules' addresses. */
export function commentFooter(view: View, elsewhere: string): string {
  const { egress, remoteWrite = [] } = view.report
  const more = [
    ...(egress === undefined ? [] : ['the host names to allow']),
    ...(remoteWrite.length > 0 ? ['the remote-write addresses'] : []),
  ]
  const also = more.length > 0 ? ` Also there: ${more.join(' and ')}.` : ''
  const isShort = view.changes.length === 0 && view.diagnostics.length === 0 && also === ''
  return footer(view, isShort ? '' : ` The whole of it is in ${elsewhere}.${also}`)
}

/** The end of a summary. */
export function summaryFooter(view: View): string {
  return footer(view, '')
}

function footer(view: View, more: string): string {
  const { plan, context } = view
  const origin = [
    plan === undefined ? undefined : `Fingerprint ${code(shortFingerprint(plan.fingerprint), 100)}`,
    linkFile(view),
    context.commitSha === undefined
      ? undefined
      : `commit ${code(context.commitSha.slice(0, 7), 40)}`,
    context.runUrl === undefined ? undefined : link('workflow run', context.runUrl),
  ].filter((part) => part !== undefined)
  const small = `${origin.join(' · ')}.${more}`
  const parts = ['---', nexts[view.situation], small, ruleLinks(view)]
  return parts.filter((part) => part !== '').join('\n\n')
}

const nexts: Record<Situation, string> = {
  invalid: '**Next:** correct the file and push; this comment is updated.',
  unplanned: '**Next:** mend the cause, then re-run the job.',
  validated: '',
  nothing: '',
  clean: '',
  planned:
    '**To apply:** merge this pull request. Only the changes shown here are applied; if Azure or the file moves on before that, the apply stops and shows what differs.',
  blocked:
    '**Next:** mend the errors, in the file or in Azure, then push or re-run the job. A blocked plan is never applied.',
  applying: '',
  applied: '',
  partial: '',
  failed: '',
  'plan-changed':
    '**Next:** review what is new in a pull request that plans it (any edit of the file is enough), then merge that.',
  'plan-not-found': '',
  'not-converged': '',
  imported:
    '**Next:** open a pull request with the file; the comment on it is the review of this plan.',
  drift:
    '**Next:** apply to make Azure as the file says, or change the file to keep what Azure has.',
}

function linkFile(view: View): string {
  const { file } = view.report
  const url = fileUrl(view.context, file)
  return url === undefined ? code(file, 300) : link(file, url)
}

/** Enough of the fingerprint to tell two plans apart by eye. */
function shortFingerprint(fingerprint: string): string {
  return fingerprint.slice(0, 'sha256:'.length + 16)
}

/** Definitions of the links to the rules that these changes show. */
function ruleLinks(view: View): string {
  const changes = [...view.changes, ...(view.report.review?.unreviewed ?? [])]
  const reviewed = view.situation === 'plan-changed' ? (view.context.reviewedChanges ?? '') : ''
  const shown = rules.filter((rule) => reviewed.includes(`[${rule}]`))
  const used = [...new Set([...changes.map((change) => change.rule), ...shown])].toSorted()
  return used.map((rule) => `[${rule}]: ${view.context.rulesUrl}#${rule}`).join('\n')
}
