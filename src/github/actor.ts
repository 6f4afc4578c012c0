import { GitHubError } from '../errors.ts'
import type { GitHubClient } from './client.ts'
import { textAt } from './gitHubJson.ts'

/** Someone who writes on GitHub. */
export interface Actor {
  /** Without the `[bot]` that some of GitHub's answers put behind the name of an app. */
  readonly login: string
  /** Absent where the answer doesn't tell. */
  readonly isBot?: boolean
}

/** Who the token of a workflow writes as, when nobody gave another. */
const workflowBot: Actor = { login: 'github-actions', isBot: true }

/**
 * Reads an actor of REST (`login`, `type`) or of GraphQL (`login`, `__typename`); `undefined` for an
 * account that is gone.
 *
 * REST and `viewer` call an app `github-actions[bot]`, actors of GraphQL `github-actions`
 * (https://github.com/marocchino/sticky-pull-request-comment/blob/main/src/comment.ts strips it for
 * the same reason), and a person may be called that as well: so the kind counts with the name.
 */
export function readActor(value: unknown): Actor | undefined {
  const login = textAt(value, 'login')
  if (login === undefined) return undefined
  const kind = textAt(value, 'type') ?? textAt(value, '__typename')
  const bare = login.replace(/\[bot\]$/, '')
  if (bare !== login) return { login: bare, isBot: true }
  return kind === undefined ? { login } : { login, isBot: kind === 'Bot' }
}

/**
 * True when both are the same account. Logins are compared without case, as GitHub does; the kind only
 * where both answers tell it.
 */
export function isSameActor(a: Actor, b: Actor): boolean {
  if (a.login.toLowerCase() !== b.login.toLowerCase()) return false
  return a.isBot === undefined || b.isBot === undefined || a.isBot === b.isBot
}

/** An account as people see it: an app with `[bot]`. */
export function showActor({ login, isBot }: Actor): string {
  return isBot === true ? `${login}[bot]` : login
}

/**
 * Who our token writes as. `viewer` answers for every kind of token; `GET /user` refuses those of
 * apps and workflows, so it only serves where GraphQL is shut off.
 */
export async function findSelf(client: GitHubClient): Promise<Actor> {
  const asked = [
    async () => {
      const data = await client.query('query { viewer { login } }', {})
      // The type of `viewer` is User, also for an app: only `[bot]` behind its login tells, where it stands.
      return readActor({ login: textAt(data, 'viewer', 'login') })
    },
    async () => readActor((await client.call('GET /user')).data),
  ]
  for (const ask of asked) {
    const actor = await withoutFailing(ask)
    if (actor) return actor
  }
  return workflowBot
}

async function withoutFailing(ask: () => Promise<Actor | undefined>): Promise<Actor | undefined> {
  try {
    return await ask()
  } catch (error) {
    // Not allowed to ask, or no such address: then the next way. A dead token fails the next call.
    if (error instanceof GitHubError) return undefined
    throw error
  }
}
