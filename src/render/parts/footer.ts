import { inShort, rules } from '../../rules/ruleIds.ts'
import { code, link } from '../text/markdown.ts'
import { fileUrl, type View } from '../view.ts'

/** The footer of a comment: its origin, where the full report is, and the URLs of the rules. */
export function commentFooter(view: View, elsewhere: string): string {
  const { egress, remoteWrite = [] } = view.report
  const more = [
    ...(egress === undefined ? [] : ['the host names to allow']),
    ...(remoteWrite.length > 0 ? ['the remote-write addresses'] : []),
  ]
  const also = more.length > 0 ? ` Also there: ${more.join(' and ')}.` : ''
  const isShort = view.changes.length === 0 && view.diagnostics.length === 0 && also === ''
  return footer(view, isShort ? '' : ` Full report: ${elsewhere}.${also}`)
}

/** The footer of a summary. */
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
  const parts = ['---', small, ruleLinks(view)]
  return parts.filter((part) => part !== '').join('\n\n')
}

function linkFile(view: View): string {
  const { file } = view.report
  const url = fileUrl(view.context, file)
  return url === undefined ? code(file, 300) : link(file, url)
}

/** Enough of the fingerprint to distinguish two plans by eye. */
function shortFingerprint(fingerprint: string): string {
  return fingerprint.slice(0, 'sha256:'.length + 16)
}

/**
 * Link definitions for the rules that the changes reference, with the rule's summary as tooltip.
 */
function ruleLinks(view: View): string {
  const changes = [...view.changes, ...(view.report.review?.unreviewed ?? [])]
  const lines = (view.context.reviewedGroups ?? []).flatMap((group) => group.lines)
  const shown = rules.filter((rule) => lines.some((line) => line.includes(`[${rule}]`)))
  const used = [...new Set([...changes.map((change) => change.rule), ...shown])].toSorted()
  return used
    .map((rule) => `[${rule}]: ${view.context.rulesUrl}#${rule} "${inShort[rule]}"`)
    .join('\n')
}
