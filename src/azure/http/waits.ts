import type { PipelineResponse } from '@azure/core-rest-pipeline'
import { head } from './errorBody.ts'

/**
 * How long an answer asks to wait, in milliseconds; `undefined` if it doesn't.
 *
 * `retry-after-ms`, `x-ms-retry-after-ms`, `Retry-After` in seconds or as a date, Resource Graph's
 * `x-ms-user-quota-resets-after`, and last the text of the body, where some answers have it (quirk
 * 26).
 */
export function waitAsked(response: PipelineResponse, now: number): number | undefined {
  const { headers, status } = response
  return (
    milliseconds(headers.get('retry-after-ms')) ??
    milliseconds(headers.get('x-ms-retry-after-ms')) ??
    secondsOrDate(headers.get('retry-after'), now) ??
    (status === 429 ? clockTime(headers.get('x-ms-user-quota-resets-after')) : undefined) ??
    (status === 429 || status === 503
      ? waitFromText(head(response.bodyAsText ?? ''), now)
      : undefined)
  )
}

/** `00:00:05` in milliseconds. */
export function clockTime(value: string | undefined): number | undefined {
  const match = /^(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(value ?? '')
  if (!match) return undefined
  return (Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])) * 1000
}

function milliseconds(value: string | undefined): number | undefined {
  return value !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined
}

function secondsOrDate(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  const seconds = milliseconds(value)
  return seconds === undefined ? until(value, now) : seconds * 1000
}

/**
 * "Please try again after '6' seconds.", "can be retried in 14 seconds.",
 * "Please retry after '2023-11-27T09:04:57.0000000Z' UTC."
 */
function waitFromText(text: string, now: number): number | undefined {
  const seconds = /(?:again|retry|retried)\s+(?:after|in)\s+'?(\d{1,6})'?\s*second/i.exec(text)?.[1]
  if (seconds !== undefined) return Number(seconds) * 1000
  const date = /(?:again|retry|retried)\s+(?:after|at)\s+'?(\d{4}-\d\d-\d\dT[\d:.]+Z?)/i.exec(
    text,
  )?.[1]
  return date === undefined ? undefined : until(date.endsWith('Z') ? date : `${date}Z`, now)
}

function until(date: string, now: number): number | undefined {
  const at = Date.parse(date)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
