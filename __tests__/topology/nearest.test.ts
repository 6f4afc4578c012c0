import { describe, expect, it } from '@jest/globals'
import { nearest } from '../../src/topology/nearest.ts'

const keys = ['metrics', 'logs', 'resource', 'resourceGroup', 'regionalName']

describe('The nearest known word', () => {
  it.each([
    ['a letter is missing', 'metrcs', 'metrics'],
    ['a letter is doubled', 'loggs', 'logs'],
    ['a letter is wrong', 'rasource', 'resource'],
    ['neighbors are swapped', 'metrcis', 'metrics'],
    ['only the case differs', 'RESOURCEGROUP', 'resourceGroup'],
    ['a part is missing', 'resources', 'resource'],
    ['two words are close: the closer one', 'resourceGroups', 'resourceGroup'],
  ])('%s', (_, word, expected) => {
    expect(nearest(word, keys)).toBe(expected)
  })

  it.each([
    ['no word is similar', 'owner'],
    ['more than a third differs', 'lag'],
    ['a short word shares no letter', 'x'],
    ['the word is empty', ''],
    ['the word is far too long', 'metrics'.repeat(20)],
  ])('is undefined when %s', (_, word) => {
    expect(nearest(word, keys)).toBeUndefined()
  })
})
