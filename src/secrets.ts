const known = new Set<string>()

/** Shorter ones would take ordinary words out of texts, and nobody gives one so short. */
const shortest = 8

/** Notes secrets that this run was given or got: from now on no text shows them. What is absent or empty is none. */
export function noteSecrets(...secrets: readonly (string | undefined)[]): void {
  for (const secret of secrets)
    if (secret !== undefined && secret.length >= shortest) known.add(secret)
}

/**
 * The text without the secrets of this run. Servers and proxies give back what they were asked with; the
 * runner hides that in the log, but in comments and summaries nobody does.
 */
export function withoutSecrets(text: string): string {
  let hidden = text
  for (const secret of known) hidden = hidden.replaceAll(secret, '[hidden]')
  return hidden
}
