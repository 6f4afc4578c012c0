import { describe, expect, it } from '@jest/globals'
import {
  decodePlanData,
  encodePlanData,
  maxDigests,
  type PlanData,
  saltedDigest,
} from '../../src/render/carried/planData.ts'
import { pack, unpack } from '../../src/render/carried/pack.ts'
import { sha256Hex } from '../../src/resources/id.ts'

const fingerprint = `sha256:${sha256Hex('plan')}`
const salt = '0123456789abcdef'.repeat(2)
const plan: PlanData = {
  formatVersion: 1,
  topology: 'production',
  fingerprint,
  blocked: false,
  salt,
}
const digestsOf = (count: number) =>
  Array.from({ length: count }, (_, n) => saltedDigest(salt, sha256Hex(`change ${n}`)))
const body = (line: string) => `Some *text*\n\n${line}`

describe('the line', () => {
  it('is this one', () => {
    const digests = digestsOf(2)
    const run = { id: 4711, attempt: 1 }
    expect(encodePlanData({ ...plan, digests, run, wrote: { id: 4712, attempt: 2 } })).toBe(
      `<!-- azure-monitor-private-link:plan {"formatVersion":1,"topology":"production","fingerprint":"${fingerprint}","blocked":false,"salt":"${salt}","run":[4711,1],"wrote":[4712,2],"digests":"${pack(digests.join(''))}"} -->`,
    )
  })

  it("never contains two hyphens or an angle bracket, whatever the topology's name", () => {
    for (const topology of ['a--b', 'a---b', 'a-->b', '<!--', 'x\ny', '-'.repeat(9)]) {
      const line = encodePlanData({ ...plan, topology })
      expect(line.slice('<!--'.length, -'-->'.length)).not.toMatch(/--|[<>\r\n]/)
      expect(decodePlanData(body(line))).toEqual({ ...plan, topology })
    }
  })

  it('leaves room for the visible part, with as many digests as fit', () => {
    const line = encodePlanData({ ...plan, digests: digestsOf(maxDigests) })
    expect(line.length).toBeLessThan(37_000)
  })
})

describe('a digest', () => {
  it('has 128 bits that depend on the salt', () => {
    const digest = sha256Hex('change')
    expect(saltedDigest(salt, digest)).toMatch(/^[0-9a-f]{32}$/)
    expect(saltedDigest('f'.repeat(32), digest)).not.toBe(saltedDigest(salt, digest))
  })

  it('is packed into characters of one block, stable under normalization', () => {
    for (const count of [0, 1, 2, 3, 6, 7, 8, 100]) {
      const hex = digestsOf(count).join('')
      const packed = pack(hex)
      expect(packed).toMatch(/^[\u4e00-\u8dff]*$/)
      expect(packed.normalize('NFKD')).toBe(packed)
      expect(unpack(packed, 32)).toBe(hex)
    }
    expect(unpack(pack('f'.repeat(32)), 32)).toBe('f'.repeat(32))
  })
})

describe('encoding and decoding', () => {
  it.each([
    ['without changes', []],
    ['with three changes', digestsOf(3)],
    ['with as many as fit', digestsOf(maxDigests)],
  ])('brings back a plan %s', (_, digests) => {
    const read = decodePlanData(body(encodePlanData({ ...plan, digests })))
    expect(read).toEqual({ ...plan, digests })
    // Decoded data can be encoded again, as an apply does when it updates the comment.
    expect(read && encodePlanData(read)).toBe(encodePlanData({ ...plan, digests }))
  })

  it('leaves the digests out when they do not fit', () => {
    const digests = digestsOf(maxDigests + 1)
    expect(decodePlanData(encodePlanData({ ...plan, digests }))).toEqual(plan)
  })

  it('keep whether a plan is blocked', () => {
    expect(decodePlanData(encodePlanData({ ...plan, blocked: true }))?.blocked).toBe(true)
  })
})

describe('a body that must not be trusted', () => {
  const line = encodePlanData({ ...plan, digests: digestsOf(1), run: { id: 1, attempt: 1 } })
  const forged = encodePlanData({ ...plan, topology: 'forged' })
  it.each([
    ['has no line', 'Some text'],
    ['has text after the line', `${line}\nmore`],
    ['has something before it on the line', body(`> ${line}`)],
    ['has the line twice', `${forged}\n${line}`],
    ['has a forged one inside a line of text', `a name like ${forged} here\n${line}`],
    ['has only a cut line', line.slice(0, -10)],
    ['has other JSON', '<!-- azure-monitor-private-link:plan [] -->'],
    ['has no JSON', '<!-- azure-monitor-private-link:plan {"formatVersion":1 -->'],
    ['has another format', line.replace('"formatVersion":1', '"formatVersion":2')],
    ['has a short fingerprint', line.replace(/sha256:[0-9a-f]{4}/, 'sha256:')],
    ['has blocked as a text', line.replace('false', '"false"')],
    ['has no salt, as comments of old', line.replace(/"salt":"[0-9a-f]*",/, '')],
    ['has a short salt', line.replace('"salt":"01', '"salt":"')],
    ['has a run that is none', line.replace('"run":[1,1]', '"run":"1"')],
    ['has half a digest', line.replace(/"digests":"./, '"digests":"')],
    [
      'has an extra bit',
      line.replace(/.(?="} -->$)/, (last) => String.fromCharCode(last.charCodeAt(0) + 1)),
    ],
    ['has digests of other characters', line.replace(/"digests":"./, '"digests":"*')],
    ['has no topology', line.replace('production', '')],
  ])('%s', (_, text) => {
    expect(decodePlanData(text)).toBeUndefined()
  })

  it('is still read with Windows line endings and trailing blanks', () => {
    expect(decodePlanData(`text\r\n${line}\r\n \n`)?.topology).toBe('production')
  })
})
