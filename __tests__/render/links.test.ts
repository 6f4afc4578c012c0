import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { code, text } from '../../src/render/text/markdown.ts'

/**
 * What GitHub's autolinks look for in the finished text: the word before `://` is read backwards over letters, whatever
 * stands before it, and `www.` and `mailto:` likewise (cmark-gfm, extensions/autolink.c). Stricter here: no such text at all.
 */
function addressesIn(markdown: string): readonly string[] {
  const shown = markdown
    .replace(/&#(\d+);/g, (_, number: string) => String.fromCodePoint(Number(number)))
    .replaceAll('&amp;', '&')
  return shown.match(/:\/\/|www\.|(?:mailto|xmpp):(?=[^\s\u200B<])|[\w.+-]@\w/gi) ?? []
}

describe('no name becomes an address', () => {
  test.each([
    '_https://evil.example',
    '2https://evil.example',
    'éhttps://evil.example',
    'xwww.evil.example',
    '(www.evil.example)',
    'WWW.evil.example',
    'xmailto:a@evil.example',
    'ftp://evil.example',
    'a:://b',
    'https:https://evil.example',
  ])('%s', (value) => {
    expect(addressesIn(text(value))).toEqual([])
    expect(addressesIn(code(value))).toEqual([])
  })

  test('of random texts', () => {
    const piece = fc.constantFrom(
      'https',
      '://',
      'www.',
      'www',
      '.',
      '_',
      'a',
      '2',
      ' ',
      '@',
      ':',
      '/',
      'é',
      'mailto:',
      '-',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const value = pieces.join('')
        expect(addressesIn(text(value))).toEqual([])
        expect(addressesIn(code(value))).toEqual([])
      }),
    )
  })
})

test('a GUID can be pasted as it stands; a commit is still no link', () => {
  const guid = '0f3b5a1c-9c4e-4a57-8d1a-2b7f3c9e1d20'
  expect(text(`assign it to ${guid}.`)).toContain(guid)
  expect(text('deadbeef')).not.toContain('deadbeef')
  expect(text(`${guid}-1`).includes(guid)).toBe(true)
})
