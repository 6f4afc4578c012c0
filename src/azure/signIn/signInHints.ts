/**
 * True when the run itself was given credentials: GitHub's OIDC token with an identity to use it
 * for, or those in the environment. A login or managed identity of the runner doesn't count,
 * because a fork's code must not use it.
 */
export function hasSignIn(
  hasIdentity: boolean,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const has = (name: string) => (env[name] ?? '') !== ''
  if (hasIdentity) return has('ACTIONS_ID_TOKEN_REQUEST_URL')
  return (
    has('AZURE_CLIENT_ID') &&
    has('AZURE_TENANT_ID') &&
    (has('AZURE_CLIENT_SECRET') ||
      has('AZURE_CLIENT_CERTIFICATE_PATH') ||
      has('AZURE_FEDERATED_TOKEN_FILE'))
  )
}
