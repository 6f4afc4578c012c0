import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { code, text } from '../../src/render/text/markdown.ts'

/**
 * GitHub's autolinker looks in the finished text for `://` and reads letters backwards from there,
 * whatever precedes them; likewise `www.` and `mailto:` (cmark-gfm, extensions/autolink.c). The
 * check here is stricter: no such text at all.
 */
function addressesIn(markdown: string): readonly string[] {
  const shown = markdown
    .replace(/&#(\d+);/g, (_, number: string) => String.fromCodePoint(Number(number)))
    .replaceAll('&amp;', '&')
  return shown.match(/:\/\/|www\.|(?:mailto|xmpp):(?=[^\s\u200B<])|[\w.+-]@\w/gi) ?? []
}

describe('no name becomes a link', () => {
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

test('a GUID stays copyable; a commit is not linked', () => {
  const guid = '0f3b5a1c-9c4e-4a57-8d1a-2b7f3c9e1d20'
  expect(text(`assign it to ${guid}.`)).toContain(guid)
  expect(text('deadbeef')).not.toContain('deadbeef')
  expect(text(`${guid}-1`).includes(guid)).toBe(true)
})
