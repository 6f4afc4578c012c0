import { withoutSecrets } from '../../secrets.ts'

const token = /\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)*/g
const secret =
  /\b(client_assertion|client_secret|access_token|refresh_token|password)(["']?\s*[=:]\s*["']?)[^\s"'&,}]+/gi
const bearer = /\bBearer\s+[\w.~+/=-]{16,}/gi

/** Removes this run's secrets, and anything that looks like a token, an assertion or a secret. */
export function withoutTokens(text: string): string {
  const plain = text
    .replace(token, '[token]')
    .replace(secret, '$1$2[hidden]')
    .replace(bearer, 'Bearer [token]')
  return withoutSecrets(plain)
}
