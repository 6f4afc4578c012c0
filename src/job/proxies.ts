import { InputError } from '../errors.ts'

type Environment = Record<string, string | undefined>

/**
 * The proxy that the variables of the runner name, if it is one that nothing can go through: without a scheme, of another
 * kind than http, or with a user or password that isn't percent-encoded. It is taken out of the environment: GitHub's
 * toolkit would stumble over it while it is loaded.
 *
 * @returns the error to end with; absent where the variables are fit, or there are none
 */
export function setAsideBadProxies(env: Environment): InputError | undefined {
  let found: InputError | undefined
  for (const name of usedNames(env)) {
    const problem = problemOf(env[name] ?? '')
    if (problem === undefined) continue
    found ??= new InputError(
      `The variable ${name} names no proxy that can be used: ${problem}`,
      `Write it as ${name}=http://host:port or ${name}=http://user:password@host:port, where the job or the runner sets it (env, or the runner's .env file); in user and password, what isn't a letter or a digit is percent-encoded.`,
    )
    env[name] = ''
  }
  return found
}

/** GitHub's toolkit and Azure's SDK look at these; Azure's takes a less special one where there is none for https. */
function usedNames(env: Environment): readonly string[] {
  const groups = [
    ['HTTPS_PROXY', 'https_proxy'],
    ['ALL_PROXY', 'all_proxy'],
    ['HTTP_PROXY', 'http_proxy'],
  ]
  const set = groups.map((names) => names.filter((name) => (env[name] ?? '') !== ''))
  return set.find((names) => names.length > 0) ?? []
}

/** The value itself may hold a password: only what follows it is shown. */
function problemOf(value: string): string | undefined {
  const shown = JSON.stringify(value.slice(value.lastIndexOf('@') + 1).slice(0, 100))
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1]?.toLowerCase()
  if (scheme === undefined) return `${shown} begins with no scheme`
  if (scheme !== 'http' && scheme !== 'https')
    return `it is a proxy of the kind ${scheme}, and only http:// and https:// are spoken here`
  if (!URL.canParse(value)) return `${shown} is no address`
  const { username, password } = new URL(value)
  return [username, password].every(isEncoded)
    ? undefined
    : 'its user or password holds a % that encodes nothing'
}

function isEncoded(part: string): boolean {
  try {
    decodeURIComponent(part)
    return true
  } catch {
    return false
  }
}
