import { describe, expect, it } from '@jest/globals'
import { render } from '../../src/render/render.ts'
import { type RenderContext } from '../../src/render/context.ts'
import { changesShownIn } from '../../src/render/parts/reviewedChanges.ts'
import type { Report } from '../../src/report.ts'
import { contextOf, situations } from './situations.ts'

function situation(name: string): { readonly report: Report; readonly context: RenderContext } {
  const found = situations[name]
  if (found === undefined) throw new Error(`there is no situation ${name}`)
  return { report: found.report, context: contextOf(found) }
}

function shownBy(name: string): string | undefined {
  const { report, context } = situation(name)
  return changesShownIn(render(report, context).comment)
}

describe('the changes that a comment shows', () => {
  it.each([
    ['up to the next part', 'x\n\n### Changes\n\n- a\n- b\n\n### Steps\n\n1. c', '- a\n- b'],
    ['with line ends of Windows', '### Changes\r\n\r\n- a\r\n\r\n---\r\n', '- a'],
    ['up to its end', '### Changes\n\n- a\n', '- a'],
    [
      'with folded groups, up to another folded part',
      '### Changes\n\n<details>\n<summary><b>Link 4</b></summary>\n\n- a\n\n</details>\n\n<details>\n<summary>Full ids</summary>\n\n- b\n\n</details>',
      '<details>\n<summary><b>Link 4</b></summary>\n\n- a\n\n</details>',
    ],
    [
      'reviewed before what became of them',
      '### Changes\n\n- a\n\n### What was reviewed\n\n- b',
      '- b',
    ],
    ['none', '## nothing to do\n\n---', undefined],
    ['none under the heading', '### Changes\n\n### Steps', undefined],
  ])('%s', (_, body, shown) => {
    expect(changesShownIn(body)).toBe(shown)
  })

  it('are found in comments of ours, and not where nothing was reviewed', () => {
    expect(shownBy('article-planned')).toMatch(
      /^- ➕ Create endpoint \*\*dce-production-northeurope\*\*/,
    )
    expect(shownBy('thousands-of-changes')?.match(/<details>/g)).toHaveLength(3)
    expect(shownBy('blocked')).toBeUndefined()
    expect(shownBy('plan-changed')).toBeUndefined()
  })
})

describe('a comment on a plan that changed', () => {
  const { report, context } = situation('plan-changed')

  it('shows them with the addresses of their rules', () => {
    const reviewedChanges = '- **law-weu** — it is in the file. [log-analytics]'
    const { comment } = render(report, { ...context, reviewedChanges })
    expect(comment).toContain(`### What was reviewed\n\n${reviewedChanges}\n\n### All that`)
    expect(comment).toMatch(/^\[log-analytics\]: https:/m)
  })

  it('says where they are when they are too long to be shown again', () => {
    const reviewedChanges = '- one more change\n'.repeat(1000)
    const { comment } = render(report, { ...context, reviewedChanges })
    expect(comment).toContain('### What was reviewed\n\nThat is too much')
    expect(comment).not.toContain('one more change')
  })
})
