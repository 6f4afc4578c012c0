import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { head, parse } from './problems.ts'

const everything = readFileSync(
  new URL('../../examples/everything.yml', import.meta.url),
  'utf8',
).replace(/^#.*\n/gm, '')

/** Fragments of YAML and of topology files, so that random combinations are nearly valid. */
const bits = [
  ...['\n', '  ', '    ', '- ', ': ', '[', ']', '{', '}', ', ', '"', "'", '#', '? ', '| ', '>-\n'],
  ...[
    '&a ',
    '*a',
    '<<: ',
    '!!str ',
    '!x ',
    '---\n',
    '...\n',
    '%YAML 1.2\n',
    '\t',
    '\\u0000',
    '\\x1b',
  ],
  ...['null', '~', '1', '010', 'true', '__proto__', 'constructor', '\ud800', '\ufeff', '\u0000'],
  ...['version: 1\n', 'machines:\n', 'select:', 'resource: ', 'rg/vm', 'metrics: ', 'waivers:\n'],
]
const runs = { numRuns: 400, seed: 20261122 }

/** Invariants for every text: positions are in the text, messages are complete, and there is a topology or an error. */
function check(text: string): void {
  const { topology, diagnostics } = parse(text)
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)
  for (const { line = 0, column = 0, message, remedy, severity } of diagnostics) {
    expect(line).toBeGreaterThanOrEqual(1)
    expect(line).toBeLessThanOrEqual(lines.length)
    expect(column).toBeGreaterThanOrEqual(1)
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1)
    expect(severity).toBe('error')
    expect(message).not.toMatch(/has a value that is not allowed|Invalid input|undefined|\[object/)
    expect(message.length).toBeGreaterThan(10)
    expect(remedy.length).toBeGreaterThan(5)
  }
  expect(topology === undefined).toBe(diagnostics.length > 0)
}

describe('For any text, the parser returns a topology, or problems with positions in the file', () => {
  test('arbitrary text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), check), runs)
  })

  test('fragments of YAML in any order', () => {
    const text = fc.array(fc.constantFrom(...bits), { maxLength: 40 }).map((some) => some.join(''))
    fc.assert(fc.property(text, check), runs)
    fc.assert(
      fc.property(
        text.map((some) => head + some),
        check,
      ),
      runs,
    )
  })

  test('a valid file with a part replaced', () => {
    const part = fc.record({
      from: fc.nat({ max: everything.length }),
      length: fc.nat({ max: 40 }),
      by: fc.array(fc.constantFrom(...bits), { maxLength: 3 }).map((some) => some.join('')),
    })
    const text = fc
      .array(part, { minLength: 1, maxLength: 3 })
      .map((parts) =>
        parts.reduce(
          (file, { from, length, by }) => file.slice(0, from) + by + file.slice(from + length),
          everything,
        ),
      )
    fc.assert(fc.property(text, check), runs)
  })

  test('a valid file with a value replaced by one of another type', () => {
    const values = [
      '~',
      '5',
      'true',
      'text',
      '[]',
      '[~]',
      '{}',
      '{ a: ~ }',
      '""',
      "'{'",
      '/',
      '../..',
    ]
    const keyed = [...everything.matchAll(/: ([^\s#][^#\n]*)/g)]
    const change = fc.record({
      match: fc.constantFrom(...keyed),
      value: fc.constantFrom(...values),
    })
    const text = change.map(
      ({ match, value }) =>
        `${everything.slice(0, match.index)}: ${value} ${everything.slice(match.index + match[0].length)}`,
    )
    fc.assert(fc.property(text, check), runs)
  })
})
