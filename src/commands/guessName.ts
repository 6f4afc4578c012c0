/** Guesses the name of a topology whose file can't be parsed, so that its comment is found again later. */
export function guessName(text: string): string | undefined {
  return /^name:[ \t]*['"]?([a-z][a-z0-9-]{0,18}[a-z0-9])['"]?[ \t]*(?:#.*)?$/m.exec(text)?.[1]
}
