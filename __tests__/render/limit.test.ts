import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { fit, type List, type Section } from '../../src/render/text/limit.ts'
import { unbalanced } from './checks.ts'

const list = (items: readonly string[], more: Partial<List> = {}): List => ({
  type: 'list',
  head: '',
  items,
  tail: '',
  weight: 1,
  ...more,
})
const whole = (text: string): Section => ({ type: 'whole', text })

describe('what fits is shown in full', () => {
  test('sections are separated by an empty line, empty ones are dropped', () => {
    const sections = [whole('a'), whole(''), list(['- b', '- c'], { head: '## l', tail: 'end' })]
    expect(fit(sections, 1000, 'there')).toBe('a\n\n## l\n\n- b\n- c\n\nend')
  })
})

describe('what does not fit is cut between items', () => {
  test('and the last item says how many more there are, and where', () => {
    const items = Array.from({ length: 100 }, (_, i) => `- item ${i}`)
    expect(fit([list(items)], 60, 'there')).toBe(
      '- item 0\n- item 1\n- item 2\n- … and 97 more: see there.',
    )
  })

  test('room that one list does not need goes to the others', () => {
    const many = Array.from({ length: 100 }, () => '- 3456789')
    const text = fit([list(['- a']), list(many, { weight: 1 })], 600, 'there')
    expect(text.length).toBeGreaterThan(560)
    expect(text).toContain('- a\n')
  })

  test('a heavier list gets more', () => {
    const items = (name: string) => Array.from({ length: 200 }, () => `- ${name}`)
    const text = fit([list(items('x'), { weight: 3 }), list(items('y'))], 500, 'there')
    const count = (name: string) => text.split(`- ${name}\n`).length - 1
    expect(count('x') / count('y')).toBeGreaterThan(2.5)
  })

  test('an optional section gets room before lists, and is replaced if it does not fit', () => {
    const optional = (length: number): Section => ({
      type: 'optional',
      text: 'o'.repeat(length),
      instead: '(no)',
    })
    const items = Array.from({ length: 100 }, () => '- item')
    expect(fit([optional(300), list(items)], 400, 'there')).toContain('oooo')
    expect(fit([optional(500), list(items)], 400, 'there')).toContain('(no)')
  })

  test('droppable lists are dropped first, starting with the last', () => {
    const folded = (name: string) => list(['- i'], { head: name.repeat(30), droppable: true })
    const text = fit([whole('w'.repeat(50)), folded('a'), folded('b')], 130, 'there')
    expect(text).toContain('aaa')
    expect(text).not.toContain('bbb')
  })

  test('the limit can be in bytes', () => {
    const items = Array.from({ length: 100 }, () => '- äöü')
    const text = fit([list(items)], 200, 'there', (text) => Buffer.byteLength(text))
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(200)
  })
})

const word = fc.stringMatching(/^[a-z ]{0,60}$/)
const anyList = fc.record({
  items: fc.array(
    word.map((text) => `- <code>${text}</code>`),
    { maxLength: 60 },
  ),
  weight: fc.integer({ min: 1, max: 5 }),
  folded: fc.boolean(),
})
const anySection = fc.oneof(
  word.map(whole),
  word.map((text): Section => ({
    type: 'optional',
    text: `\`\`\`text\n${text}\n\`\`\``,
    instead: '',
  })),
  anyList.map(({ items, weight, folded }) =>
    folded
      ? list(items, {
          weight,
          head: '<details>\n<summary>s</summary>',
          tail: '</details>',
          droppable: true,
        })
      : list(items, { weight }),
  ),
)

test('whatever the sections and the room, the text fits, is balanced and hides nothing silently', () => {
  fc.assert(
    fc.property(
      fc.array(anySection, { maxLength: 8 }),
      fc.integer({ min: 900, max: 6000 }),
      (sections, budget) => {
        const text = fit(sections, budget, 'there')
        expect(text.length).toBeLessThanOrEqual(budget)
        expect(unbalanced(text)).toEqual([])
        for (const section of sections) {
          if (section.type !== 'list' || section.droppable === true) continue
          const shown = section.items.filter((item) => text.includes(item)).length
          if (shown < section.items.length) expect(text).toContain('more: see there.')
        }
      },
    ),
    { numRuns: 300 },
  )
})
