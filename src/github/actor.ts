import { GitHubError } from '../errors.ts'
import type { GitHubClient } from './client.ts'
import { textAt } from './gitHubJson.ts'

/** An account on GitHub. */
export interface Actor {
  /** Without the `[bot]` suffix that some answers of GitHub add to the name of an app. */
  readonly login: string
  /** Absent when the answer doesn't say. */
  readonly isBot?: boolean
}

/** The account that a workflow's default token writes as. */
const workflowBot: Actor = { login: 'github-actions', isBot: true }

/**
 * Reads an actor of REST (`login`, `type`) or of GraphQL (`login`, `__typename`); `undefined` for an
 * account that is gone.
 *
 * REST and `viewer` call an app `github-actions[bot]`, GraphQL actors call it `github-actions`
 * (https://github.com/marocchino/sticky-pull-request-comment/blob/main/src/comment.ts strips the suffix for
 * the same reason). A user may have that name too, so the kind of account is compared with the name.
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
 * when both answers state it.
 */
export function isSameActor(a: Actor, b: Actor): boolean {
  if (a.login.toLowerCase() !== b.login.toLowerCase()) return false
  return a.isBot === undefined || b.isBot === undefined || a.isBot === b.isBot
}

/** The name as GitHub displays it: an app with `[bot]`. */
export function showActor({ login, isBot }: Actor): string {
  return isBot === true ? `${login}[bot]` : login
}

/**
 * Finds the account that our token writes as. `viewer` works with every kind of token; `GET /user` refuses the
 * tokens of apps and workflows, so it is only the fallback when GraphQL is disabled.
 */
export async function findSelf(client: GitHubClient): Promise<Actor> {
  const queries = [
    async () => {
      const data = await client.query('query { viewer { login } }', {})
      // The type of `viewer` is User even for an app: only a `[bot]` suffix of its login shows an app.
      return readActor({ login: textAt(data, 'viewer', 'login') })
    },
    async () => readActor((await client.call('GET /user')).data),
  ]
  for (const ask of queries) {
    const actor = await withoutFailing(ask)
    if (actor) return actor
  }
  return workflowBot
}

async function withoutFailing(ask: () => Promise<Actor | undefined>): Promise<Actor | undefined> {
  try {
    return await ask()
  } catch (error) {
    // Forbidden or not found: try the next way. An invalid token fails the next call anyway.
    if (error instanceof GitHubError) return undefined
    throw error
  }
}
