import { expect, test } from '@jest/globals'
import { expectSecondsOf } from '../../src/plan/schedule/expectedSeconds.ts'

test.each([
  ['nothing to do', 0, 0, 0],
  ['one link', 1, 0, 20],
  ['a link and a few other writes, which take no longer', 1, 8, 20],
  ['a hundred associations, concurrently', 0, 100, 25],
  ['more than the capacity of the write bucket', 0, 10_200, 2550],
  ['many links, one after the other', 300, 1000, 6000],
])('%s', (_, scope, others, seconds) => {
  expect(expectSecondsOf({ scope, others })).toBe(seconds)
})
