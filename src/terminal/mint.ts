import { noteSecrets } from '../secrets.ts'

/**
 * GitHub's OIDC token in a step of a job that runs the command line. GitHub's toolkit prints commands for the
 * runner while it fetches one; the command line must not.
 *
 * @returns what asks for a token of an audience
 */
export function mintInTerminal(
  env: Readonly<Record<string, string | undefined>>,
): (audience: string) => Promise<string> {
  return async (audience) => {
    const url = new URL(env['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '')
    url.searchParams.set('audience', audience)
    const answer = await fetch(url, {
      headers: {
        authorization: `Bearer ${env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''}`,
        accept: 'application/json; api-version=2.0',
      },
    })
    // The words of GitHub's toolkit, by which failures of a moment are known.
    if (!answer.ok) throw new Error(`Error Code : ${answer.status}`)
    const body: unknown = await answer.json()
    const token = typeof body === 'object' && body !== null && 'value' in body ? body.value : ''
    if (typeof token !== 'string' || token === '') throw new Error('the answer holds no token')
    noteSecrets(token)
    return token
  }
}
