/** The name of a file that can't be parsed, so that its comment is found again once it can. */
export function guessName(text: string): string | undefined {
  return /^name:[ \t]*['"]?([a-z][a-z0-9-]{0,18}[a-z0-9])['"]?[ \t]*(?:#.*)?$/m.exec(text)?.[1]
}
