import { describe, expect, test } from '@jest/globals'
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline'
import { waitAsked } from '../../../src/azure/http/waits.ts'

const now = Date.parse('2026-11-22T10:00:00Z')

function answer(status: number, headers: Record<string, string>, body = '') {
  return {
    status,
    headers: createHttpHeaders(headers),
    bodyAsText: body,
    request: createPipelineRequest({ url: 'https://management.azure.com/' }),
  }
}

describe('how long an answer asks to wait', () => {
  const cases: [string, ReturnType<typeof answer>, number | undefined][] = [
    ['no wait given', answer(503, {}), undefined],
    ['seconds', answer(429, { 'Retry-After': '17' }), 17_000],
    ['zero', answer(429, { 'Retry-After': '0' }), 0],
    ['a date', answer(503, { 'Retry-After': 'Sun, 22 Nov 2026 10:00:30 GMT' }), 30_000],
    ['a past date', answer(503, { 'Retry-After': 'Sun, 22 Nov 2026 09:00:30 GMT' }), 0],
    ['nonsense', answer(503, { 'Retry-After': 'soon' }), undefined],
    [
      'milliseconds before seconds',
      answer(429, { 'retry-after-ms': '250', 'Retry-After': '1' }),
      250,
    ],
    ['the other milliseconds', answer(429, { 'x-ms-retry-after-ms': '300' }), 300],
    [
      'the quota of Resource Graph',
      answer(429, { 'x-ms-user-quota-resets-after': '00:00:05' }),
      5000,
    ],
    [
      'the quota of an answer other than 429',
      answer(503, { 'x-ms-user-quota-resets-after': '00:00:05' }),
      undefined,
    ],
    [
      'only text, in seconds',
      answer(429, {}, `exceeded the backend storage limit. Please try again after '6' seconds.`),
      6000,
    ],
    [
      'only text, worded differently',
      answer(429, {}, 'The call can be retried in 11 seconds.'),
      11_000,
    ],
    [
      'only text, a date with seven digits',
      answer(429, {}, `calls.Please retry after '2026-11-22T10:00:57.0000000Z' UTC.`),
      57_000,
    ],
    ['the text of a 500 is ignored', answer(500, {}, 'try again after 6 seconds'), undefined],
  ]
  test.each(cases)('%s', (_, response, expected) => {
    expect(waitAsked(response, now)).toBe(expected)
  })
})
