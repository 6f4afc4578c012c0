import type { Answer } from '../http.ts'
import type { JsonObject } from './json.ts'

/** 200, or another good status, with a body. */
export function answer(status: number, body?: unknown, headers?: Record<string, string>): Answer {
  return { status, ...(body === undefined ? {} : { body }), ...(headers ? { headers } : {}) }
}

/** An error in Resource Manager's usual envelope, as a resource provider answers it. */
export function providerError(
  status: number,
  code: string,
  message: string,
  more: JsonObject = {},
): Answer {
  return { status, body: { error: { code, message, ...more } } }
}

/** The same from Resource Manager's gateway, which marks requests that never reached the provider. */
export function gatewayError(
  status: number,
  code: string,
  message: string,
  more: JsonObject = {},
): Answer {
  return {
    ...providerError(status, code, message, more),
    headers: { 'x-ms-failure-cause': 'gateway' },
  }
}

/** A refusal, thrown by a check or a handler. */
export class Refusal extends Error {
  readonly answer: Answer

  constructor(refused: Answer) {
    super(`Refused with ${refused.status}`)
    this.name = 'Refusal'
    this.answer = refused
  }
}

/** Throws the answer; the gateway catches it. */
export function refuse(refused: Answer): never {
  throw new Refusal(refused)
}
