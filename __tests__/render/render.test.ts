import { describe, expect, test } from '@jest/globals'
import { render } from '../../src/render/render.ts'
import { expectGolden } from './golden.ts'
import { contextOf, situations } from './situations.ts'

describe('the comment, whole', () => {
  test.each(Object.entries(situations))('%s', (name, situation) => {
    const { comment } = render(situation.report, contextOf(situation))
    expectGolden(`${name}.md`, `${comment}\n`)
    expect(comment.length).toBeLessThan(60_000)
  })
})
