/** The code of a system or Node.js error, such as `ETIMEDOUT`; its message if it has no code. */
export function codeOf(error: unknown): string {
  // No `instanceof`: errors of the DNS and TLS modules may come from another realm.
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown }
  if (typeof code === 'string' && code !== '') return code
  return typeof message === 'string' && message !== '' ? message.slice(0, 120) : 'EUNKNOWN'
}
