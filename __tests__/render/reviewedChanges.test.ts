import { describe, expect, it } from '@jest/globals'
import { type Change, countChanges } from '../../src/plan/plan.ts'
import { type RenderContext } from '../../src/render/context.ts'
import { changesIn, type ShownGroup } from '../../src/render/parts/changesIn.ts'
import { findShownLines } from '../../src/render/parts/shownLines.ts'
import { render } from '../../src/render/render.ts'
import type { PlanReport } from '../../src/report.ts'
import { plan, report as reportOf } from './builders.ts'
import { contextOf, manyChanges, situations } from './situations.ts'

function situation(name: string): { readonly report: PlanReport; readonly context: RenderContext } {
  const found = situations[name]
  if (found === undefined) throw new Error(`there is no situation ${name}`)
  return { report: found.report, context: contextOf(found) }
}

function groupsOf(name: string): readonly ShownGroup[] {
  const { report, context } = situation(name)
  return changesIn(render(report, context).comment) ?? []
}

const linesOf = (groups: readonly ShownGroup[] | undefined) => groups?.flatMap(({ lines }) => lines)

const from = '<!-- azure-monitor-private-link:reviewed -->'
const to = '<!-- azure-monitor-private-link:reviewed end -->'
const marked = (text: string) => [from, text, to].join('\n\n')

describe('the changes that a comment shows', () => {
  it.each([
    [
      'as marked',
      `x\n\n${marked('### Any title\n\n- a\n- b')}\n\n### Steps\n\n- c`,
      ['- a', '- b'],
    ],
    ['with Windows line endings', `${marked('- a').replaceAll('\n', '\r\n')}\r\n- b`, ['- a']],
    [
      'with folded groups, and nothing from other folded sections',
      `${marked('<details>\n<summary><b>Link 4 resources to scope x</b> · 4</summary>\n\n- a\n\n</details>')}\n\n<details>\n<summary>Full ids</summary>\n\n- b\n\n</details>`,
      ['- a'],
    ],
    [
      'next to their results, folded',
      `${marked('- a')}\n\n<details>\n<summary>Reviewed changes</summary>\n\n${marked('- b')}\n\n</details>`,
      ['- a', '- b'],
    ],
    ['none', '## nothing to do\n\n---', []],
    ['none between the marks', marked('### Changes'), []],
    ['none that are not marked', `### Changes\n\n- a`, []],
    ['none in the diagram', '```mermaid\n' + marked('- a') + '\n```', []],
    ['none behind a mark with more on its line', `${from} x\n\n- a\n\n${to} x`, []],
  ])('%s', (_, body, shown) => {
    const found = linesOf(changesIn(body))
    expect(found ?? []).toEqual(shown)
  })

  it.each([
    ['hidden in a comment', `<!--\n${marked('- a')}\n-->\nhello`],
    ['hidden in a comment that is not closed', `hello <!--\n${marked('- a')}`],
    ['hidden by markup', `<div hidden>\n\n${marked('- a')}\n\n</div>`],
    ['behind an attribute', `<details open onclick="x">\n\n${marked('- a')}`],
    ['behind a mark that is not closed', `${from}\n\n- a`],
    ['before a mark that was not opened', `- a\n\n${to}`],
    ['between marks in marks', marked(marked('- a'))],
  ])('are not those %s: nobody knows what people see', (_, body) => {
    expect(changesIn(body)).toBeUndefined()
  })

  it('are found in every reviewed comment of ours, each change with its line', () => {
    const names = [
      'article-planned',
      'three-changes',
      'applied',
      'applying',
      'failed-half-way',
      'deletes',
    ]
    for (const name of names) {
      const { report } = situation(name)
      const changes = report.plan?.changes ?? []
      const standing = findShownLines(changes, groupsOf(name))
      expect([name, standing.lines.size]).toEqual([name, changes.length])
    }
  })

  it('are absent where nothing was reviewed', () => {
    for (const name of ['blocked', 'plan-changed', 'plan-not-found', 'not-converged', 'drift'])
      expect([name, groupsOf(name)]).toEqual([name, []])
  })

  it('are counted if they do not fit', () => {
    const groups = groupsOf('thousands-of-changes')
    const changes = situation('thousands-of-changes').report.plan?.changes ?? []
    const { lines, cut } = findShownLines(changes, groups)
    expect(lines.size).toBeGreaterThan(0)
    expect(lines.size + cut.size).toBe(changes.length)
    expect(countChanges(changes).create).toBe(
      groups.reduce((all, group) => all + group.lines.length + group.cut, 0),
    )
  })
})

describe('a change that is not shown', () => {
  const changes = manyChanges(3)
  const groups =
    changesIn(
      render(reportOf({ plan: plan(changes) }), situation('article-planned').context).comment,
    ) ?? []

  it('is one for another resource, or to another endpoint', () => {
    for (const change of changes) {
      const text = JSON.stringify(change)
      const other = JSON.parse(
        text
          .replaceAll('web-0000', 'web-9999')
          .replaceAll('/web-0001', '/db-0001')
          .replaceAll('web-0002', 'web-8888'),
      ) as typeof change
      if (JSON.stringify(other) === text) continue
      expect(findShownLines([other], groups).lines.size).toBe(0)
    }
  })

  it('is one with another action on the same resource', () => {
    const undone = changes.flatMap((change): Change[] =>
      change.kind === 'scopedResource' && change.after !== null
        ? [{ ...change, action: 'delete', before: change.after, after: null }]
        : [],
    )
    expect(undone).not.toEqual([])
    expect(findShownLines(undone, groups)).toEqual({ lines: new Map(), cut: new Set() })
  })

  it('is a second one that matches the same line', () => {
    const [first] = changes
    if (first === undefined) throw new Error('there is no change')
    const twice = [first, { ...first, key: `${first.key} again` }]
    expect(findShownLines(twice, groups).lines.size).toBe(1)
  })
})

describe('a comment that an apply writes', () => {
  const reviewedGroups = groupsOf('article-planned')
  const shown = linesOf(reviewedGroups) ?? []

  it.each([
    'plan-changed',
    'nothing-to-do',
    'not-converged',
    'blocked',
    'applied',
    'failed-half-way',
  ])('%s: still shows all that was reviewed', (name) => {
    const { report, context } = situation(name)
    const { comment } = render(report, { ...context, reviewedGroups })
    const { changes = [] } = situation('article-planned').report.plan ?? {}
    const { lines } = findShownLines(changes, changesIn(comment) ?? [])
    expect(lines.size).toBe(changes.length)
  })

  it('shows them with links to their rules', () => {
    const { report, context } = situation('plan-changed')
    const { comment } = render(report, { ...context, reviewedGroups })
    expect(comment).toContain(
      `### Reviewed changes\n\n<!-- azure-monitor-private-link:reviewed -->\n\n${shown[0] ?? ''}`,
    )
    expect(comment).toMatch(/^\[log-analytics\]: https:/m)
  })
})
