import { randomUUID } from 'node:crypto'
import { refuse } from '../azure/answers.ts'

/** Entra's error: a code, and all details again in the description. */
export function refuseSignIn(status: number, error: string, code: number, message: string): never {
  const trace = randomUUID()
  const correlation = randomUUID()
  const timestamp = iso(Date.now())
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z')
  return refuse({
    status,
    body: {
      error,
      error_description: `AADSTS${code}: ${message} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    },
  })
}

/** A time in ISO 8601, for messages. */
export function iso(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString() : 'unknown'
}
