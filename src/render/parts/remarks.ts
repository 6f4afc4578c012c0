import type { Section } from '../text/limit.ts'
import { text } from '../text/markdown.ts'
import type { View } from '../view.ts'

/** What an imported file can't say or nobody can know: comments of the file, said to the reader too. */
export function renderRemarks({ report }: View): Section[] {
  const remarks = report.imported?.remarks ?? []
  if (remarks.length === 0) return []
  return [
    {
      type: 'list',
      head: '### What the file does not say',
      items: remarks.map((remark) => `- ${text(remark)}`),
      tail: '',
      weight: 3,
    },
  ]
}
