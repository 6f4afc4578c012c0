import { describe, expect, test } from '@jest/globals'
import type { Diagnostic } from '../../src/diagnostics.ts'
import { waive } from '../../src/plan/checks/waive.ts'
import type { Waiver } from '../../src/topology/topology.ts'
import { dceId, sub, topology } from './builders.ts'

const found: Diagnostic = {
  severity: 'error',
  code: 'endpoint-in-use',
  message: 'It is used.',
  remedy: 'Look.',
  resource: dceId('DCE'),
}

function waiver(more: Partial<Waiver> = {}): Waiver {
  return {
    code: 'endpoint-in-use',
    reason: 'since',
    expires: '2027-01-31',
    at: { line: 7, column: 1 },
    ...more,
  }
}

const short = (name: string) => ({
  text: name,
  subscription: sub,
  resourceGroup: 'RG-Monitor',
  name,
})

function result(waivers: Waiver[], diagnostic: Diagnostic = found, pending: number[] = []) {
  return waive(topology({ waivers }), [diagnostic], pending).map(
    (one) => `${one.severity} ${one.code}`,
  )
}

describe('A waiver', () => {
  test.each([
    ['for the code as a whole', waiver(), true],
    [
      'for this resource by its short reference, in any case',
      waiver({ resource: short('dce') }),
      true,
    ],
    [
      'for this resource by its id',
      waiver({ resource: { ...short('dce'), key: dceId('dce').toLowerCase() } }),
      true,
    ],
    ['for another resource', waiver({ resource: short('other') }), false],
    ['for another code', waiver({ code: 'wrong-type' }), false],
  ])('%s: %#', (_, one, covers) => {
    expect(result([one])[0]).toBe(covers ? 'warning endpoint-in-use' : 'error endpoint-in-use')
  })

  test('has a reason and an expiry date', () => {
    expect(waive(topology({ waivers: [waiver()] }), [found], [])[0]?.waived).toEqual({
      reason: 'since',
      expires: '2027-01-31',
    })
  })

  test('for a blackout has no effect', () => {
    expect(result([waiver({ code: 'blackout' })], { ...found, code: 'blackout' })).toEqual([
      'error blackout',
      'notice waiver-unused',
    ])
  })

  test('that the pull request adds has no effect yet', () => {
    expect(result([waiver()], found, [0])).toEqual([
      'error endpoint-in-use',
      'warning waiver-added',
    ])
  })

  test('that covers nothing is reported', () => {
    expect(result([waiver({ code: 'wrong-type' })])).toEqual([
      'error endpoint-in-use',
      'notice waiver-unused',
    ])
  })

  test('leaves warnings as they are', () => {
    expect(
      waive(topology({ waivers: [waiver()] }), [{ ...found, severity: 'warning' }], [])[0]?.waived,
    ).toBeUndefined()
  })
})
