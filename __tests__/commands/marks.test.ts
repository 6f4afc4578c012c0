import { describe, expect, test } from '@jest/globals'
import { claimedMark, othersOf, readMarks } from '../../src/commands/marks.ts'
import { markOf } from '../../src/resources/ownership.ts'
import { scopeId, sub, topology } from '../plan/builders.ts'

const text = (name: string, scope = scopeId, more = '') =>
  `version: 1\nname: ${name}\nsubscription: ${sub}\nprivateLinkScope: ${scope}\n${more}`
const other = scopeId.replace(/ampls$/, 'other')

/** The error of a file `new` with these former names, next to another file of the run. */
function claimed(formerNames: readonly string[], beside: string) {
  const file = topology({ name: 'new', formerNames })
  const marks = readMarks(
    [
      { file: 'topology.yml', text: text('new') },
      { file: 'b.yml', text: beside },
    ],
    '2026-11-28',
  )
  return claimedMark(file, othersOf(file, { marks }))
}

describe('formerNames that are the mark of another file of the run', () => {
  test.each([
    ['by its bare name, in one scope', ['prod'], text('prod')],
    ['by its whole mark, in another scope', [markOf('prod', other)], text('prod', other)],
    ['among others', ['older', markOf('prod', other)], text('prod', other)],
    ['that has errors elsewhere', ['prod'], text('prod', scopeId, 'unknown: 1\n')],
    ['whose scope is in other letters', ['prod'], text('prod', scopeId.toUpperCase())],
  ])('are duplicate-name: %s', (_, formerNames, beside) => {
    expect(claimed(formerNames, beside)).toMatchObject({
      severity: 'error',
      code: 'duplicate-name',
      message: expect.stringContaining('is the mark of another topology file'),
      file: 'topology.yml',
    })
  })

  test.each([
    ['a name alone, of another scope', ['prod'], text('prod', other)],
    ['its own mark', ['new'], text('prod', other)],
    ['one that nobody has', ['older'], text('prod')],
    ['none', [], text('prod')],
  ])('but not %s', (_, formerNames, beside) => {
    expect(claimed(formerNames, beside)).toBeUndefined()
  })
})
