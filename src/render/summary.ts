import { renderEgress } from './parts/firewall.ts'
import { summaryFooter } from './parts/footer.ts'
import { fit, type Section } from './text/limit.ts'
import { code } from './text/markdown.ts'
import { renderRemoteWrite } from './parts/remoteWrite.ts'
import type { View } from './view.ts'

/** GitHub's limit is 1 MiB per step. */
export const maxSummaryBytes = 1_000_000

/** The step summary: the comment's document in full, remote write, host names, firewall rules. */
export function renderSummary(view: View, document: readonly Section[]): string {
  const sections: Section[] = [
    ...document,
    { type: 'optional', text: renderRemoteWrite(view), instead: '' },
    {
      type: 'optional',
      text: renderEgress(view),
      instead: `There are too many host names to show here: see the file that the output ${code('egress-fqdns')} names.`,
    },
    { type: 'whole', text: summaryFooter(view) },
  ]
  const elsewhere = `the file that the output ${code('plan-json')} names`
  const body = fit(sections, maxSummaryBytes - 1, elsewhere, (text) => Buffer.byteLength(text))
  return `${body}\n`
}
