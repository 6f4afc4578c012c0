/** The code of an error of the system or of Node.js, `ETIMEDOUT`; its message where it has none. */
export function codeOf(error: unknown): string {
  // Whatever its class: errors of the DNS and TLS modules need not be of this realm.
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown }
  if (typeof code === 'string' && code !== '') return code
  return typeof message === 'string' && message !== '' ? message.slice(0, 120) : 'EUNKNOWN'
}
