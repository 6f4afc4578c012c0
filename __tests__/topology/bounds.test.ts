import { expect, test } from '@jest/globals'
import { parseTopology } from '../../src/topology/parseTopology.ts'

const head = `version: 1
name: many
subscription: 11111111-1111-1111-1111-111111111111
privateLinkScope: rg/ampls
machines:
`
const parse = (text: string) =>
  parseTopology(text, { file: 'x.yml', today: '2026-01-01' }).diagnostics

test.each(['  -\n', '  - x:\n', '  - 1\n', '  - rg/a/b/c/d\n'])(
  'for a megabyte of %j, the first 200 problems are reported, and the total',
  (line) => {
    const found = parse(head + line.repeat(Math.floor(1_000_000 / line.length)))
    expect(found).toHaveLength(201)
    const counts = found.filter(({ code }) => code === 'too-many-problems')
    expect(counts).toHaveLength(1)
    expect(counts[0]?.message).toMatch(
      /^The file has [\d,]+ problems(?: or more)?; the first 200 are shown\.$/,
    )
    expect(found.slice(0, 100).map(({ line: at }) => at)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 6),
    )
  },
)

test('up to 200 problems are all reported, wherever they are in the file', () => {
  const good = '  - rg/vm-'
  const many = Array.from({ length: 5000 }, (_, n) => `${good}${n}\n`).join('')
  const found = parse(`${head}${many}  -\n  - x: 1\n${good}last\n  - 7\n`)
  expect(found.map(({ line }) => line)).toEqual([5006, 5007, 5007, 5009])
})

test('201 problems are counted exactly', () => {
  const found = parse(head + '  - 1\n'.repeat(201))
  expect(found.at(-1)?.message ?? '').toMatch(/201 problems|is not/)
  expect(found.map(({ message }) => message)).toContain(
    'The file has 201 problems; the first 200 are shown.',
  )
})
