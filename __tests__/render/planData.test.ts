import { describe, expect, it } from '@jest/globals'
import {
  decodePlanData,
  encodePlanData,
  mostDigests,
  shortDigest,
  type PlanData,
} from '../../src/render/carried/planData.ts'
import { sha256Hex } from '../../src/resources/id.ts'

const fingerprint = `sha256:${sha256Hex('plan')}`
const plan: PlanData = { formatVersion: 1, topology: 'production', fingerprint, blocked: false }
const hex = (count: number) => Array.from({ length: count }, (_, n) => sha256Hex(`change ${n}`))
const body = (line: string) => `Some *text*\n\n${line}`

describe('the line', () => {
  it('is this one', () => {
    expect(encodePlanData({ ...plan, digests: hex(2) })).toBe(
      `<!-- azure-monitor-private-link:plan {"formatVersion":1,"topology":"production","fingerprint":"${fingerprint}","blocked":false,"digests":"${shortDigest(sha256Hex('change 0'))}${shortDigest(sha256Hex('change 1'))}"} -->`,
    )
  })

  it('never holds two hyphens or an angle bracket inside, whatever the topology is called', () => {
    for (const topology of ['a--b', 'a---b', 'a-->b', '<!--', 'x\ny', '-'.repeat(9)]) {
      const line = encodePlanData({ ...plan, topology })
      expect(line.slice('<!--'.length, -'-->'.length)).not.toMatch(/--|[<>\r\n]/)
      expect(decodePlanData(body(line))).toEqual({ ...plan, topology })
    }
  })
})

describe('encoding and decoding', () => {
  it.each([
    ['without changes', []],
    ['with three changes', hex(3)],
    ['with as many as fit', hex(mostDigests)],
  ])('brings back a plan %s', (_, digests) => {
    const read = decodePlanData(body(encodePlanData({ ...plan, digests })))
    expect(read).toEqual({ ...plan, digests: digests.map(shortDigest) })
    // What was read can be written again, as an apply does that updates the comment.
    expect(read && encodePlanData(read)).toBe(encodePlanData({ ...plan, digests }))
  })

  it('leaves the digests out when they do not fit', () => {
    expect(decodePlanData(encodePlanData({ ...plan, digests: hex(mostDigests + 1) }))).toEqual(plan)
  })

  it('keeps that a plan is blocked', () => {
    expect(decodePlanData(encodePlanData({ ...plan, blocked: true }))?.blocked).toBe(true)
  })

  it('takes 12 characters of a digest, as base64 does it', () => {
    expect(shortDigest('ff'.repeat(9) + '00'.repeat(23))).toBe('////////////')
    expect(() => shortDigest('abc')).toThrow(TypeError)
  })
})

describe('a body that is not to be believed', () => {
  const line = encodePlanData({ ...plan, digests: hex(1) })
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
    ['has half a digest', line.replace(/"digests":"..../, '"digests":"')],
    ['has digests of other characters', line.replace(/"digests":"./, '"digests":"*')],
    ['has no topology', line.replace('production', '')],
  ])('%s', (_, text) => {
    expect(decodePlanData(text)).toBeUndefined()
  })

  it('is one with line ends of Windows and blanks at its end all the same', () => {
    expect(decodePlanData(`text\r\n${line}\r\n \n`)?.topology).toBe('production')
  })
})
