import { isIP } from 'node:net'
import { expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { addressKind, canonicalAddress } from '../../src/egress/inside/addressKind.ts'

it.each([
  ['10.0.0.4', 'private'],
  ['172.15.255.255', 'public'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['172.32.0.0', 'public'],
  ['192.168.1.1', 'private'],
  ['192.169.0.1', 'public'],
  ['127.0.0.1', 'special'],
  ['0.0.0.0', 'special'],
  ['169.254.169.254', 'special'],
  ['100.64.0.1', 'special'],
  ['100.128.0.1', 'public'],
  ['224.0.0.1', 'special'],
  ['20.218.184.197', 'public'],
  ['fc00::1', 'private'],
  ['fdff:ffff::1', 'private'],
  ['fe00::1', 'special'],
  ['fe80::1%eth0', 'special'],
  ['::1', 'special'],
  ['::', 'special'],
  ['2603:1030::1', 'public'],
  ['::ffff:10.0.0.4', 'private'],
  ['::ffff:20.1.2.3', 'public'],
  ['::ffff:a00:4', 'private'],
  ['10.0.0.256', undefined],
  ['10.0.0', undefined],
  ['010.0.0.4', undefined],
  ['fd00::1::2', undefined],
  ['fd00', undefined],
  ['1:2:3:4:5:6:7:8:9', undefined],
  ['global.handler.control.monitor.azure.com', undefined],
  ['', undefined],
])('%s is %s', (address, kind) => {
  expect(addressKind(address)).toBe(kind)
})

it('every address has one canonical form', () => {
  expect(canonicalAddress('FD00:0:0:0:0:0:0:0004')).toBe(canonicalAddress('fd00::4'))
  expect(canonicalAddress('::FFFF:10.0.0.4')).toBe('10.0.0.4')
  expect(canonicalAddress('fd00::10.0.0.4')).toBe(canonicalAddress('fd00::a00:4'))
})

it('recognizes addresses as Node.js does', () => {
  const text = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), fc.stringMatching(/^[0-9a-f:.]{0,20}$/))
  fc.assert(
    fc.property(text, (address) => {
      expect(canonicalAddress(address) !== undefined).toBe(isIP(address.trim()) !== 0)
    }),
    { numRuns: 500 },
  )
})
