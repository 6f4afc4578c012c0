import { expect, test } from '@jest/globals'
import { targetTypes } from '../../src/topology/topology.ts'
import { sectionTypes, targetSections } from '../../src/topology/types.ts'

test.each(['cluster', 'machine'] as const)(
  'the section of a %s allows the types of that kind',
  (kind) => {
    expect(sectionTypes[targetSections[kind]].map((type) => type.toLowerCase())).toEqual(
      targetTypes[kind],
    )
  },
)
