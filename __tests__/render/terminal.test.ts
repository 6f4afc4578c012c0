import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { layOut } from '../../src/render/terminal/layOut.ts'
import { columnsOf, type Look } from '../../src/render/terminal/look.ts'
import { bold, code, details, link, table, text } from '../../src/render/text/markdown.ts'
import { nasty } from './nasty.ts'

const pipe: Look = { width: Infinity, colors: false }
const narrow: Look = { width: 40, colors: false }

describe('layOut', () => {
  test('shows headings, text, lists and folded sections without markup', () => {
    const markdown = [
      '<!-- hidden -->',
      '## ✅ production: nothing to do',
      `It is ${bold('so')} and ${code('so')}: ${link('a label', 'https://example.com/x')}.`,
      '- one\n  - two [config-association]\n1. three',
      details('More', '- inside'),
      '---',
      '[config-association]: https://example.com/rules',
    ].join('\n\n')
    expect(layOut(markdown, pipe)).toBe(
      [
        '✅ production: nothing to do',
        '',
        'It is so and so: a label.',
        '',
        '  • one',
        '    • two [config-association]',
        '  1. three',
        '',
        'More',
        '',
        '    • inside',
        '',
      ].join('\n'),
    )
  })

  test('wraps lines between words, with an indent, and does not wrap for a pipe', () => {
    const item = `- ${'word '.repeat(20)}`
    expect(layOut(item, narrow).split('\n')[1]).toBe(`    ${'word '.repeat(7).trim()}`)
    expect(layOut(item, pipe).trim().split('\n')).toHaveLength(1)
  })

  test('aligns tables, and wraps the widest cells of a table that is too wide', () => {
    const rows = [['vm-01', 'receiving', 'a '.repeat(30).trim()]]
    const lines = layOut(table(['target', 'state', 'detail'], rows), narrow)
      .trimEnd()
      .split('\n')
    expect(lines[0]).toBe('  target  state      detail')
    expect(lines[1]).toMatch(/^ {2}vm-01 {3}receiving {2}a a a/)
    expect(lines.length).toBeGreaterThan(3)
    for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(40)
  })

  test('draws no diagram', () => {
    expect(layOut('a\n\n```mermaid\nflowchart LR\n```\n\nb', pipe)).toBe('a\n\nb\n')
  })

  test('colors by meaning, and ends each color', () => {
    const colored = layOut('## ⛔ no\n\n**a b** c', { width: 80, colors: true })
    expect(colored).toBe('\u001b[31m⛔ no\u001b[39m\n\n\u001b[1ma b\u001b[22m c\n')
  })
})

describe('nothing hostile passes', () => {
  const looks = [pipe, narrow, { width: 80, colors: true }]
  const judge = (shown: string): void => {
    for (const line of shown.replace(/\u001b\[(?:1|2|3\d|22|39)m/g, '').split('\n')) {
      expect(line.trimStart().startsWith('::')).toBe(false)
      expect(line).not.toContain('##[')
      expect(line).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u)
    }
  }

  test.each(Object.entries(nasty))('%s', (_, value) => {
    for (const look of looks) {
      const markdown = `## ${text(value)}\n\n- ${bold(value)}: ${code(value)}\n\n${table(['a'], [[text(value)]])}`
      judge(layOut(markdown, look))
      judge(layOut(`${value}\n\n- ${value}`, look))
    }
  })

  test('and escaped text is shown as it was', () => {
    const value = 'a **b** <code>c</code> [d](https://e) &amp; `f` @g #1 _h_'
    expect(layOut(text(value), pipe)).toBe(`${value}\n`)
    expect(layOut(`- ${code(value)}`, pipe)).toBe(`  • ${value}\n`)
  })

  test('any text stays in its line, and is shown in full', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (value) => {
        const shown = layOut(`- ${text(value)}`, pipe)
        judge(shown)
        expect(shown.trimEnd().split('\n').length).toBeLessThanOrEqual(1)
      }),
    )
  })
})
