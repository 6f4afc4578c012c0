import { InputError } from '../../errors.ts'

/** One way to sign in to Azure, decided from inputs and environment alone. */
export type SignInWay =
  | { readonly by: 'github'; readonly clientId: string; readonly tenantId: string }
  | {
      readonly by: 'secret'
      readonly clientId: string
      readonly tenantId: string
      readonly secret: string
    }
  | {
      readonly by: 'certificate'
      readonly clientId: string
      readonly tenantId: string
      readonly path: string
      readonly password: string | undefined
      readonly sendChain: boolean
    }
  | {
      readonly by: 'tokenFile'
      readonly clientId: string
      readonly tenantId: string
      readonly path: string
    }
  | { readonly by: 'cli'; readonly tenantId: string | undefined }
  | { readonly by: 'managedIdentity'; readonly clientId: string | undefined }

type Environment = Readonly<Record<string, string | undefined>>

export interface SignInInputs {
  readonly clientId?: string | undefined
  readonly tenantId?: string | undefined
  readonly env: Environment
  /** Whether there is an `az` to ask. */
  readonly hasAzureCli: boolean
  /** Whether this is a machine of Azure, which may have an identity. */
  readonly isAzureMachine?: boolean
  readonly place?: Place
}

/** Where a run is signed in from: the words of what to do depend on it. */
export type Place = 'job' | 'terminal'

const waysInWords: Record<Place, string> = {
  job: 'Sign in one of four ways: the inputs client-id and tenant-id with "permissions: id-token: write" (GitHub\'s OIDC token, no secret needed); the variables AZURE_TENANT_ID and AZURE_CLIENT_ID with AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE; a step with azure/login before this one (the Azure CLI\'s login); or a self-hosted runner with a managed identity.',
  terminal:
    'Sign in with the Azure CLI (az login), and run this again; or set AZURE_TENANT_ID and AZURE_CLIENT_ID with AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE; or run it on a machine of Azure that has a managed identity.',
}

/**
 * The ways to try, in the order of contract section 3. All but the Azure CLI's are final: only where
 * the CLI turns out to be signed out is the next one asked.
 *
 * @throws InputError when an input is missing or malformed, and when there is no way at all
 */
export function signInWays(inputs: SignInInputs): readonly SignInWay[] {
  const { env, hasAzureCli, place = 'job' } = inputs
  const chosen = byInputs(inputs) ?? byEnvironment(env, place)
  if (chosen) return [chosen]
  const ways: SignInWay[] = []
  if (hasAzureCli) ways.push({ by: 'cli', tenantId: undefined })
  if (mayHaveIdentity(env) || inputs.isAzureMachine === true) {
    const clientId = set(env['AZURE_CLIENT_ID'])
    ways.push({ by: 'managedIdentity', clientId })
  }
  if (ways.length === 0) throw noWay('There is nothing here to sign in to Azure with', place)
  return ways
}

/** The error of a run that has no way to sign in, or whose only ways failed. */
export function noWay(what: string, place: Place, cause?: unknown): InputError {
  return new InputError(what, waysInWords[place], { reason: 'auth-failed', cause })
}

function byInputs({ clientId, tenantId, env, place }: SignInInputs): SignInWay | undefined {
  const [client, tenant] = [set(clientId), set(tenantId)]
  if (client === undefined && tenant === undefined) return undefined
  if (client === undefined || tenant === undefined)
    throw new InputError(
      `The input ${client === undefined ? 'client-id' : 'tenant-id'} is missing: client-id and tenant-id go together`,
      "Give both to sign in with GitHub's OIDC token, or neither to use environment variables, the Azure CLI or a managed identity.",
    )
  checkId(client, 'The input client-id', 'invalid-input')
  checkId(tenant, 'The input tenant-id', 'invalid-input')
  if (set(env['ACTIONS_ID_TOKEN_REQUEST_URL']) === undefined)
    throw new InputError(
      'GitHub gives this job no OIDC token, which the inputs client-id and tenant-id sign in with',
      place === 'terminal'
        ? 'Leave client-id and tenant-id out in a terminal, and sign in with az login; they are for the jobs of GitHub Actions.'
        : 'Add "permissions: id-token: write" to the job (and "contents: read", which naming any permission takes away). The pull request of a fork never gets it.',
      { reason: 'auth-failed' },
    )
  return { by: 'github', clientId: client, tenantId: tenant }
}

/** As @azure/identity's EnvironmentCredential and WorkloadIdentityCredential read them. */
function byEnvironment(env: Environment, place: Place): SignInWay | undefined {
  const tenantId = set(env['AZURE_TENANT_ID'])
  const clientId = set(env['AZURE_CLIENT_ID'])
  const secret = set(env['AZURE_CLIENT_SECRET'])
  const certificate = set(env['AZURE_CLIENT_CERTIFICATE_PATH'])
  const file = set(env['AZURE_FEDERATED_TOKEN_FILE'])
  if (secret === undefined && certificate === undefined && file === undefined) return undefined
  if (tenantId === undefined || clientId === undefined) {
    const given =
      secret !== undefined ? 'SECRET' : certificate !== undefined ? 'CERTIFICATE_PATH' : ''
    const has = given === '' ? 'AZURE_FEDERATED_TOKEN_FILE' : `AZURE_CLIENT_${given}`
    const lacks = tenantId === undefined ? 'AZURE_TENANT_ID' : 'AZURE_CLIENT_ID'
    throw noWay(`The variable ${has} is set, but ${lacks} is not`, place)
  }
  checkId(clientId, 'The variable AZURE_CLIENT_ID', 'auth-failed')
  checkId(tenantId, 'The variable AZURE_TENANT_ID', 'auth-failed')
  if (secret !== undefined) return { by: 'secret', clientId, tenantId, secret }
  if (certificate !== undefined)
    return {
      by: 'certificate',
      clientId,
      tenantId,
      path: certificate,
      password: set(env['AZURE_CLIENT_CERTIFICATE_PASSWORD']),
      sendChain: /^(?:1|true)$/i.test(env['AZURE_CLIENT_SEND_CERTIFICATE_CHAIN'] ?? ''),
    }
  return { by: 'tokenFile', clientId, tenantId, path: file ?? '' }
}

/**
 * Whether the runner may be a machine of Azure with an identity. On GitHub's own runners asking the
 * metadata address would only wait for nobody.
 */
function mayHaveIdentity(env: Environment): boolean {
  return (
    set(env['IDENTITY_ENDPOINT']) !== undefined ||
    set(env['MSI_ENDPOINT']) !== undefined ||
    env['RUNNER_ENVIRONMENT'] === 'self-hosted'
  )
}

/** Ids and domain names of Entra; anything else has no place in a sign-in address. */
function checkId(value: string, where: string, reason: 'invalid-input' | 'auth-failed'): void {
  if (/^[\w.-]{1,256}$/.test(value)) return
  throw new InputError(
    `${where} is neither an id nor a domain name: ${JSON.stringify(value)}`,
    'Give the id as Entra shows it, for example 11111111-1111-1111-1111-111111111111.',
    { reason },
  )
}

function set(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim()
}
