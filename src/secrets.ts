const known = new Set<string>()

/** Shorter values could match ordinary words; real secrets are longer. */
const shortest = 8

/** Registers secrets of this run; `withoutSecrets` masks them from now on. Absent and empty values are ignored. */
export function noteSecrets(...secrets: readonly (string | undefined)[]): void {
  for (const secret of secrets)
    if (secret !== undefined && secret.length >= shortest) known.add(secret)
}

/**
 * Masks the secrets of this run in a text. Servers and proxies echo parts of a request in their error
 * messages. The runner masks secrets in the log, but not in comments and summaries.
 */
export function withoutSecrets(text: string): string {
  let hidden = text
  for (const secret of known) hidden = hidden.replaceAll(secret, '[hidden]')
  return hidden
}
