import type { Claims } from './assertion.ts'
import { explainTrap } from './subjectTraps.ts'
import type { SignInCircumstances } from './signInMeans.ts'

type Remedy = (circumstances: SignInCircumstances) => string

const wrongSecret =
  (what: string): Remedy =>
  () =>
    `${what} Or sign in without a secret: the inputs client-id and tenant-id use GitHub's OIDC token.`

const noCredential: Remedy = (circumstances) => {
  const { claims } = circumstances
  if (claims !== undefined) {
    const trap = explainTrap(claims.subject)
    if (trap !== undefined) return trap
  }
  if (claims === undefined)
    return 'Add a federated credential to the app registration, for exactly the subject, issuer and audience of the token.'
  return `Add a federated credential for exactly this subject, which Entra compares letter by letter: ${federatedCredentialCommand(clientOf(circumstances), claims)} (for a user-assigned managed identity: az identity federated-credential create, with the same values).`
}

const noClient: Remedy = (circumstances) =>
  `Check the client id ${clientOf(circumstances)} and the tenant: it must be an app registration or a user-assigned identity of that tenant, in the cloud ${circumstances.cloud.name}, not an object id.`

const noTenant: Remedy = ({ cloud }) =>
  `Check the tenant id (input tenant-id, or AZURE_TENANT_ID), and that the tenant is in the cloud ${cloud.name} (input cloud).`

const expired: Remedy = () =>
  'The assertion had expired when it reached Entra: run the job again, and check the clock of a self-hosted runner.'

const conditionalAccess: Remedy = (circumstances) =>
  `A Conditional Access policy for workload identities blocks client ${clientOf(circumstances)}: ask the tenant's administrator to allow it, or run on a self-hosted runner in an allowed network.`

const loginAgain: Remedy = ({ place }) =>
  place === 'terminal'
    ? 'The login of the Azure CLI has expired or needs a second factor: run az login, then run this again.'
    : 'The login of the Azure CLI has expired or needs a second factor: sign in with azure/login right before this step, or give the inputs client-id and tenant-id.'

/** Microsoft Learn, "Microsoft Entra authentication and authorization error codes". */
const remedies: Readonly<Record<string, Remedy>> = {
  AADSTS70021: noCredential,
  AADSTS700211: noCredential,
  AADSTS700212: noCredential,
  AADSTS700213: noCredential,
  // The subject differs only in case, which matters since 2024 (Azure/login#515).
  AADSTS7002138: noCredential,
  AADSTS700016: noClient,
  AADSTS7000229: (circumstances) =>
    `The app has no service principal in this tenant: az ad sp create --id ${clientOf(circumstances)}`,
  AADSTS7000112: (circumstances) =>
    `The app ${clientOf(circumstances)} is disabled: ask the tenant's administrator to enable it (Enterprise applications, Properties, Enabled for users to sign in).`,
  AADSTS90002: noTenant,
  AADSTS900023: noTenant,
  AADSTS90072: noTenant,
  AADSTS7000215: wrongSecret(
    'Put the value of the client secret into AZURE_CLIENT_SECRET, not its id.',
  ),
  AADSTS7000222: wrongSecret('The client secret has expired: create a new one.'),
  AADSTS700027: wrongSecret(
    'Add the public part of the certificate to the app registration, and check that it has not expired.',
  ),
  AADSTS700024: expired,
  AADSTS50013: expired,
  AADSTS53003: conditionalAccess,
  AADSTS53000: conditionalAccess,
  AADSTS500011: ({ cloud }) =>
    `The tenant does not know the Resource Manager for which a token was requested (${cloud.scope}): check that the input cloud is the cloud of this tenant.`,
  AADSTS900382: ({ cloud }) =>
    `The app belongs to another cloud than ${cloud.name}: check the input cloud.`,
  AADSTS50076: loginAgain,
  AADSTS50078: loginAgain,
  AADSTS50079: loginAgain,
  AADSTS50173: loginAgain,
  AADSTS70043: loginAgain,
  AADSTS700082: loginAgain,
}

/** What to do about an AADSTS code. */
export function remedyFor(code: string, circumstances: SignInCircumstances): string {
  const remedy = remedies[code]
  if (remedy) return remedy(circumstances)
  const number = code.replace('AADSTS', '')
  return `Look the code up at https://login.microsoftonline.com/error?code=${number}, and check the client id, the tenant id and the input cloud.`
}

/**
 * The command that lets GitHub sign in as this client, ready to paste. No subject can end the
 * single-quoted argument.
 */
export function federatedCredentialCommand(clientId: string, claims: Claims): string {
  const { issuer, subject, audience } = claims
  const parameters = { name: credentialName(subject), issuer, subject, audiences: [audience] }
  const json = JSON.stringify(parameters).replaceAll("'", '\\u0027')
  return `az ad app federated-credential create --id ${clientId} --parameters '${json}'`
}

/**
 * `repo:octo/estate:pull_request` → `github-octo-estate-pull-request`; Entra's limit is 120
 * characters.
 */
function credentialName(subject: string): string {
  const name = subject
    .replace(/^repo:/, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return `github-${name}`.slice(0, 120).replace(/-$/, '')
}

function clientOf({ way }: SignInCircumstances): string {
  return 'clientId' in way && way.clientId !== undefined ? way.clientId : '<client-id>'
}
