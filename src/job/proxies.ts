import { InputError } from '../errors.ts'

type Environment = Record<string, string | undefined>

/**
 * Finds an unusable proxy in the environment: one without a scheme, with a scheme other than http and https, or with
 * a user or password that isn't percent-encoded. Empties its variable, because GitHub's toolkit would fail on it
 * while it loads.
 *
 * @returns the error to end with; absent when no proxy is set or all are usable
 */
export function setAsideBadProxies(env: Environment): InputError | undefined {
  let found: InputError | undefined
  for (const name of usedNames(env)) {
    const problem = problemOf(env[name] ?? '')
    if (problem === undefined) continue
    found ??= new InputError(
      `The proxy in the variable ${name} cannot be used: ${problem}`,
      `Write it as ${name}=http://host:port or ${name}=http://user:password@host:port, where the job or the runner sets it (env, or the runner's .env file). Percent-encode every character of the user and password that is not a letter or digit.`,
    )
    env[name] = ''
  }
  return found
}

/** The variables that GitHub's toolkit and Azure's SDK read; the SDK falls back from HTTPS_ to ALL_ and HTTP_PROXY. */
function usedNames(env: Environment): readonly string[] {
  const groups = [
    ['HTTPS_PROXY', 'https_proxy'],
    ['ALL_PROXY', 'all_proxy'],
    ['HTTP_PROXY', 'http_proxy'],
  ]
  const set = groups.map((names) => names.filter((name) => (env[name] ?? '') !== ''))
  return set.find((names) => names.length > 0) ?? []
}

/** The value may hold a password, so the message shows only the part after it. */
function problemOf(value: string): string | undefined {
  const shown = JSON.stringify(value.slice(value.lastIndexOf('@') + 1).slice(0, 100))
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1]?.toLowerCase()
  if (scheme === undefined) return `${shown} has no scheme`
  if (scheme !== 'http' && scheme !== 'https')
    return `its scheme is ${scheme}, and only http:// and https:// are supported`
  if (!URL.canParse(value)) return `${shown} is not a URL`
  const { username, password } = new URL(value)
  return [username, password].every(isEncoded)
    ? undefined
    : 'its user or password holds a % that is not part of a percent-encoding'
}

function isEncoded(part: string): boolean {
  try {
    decodeURIComponent(part)
    return true
  } catch {
    return false
  }
}
