import { noteSecrets } from '../secrets.ts'

/**
 * Fetches GitHub's OIDC token when the command line runs in a job. GitHub's toolkit can't be used, because it
 * prints commands for the runner to standard output.
 *
 * @returns a function that fetches a token for an audience
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
    // The same words as GitHub's toolkit, by which the sign-in recognises temporary failures.
    if (!answer.ok) throw new Error(`Error Code : ${answer.status}`)
    const body: unknown = await answer.json()
    const token = typeof body === 'object' && body !== null && 'value' in body ? body.value : ''
    if (typeof token !== 'string' || token === '') throw new Error('the answer holds no token')
    noteSecrets(token)
    return token
  }
}
