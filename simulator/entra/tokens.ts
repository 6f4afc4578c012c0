import { createHmac, randomBytes } from 'node:crypto'
import { isObject, type JsonObject } from '../azure/json.ts'

/** The principal of a request, from its access token. */
export interface Principal {
  readonly clientId: string
  readonly objectId: string
}

/** Signs and reads JSON web tokens, with one key per simulator. */
export class TokenKey {
  readonly #key = randomBytes(32)

  sign(claims: JsonObject): string {
    const head = encode({ typ: 'JWT', alg: 'HS256', kid: 'simulator' })
    const text = `${head}.${encode(claims)}`
    return `${text}.${this.#signature(text)}`
  }

  /** The claims of a token that we signed; `undefined` for any other. Doesn't check its expiry. */
  read(token: string): JsonObject | undefined {
    const [head, body, signature, ...more] = token.split('.')
    if (head === undefined || body === undefined || more.length > 0) return undefined
    if (signature !== this.#signature(`${head}.${body}`)) return undefined
    const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))
    return isObject(claims) ? claims : undefined
  }

  #signature(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url')
  }
}

function encode(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url')
}
