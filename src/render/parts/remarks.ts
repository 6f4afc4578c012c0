import type { Section } from '../text/limit.ts'
import { text } from '../text/markdown.ts'
import type { View } from '../view.ts'

/**
 * What an imported file can't express and what could not be determined; also comments in the file.
 */
export function renderRemarks({ report }: View): Section[] {
  const remarks = report.imported?.remarks ?? []
  if (remarks.length === 0) return []
  return [
    {
      type: 'list',
      head: '### What the file does not cover',
      items: remarks.map((remark) => `- ${text(remark)}`),
      tail: '',
      weight: 3,
    },
  ]
}
