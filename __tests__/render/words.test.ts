import { describe, expect, test } from '@jest/globals'
import { duration, elapsed, estimate, roughly } from '../../src/render/text/durationText.ts'
import { shortNames } from '../../src/render/text/shortNames.ts'
import { listed, plural, pointInTime, targetNoun } from '../../src/render/text/words.ts'
import { change, cluster, endpoint, linkResource, machine } from './builders.ts'

test.each([
  [0, '0 s'],
  [59, '59 s'],
  [60, '1 min'],
  [125, '2 min 5 s'],
  [599, '9 min 59 s'],
  [3540, '59 min'],
  [3599, '1 h'],
  [8220, '2 h 17 min'],
])('%d s is %s', (seconds, words) => {
  expect(duration(seconds)).toBe(words)
})

test.each([
  [4, 'under 10 s'],
  [44, 'about 40 s'],
  [100, 'about 2 min'],
  [8240, 'about 2 h 17 min'],
])('an estimate of %d s is %s', (seconds, words) => {
  expect(roughly(seconds)).toBe(words)
})

test.each([
  [400, '0.4 s'],
  [9949, '9.9 s'],
  [9950, '10 s'],
  [125_000, '2 min 5 s'],
])('%d ms are %s', (milliseconds, words) => {
  expect(elapsed(milliseconds)).toBe(words)
})

test('a plan with many links says why it takes so long', () => {
  const links = Array.from({ length: 412 }, (_, i) =>
    change('machine-ingestion', 'r', null, linkResource(endpoint(`dce-${i}`))),
  )
  expect(estimate(8240, links)).toBe(
    'about 2 h 17 min (412 scope writes, one at a time, about 20 s each)',
  )
  expect(estimate(20, links.slice(0, 1))).toBe('about 20 s')
  expect(estimate(undefined, links)).toBeUndefined()
})

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a and b'],
  [['a', 'b', 'c'], 'a, b and c'],
  [['a', 'b', 'c', 'd', 'e', 'f', 'g'], 'a, b, c, d and 3 more'],
])('%j in words is “%s”', (texts, words) => {
  expect(listed(texts)).toBe(words)
})

test.each([
  [1, '1 machine'],
  [0, '0 machines'],
  [1000, '1,000 machines'],
  [1234567, '1,234,567 machines'],
])('%d', (count, words) => {
  expect(plural(count, 'machine')).toBe(words)
})

test.each([
  ['2026-01-02T13:05:44.1234567Z', '2026-01-02 13:05 UTC'],
  ['2026-01-02T13:05:44+00:00', '2026-01-02 13:05 UTC'],
  ['2026-01-02T13:05:44+02:00', undefined],
  ['<b>', undefined],
])('the time %s', (iso, words) => {
  expect(pointInTime(iso)).toBe(words)
})

test('clusters and machines are distinguished by type', () => {
  expect(targetNoun(cluster('a'))).toBe('cluster')
  expect(
    targetNoun(
      '/subscriptions/1/resourceGroups/r/providers/Microsoft.Kubernetes/connectedClusters/c',
    ),
  ).toBe('cluster')
  expect(targetNoun(machine('a'))).toBe('machine')
  expect(targetNoun('nonsense')).toBe('machine')
})

describe('short names', () => {
  const elsewhere = machine('vm-01').replace(/^\/subscriptions\/1+/, '/subscriptions/2')
  const name = shortNames([
    machine('vm-01'),
    machine('vm-01', 'rg-web'),
    elsewhere,
    machine('vm-02'),
    endpoint('vm-02'),
    machine('VM-03'),
    machine('vm-03'),
  ])

  test.each([
    ['alone', machine('vm-02'), 'vm-02'],
    ['of another type', endpoint('vm-02'), 'vm-02'],
    ['of one resource in two spellings', machine('VM-03'), 'VM-03'],
    ['in two resource groups', machine('vm-01', 'rg-web'), 'rg-web/vm-01'],
    ['of what was not named before', machine('vm-09'), 'vm-09'],
    ['of no id', 'nonsense', 'nonsense'],
  ])('%s', (_, id, expected) => {
    expect(name(id)).toBe(expected)
  })

  test('in two subscriptions', () => {
    expect(name(machine('vm-01'))).toBe('11111111-1111-1111-1111-111111111111/rg-app/vm-01')
    expect(name(elsewhere)).not.toBe(name(machine('vm-01')))
  })
})
