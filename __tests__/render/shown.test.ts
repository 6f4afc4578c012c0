import { describe, expect, it, test } from '@jest/globals'
import { sha256Hex } from '../../src/resources/id.ts'
import { render } from '../../src/render/render.ts'
import { countNew, decodeShown, encodeShown } from '../../src/render/carried/shown.ts'
import { type Shown } from '../../src/render/carried/shownState.ts'
import { findWorsening, renderWorsening } from '../../src/render/carried/worse.ts'
import {
  change,
  associationResource,
  context,
  endpoint,
  error,
  machine,
  plan,
  report,
} from './builders.ts'
import { harmIn } from './checks.ts'
import { nasty } from './nasty.ts'
import { contextOf, situations } from './situations.ts'

const remove = (name: string) =>
  change('config-association', 'why', associationResource(machine(name), endpoint('dce')), null)
const move = (name: string, to: string) =>
  change(
    'config-association',
    'why',
    associationResource(machine(name), endpoint('dce')),
    associationResource(machine(name), endpoint(to)),
    { digest: sha256Hex(`${name} ${to}`) },
  )

function shown(
  changes: readonly ReturnType<typeof remove>[],
  errors: readonly string[] = [],
  before?: Shown,
): Shown {
  const diagnostics = errors.map((message) => error('unknown-resource', message, 'Mend it.'))
  const body = render(report({ plan: plan(changes), diagnostics }), {
    ...context,
    ...(before && { shownBefore: before }),
  }).comment
  const found = decodeShown(body)
  if (found === undefined) throw new Error('the comment does not say what it shows')
  return found
}

describe('what a comment shows', () => {
  test.each(Object.entries(situations))('can be read back: %s', (_, situation) => {
    const { comment } = render(situation.report, contextOf(situation))
    const found = decodeShown(comment)
    expect(found).toBeDefined()
    expect(found && comment.includes(encodeShown(found))).toBe(true)
  })

  it('stays if there is no plan', () => {
    const before = shown([remove('a')])
    const none = report({
      situation: 'invalid',
      result: 'failed',
      diagnostics: [error('syntax', 'x', 'y')],
    })
    const { comment } = render(none, { ...context, shownBefore: before })
    expect(decodeShown(comment)).toMatchObject({
      situation: 'invalid',
      deletes: before.deletes,
      errors: { count: 1 },
    })
  })

  it.each([
    ['nothing', ''],
    ['a broken line', '<!-- azure-monitor-private-link:shown {"v":1 -->'],
    [
      'another version',
      '<!-- azure-monitor-private-link:shown {"v":2,"situation":"planned","d":[0,""],"r":[0,""],"e":[0,""]} -->',
    ],
    [
      'part of a digest',
      '<!-- azure-monitor-private-link:shown {"v":1,"situation":"planned","d":[1,"abc"],"r":[0,""],"e":[0,""]} -->',
    ],
    ['no object', '<!-- azure-monitor-private-link:shown 7 -->'],
    [
      'a line within another',
      'x <!-- azure-monitor-private-link:shown {"v":1,"situation":"planned","d":[0,""],"r":[0,""],"e":[0,""]} -->',
    ],
  ])('is not read out of %s', (_, body) => {
    expect(decodeShown(body)).toBeUndefined()
  })
})

describe('a worsening', () => {
  it.each([
    ['nothing', shown([]), shown([]), undefined],
    ['the same delete', shown([remove('a')]), shown([remove('a')]), undefined],
    ['fewer', shown([remove('a'), remove('b')], ['e']), shown([remove('a')]), undefined],
    [
      'another delete instead',
      shown([remove('a')]),
      shown([remove('b')]),
      { deletes: 1, replaces: 0, errors: 0 },
    ],
    [
      'a move to another endpoint',
      shown([move('a', 'x')]),
      shown([move('a', 'y')]),
      { deletes: 0, replaces: 1, errors: 0 },
    ],
    [
      'another error',
      shown([], ['e']),
      shown([], ['e', 'f']),
      { deletes: 0, replaces: 0, errors: 1 },
    ],
  ])('is, or is not: %s', (_, before, now, expected) => {
    expect(findWorsening(before, now)).toEqual(expected)
  })

  it('of more than a hundred is counted', () => {
    const many = (count: number) =>
      shown(Array.from({ length: count }, (_, n) => remove(`vm-${n}`)))
    expect(many(150).deletes).toMatchObject({ count: 150 })
    expect(many(150).deletes.digests).toHaveLength(100)
    expect(countNew(many(150).deletes, many(151).deletes)).toBe(1)
    expect(countNew(many(151).deletes, many(150).deletes)).toBe(0)
  })

  test.each(Object.entries(nasty))('is reported without harm from %s', (_, topology) => {
    const now = shown([remove('a')])
    const note = renderWorsening(
      { deletes: 1, replaces: 2, errors: 0 },
      {
        topology,
        now,
        commentUrl: 'https://github.com/octo-org/platform/pull/1#issuecomment-1',
        commitSha: topology,
      },
    )
    expect(note.split('\n')).toHaveLength(5)
    const [marker = '', ...rest] = note.split('\n')
    expect(marker).toMatch(
      /^<!-- azure-monitor-private-link:worse topology="[^"<>]*" plan="[0-9a-f]{16}" -->$/,
    )
    expect(harmIn(rest.join('\n'))).toEqual([])
  })
})
