import { InputError } from '../../errors.ts'

/** One way to sign in to Azure, decided only by inputs and environment. */
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
  /** Whether `az` is installed. */
  readonly hasAzureCli: boolean
  /** Whether this is an Azure virtual machine, which may have an identity. */
  readonly isAzureMachine?: boolean
  readonly place?: Place
}

/** Where a run signs in from; the remedies depend on it. */
export type Place = 'job' | 'terminal'

const waysInWords: Record<Place, string> = {
  job: 'Sign in one of four ways: the inputs client-id and tenant-id with "permissions: id-token: write" (GitHub\'s OIDC token, no secret needed); the variables AZURE_TENANT_ID and AZURE_CLIENT_ID with AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE; a step with azure/login before this one (the Azure CLI\'s login); or a self-hosted runner with a managed identity.',
  terminal:
    'Sign in with the Azure CLI (az login), and run this again; or set AZURE_TENANT_ID and AZURE_CLIENT_ID with AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE; or run it on an Azure virtual machine with a managed identity.',
}

/**
 * The ways to try, in the order of contract section 3. Only if the Azure CLI turns out to be signed
 * out is the next way tried; the others are final.
 *
 * @throws InputError if an input is missing or malformed, or there is no way to sign in
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
  if (ways.length === 0) throw noWay('No credentials for Azure were found', place)
  return ways
}

/** The error for a run without a way to sign in, or whose ways all failed. */
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
      'GitHub gives this job no OIDC token, but the inputs client-id and tenant-id require one',
      place === 'terminal'
        ? 'Omit client-id and tenant-id in a terminal, and sign in with az login; they are for GitHub Actions jobs.'
        : 'Add "permissions: id-token: write" to the job (and "contents: read", which is lost when any permission is set). Pull requests from forks never get a token.',
      { reason: 'auth-failed' },
    )
  return { by: 'github', clientId: client, tenantId: tenant }
}

/**
 * Reads the variables like @azure/identity's EnvironmentCredential and WorkloadIdentityCredential.
 */
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
 * Whether the runner may be an Azure machine with an identity. On GitHub-hosted runners, a request
 * to the metadata address would only time out.
 */
function mayHaveIdentity(env: Environment): boolean {
  return (
    set(env['IDENTITY_ENDPOINT']) !== undefined ||
    set(env['MSI_ENDPOINT']) !== undefined ||
    env['RUNNER_ENVIRONMENT'] === 'self-hosted'
  )
}

/** Accepts Entra's ids and domain names; anything else must not enter a sign-in URL. */
function checkId(value: string, where: string, reason: 'invalid-input' | 'auth-failed'): void {
  if (/^[\w.-]{1,256}$/.test(value)) return
  throw new InputError(
    `${where} is neither an id nor a domain name: ${JSON.stringify(value)}`,
    'Use the id that Entra shows, for example 11111111-1111-1111-1111-111111111111.',
    { reason },
  )
}

function set(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim()
}
