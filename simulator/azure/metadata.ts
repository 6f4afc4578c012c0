import type { Answer, SimulatedRequest } from '../http.ts'
import { answer, gatewayError } from './answers.ts'
import type { JsonObject } from './json.ts'
import type { Knobs } from './knobs.ts'

/** The accepted audiences of tokens, from this server's metadata. */
export function audiencesOf(origin: string): readonly string[] {
  return [`${origin}/`, 'https://management.core.windows.net/']
}

/**
 * `/metadata/endpoints`, which needs no token: an object since 2022-09-01, a list of clouds before, and a
 * flat object before 2018 (facts, section 1).
 */
export function answerMetadata(request: SimulatedRequest, knobs: Knobs): Answer {
  const version = request.query.get('api-version')
  if (version === null || !/^20\d\d-\d\d-\d\d(-preview)?$/.test(version)) {
    return gatewayError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    )
  }
  const byVersion = version >= '2022-09-01' ? 'object' : version >= '2018' ? 'array' : 'flat'
  const shape = knobs.metadataShape === 'azure' ? byVersion : knobs.metadataShape
  const ours = cloud('Simulator', request.origin, request.origin, audiencesOf(request.origin))
  if (shape === 'object') return answer(200, ours)
  if (shape === 'array') return answer(200, [publicCloud, ours])
  return answer(200, {
    galleryEndpoint: `${request.origin}/`,
    graphEndpoint: `${request.origin}/`,
    portalEndpoint: `${request.origin}/`,
    authentication: { loginEndpoint: request.origin, audiences: audiencesOf(request.origin) },
  })
}

/** Lists of clouds begin with the public one, in every cloud. */
const publicCloud = cloud(
  'AzureCloud',
  'https://management.azure.com',
  'https://login.microsoftonline.com',
  ['https://management.core.windows.net/', 'https://management.azure.com/'],
)

function cloud(
  name: string,
  resourceManager: string,
  login: string,
  audiences: readonly string[],
): JsonObject {
  return {
    portal: resourceManager,
    authentication: { loginEndpoint: login, audiences, tenant: 'common', identityProvider: 'AAD' },
    graphAudience: 'https://graph.windows.net/',
    graph: 'https://graph.windows.net/',
    name,
    suffixes: {
      storage: 'core.windows.net',
      keyVaultDns: 'vault.azure.net',
      acrLoginServer: 'azurecr.io',
    },
    batch: 'https://batch.core.windows.net/',
    resourceManager: `${resourceManager}/`,
    sqlManagement: 'https://management.core.windows.net:8443/',
    microsoftGraphResourceId: 'https://graph.microsoft.com/',
    logAnalyticsResourceId:
      name === 'AzureCloud' ? 'https://api.loganalytics.io' : `${resourceManager}/_logs`,
  }
}
