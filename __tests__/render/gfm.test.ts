import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { renderDriftIssue } from '../../src/render/driftIssueBody.ts'
import { render } from '../../src/render/render.ts'
import { rules } from '../../src/rules/ruleIds.ts'
import { bold, code, details, link, table, text } from '../../src/render/text/markdown.ts'
import { context } from './builders.ts'
import { liveIn } from './gfm.ts'
import { nasty } from './nasty.ts'
import { poisoned } from './poisoned.ts'

/**
 * Checks promise 7 with a parser of GitHub's Markdown (micromark with GFM): whatever the names and
 * messages, the comment, the summary and the issue contain no link, mention, image, autolink or
 * HTML from them.
 */
const own = {
  references: rules,
  addresses: /^https:\/\/(?:portal\.azure\.com|github\.com)\//,
  tags: /<!-- azure-monitor-private-link:[\s\S]*?-->|<\/?(?:details|summary|code|b)>|<br\/?>/g,
}

/** The slow tier runs more. */
const times = process.env.SLOW === '1' ? 20 : 1

/**
 * Random text from characters with a meaning in Markdown, HTML and GitHub, from look-alikes and
 * from any character.
 */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['https://', 'http:', '//', 'www.', 'mailto:', 'xmpp:', '@', '@octocat', '#1', 'GH-1'],
        ...[
          'evil.example',
          'a/b#2',
          ':tada:',
          '[x]',
          '(https://evil.example)',
          '![',
          ']: ',
          '[^1]',
        ],
        ...['<', '>', '</', '<a href=x>', '<!--', '-->', '&lt;', '&#64;', '&#x3c;', '&', ';'],
        ...['*', '_', '**', '~~', '`', '```', '\\', '|', '\n', '\r\n', '\n\n', '\t', ' ', '    '],
        ...['#', '>', '- ', '1. ', '=', '---', '$', '$$', '\u200B', '\u202E', '\u00A0', '\u2028'],
        ...[
          '＠octocat',
          '﹫a',
          '‹',
          '／／',
          'ｗｗｗ.',
          'а',
          'ß',
          'é',
          '\uD800',
          '\u0000',
          '\u0301',
        ],
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.string({ unit: 'grapheme-ascii', maxLength: 8 }),
      fc.constantFrom(...Object.values(nasty)),
    ),
    { maxLength: 10 },
  )
  .map((pieces) => pieces.join(''))

describe('no name is live in', () => {
  test('any place where a text is inserted', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom('', 'a', '@', '[', '<'), (value, before) => {
        const written = [
          text(value),
          `${text(before)}${text(value)}`,
          `- ${bold(value)}: ${text(value)}. ${code(value)}`,
          `## ${text(value)}`,
          link(value, 'https://portal.azure.com/x'),
          link(value, value),
          details(`${text(value)} ${code(value)}`, text(value)),
          table([text(value), 'b'], [[code(value), link(value, 'https://github.com/x')]]),
        ].filter((markdown) => !(markdown === link(value, value) && /^https:/.test(value)))
        for (const markdown of written) expect(liveIn(markdown, own)).toEqual([])
      }),
      { numRuns: 100 * times },
    )
  })

  test('the comment and the summary of a run', () => {
    fc.assert(
      fc.property(
        anyText,
        fc.constantFrom('changes', 'failed', 'partial', 'drift'),
        (value, result) => {
          const { comment, summary } = render(poisoned(value, { result }), context)
          expect(liveIn(comment, own)).toEqual([])
          expect(liveIn(summary, own)).toEqual([])
        },
      ),
      { numRuns: 6 * times },
    )
  })

  test('the issue of a drift', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        const { body } = renderDriftIssue(poisoned(value, { result: 'drift' }), context)
        expect(liveIn(body, own)).toEqual([])
      }),
      { numRuns: 20 * times },
    )
  })
})

test('the parser finds what it looks for', () => {
  const harmful = [
    '<img src=x>',
    '![a](https://github.com/a)',
    '[a](https://evil.example)',
    '[a]\n\n[a]: https://github.com/a',
    'see https://evil.example',
    'www.evil.example',
    'someone@evil.example',
    'hello @octocat',
    'fixes #1 and GH-2',
    '`code`',
    '~~gone~~',
    'x[^1]\n\n[^1]: note',
    '> quoted',
    ':tada:',
  ]
  expect(harmful.filter((markdown) => liveIn(markdown, own).length === 0)).toEqual([])
})
