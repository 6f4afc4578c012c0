import { z } from 'zod'
import type { Estate } from '../estate.ts'

/** The schema of the estate files of `npm run try`. */

const reference = z
  .string()
  .regex(
    /^(?:\/subscriptions\/.+|[^/\s]+\/[^/\s]+)$/,
    'must be <resource group>/<name> or a full resource id',
  )
const guid = z
  .string()
  .regex(
    /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/,
    'must be the id of a subscription',
  )
const location = z.string().regex(/^[a-z0-9]+$/, 'must be a region, such as westeurope')
const tags = z.record(z.string(), z.string())
const byReference = <T extends z.ZodType>(value: T) => z.record(reference, value)

const target = z.strictObject({
  location: location.describe('Region of the target.'),
  tags: tags.optional().describe('Its tags.'),
  endpoint: reference
    .optional()
    .describe('The endpoint that its configuration association points to.'),
  description: z.string().optional().describe('Description of that association.'),
  changedBy: z
    .strictObject({
      by: z.string().describe('Who.'),
      type: z.string().describe('User, Application or ManagedIdentity.'),
    })
    .optional()
    .describe('Who changed that association last.'),
  rules: z.array(reference).optional().describe('Data collection rules associated with it.'),
  identity: z.boolean().optional().describe('Whether it has a managed identity; default true.'),
  agent: z.boolean().optional().describe('Whether it has the Azure Monitor agent; default true.'),
  orchestration: z.enum(['Uniform', 'Flexible']).optional().describe('Scale sets only.'),
})
const targets = byReference(z.union([location, target]))

/** The schema; `simulator/estate.ts` has the matching type. */
export const estateSchema = z
  .strictObject({
    $schema: z.string().optional().describe('URL of this schema, for editors.'),
    subscription: guid.describe('The subscription of short references.'),
    otherSubscriptions: z
      .array(guid)
      .optional()
      .describe('Other subscriptions that full ids refer to.'),
    resourceGroups: z.array(z.string()).optional().describe('Empty resource groups.'),
    scope: z
      .strictObject({
        id: reference.describe('The private link scope.'),
        ingestion: z.enum(['Open', 'PrivateOnly']).optional().describe('Default Open.'),
        query: z.enum(['Open', 'PrivateOnly']).optional().describe('Default Open.'),
        links: z
          .record(z.string(), z.string())
          .optional()
          .describe(
            'Links by name: an endpoint, auto:<Azure Monitor workspace> or log:<Log Analytics workspace>.',
          ),
        privateEndpoints: byReference(
          z.enum(['approved', 'pending', 'rejected', 'disconnected', 'static']),
        )
          .optional()
          .describe(
            'Private endpoints of the scope; static means approved, with static addresses.',
          ),
      })
      .optional()
      .describe('The private link scope and what is linked to it.'),
    machines: targets.optional().describe('Virtual machines: the region, or an object.'),
    scaleSets: targets.optional().describe('Virtual machine scale sets.'),
    arcMachines: targets.optional().describe('Machines outside Azure, by Azure Arc.'),
    clusters: targets.optional().describe('AKS clusters.'),
    arcClusters: targets.optional().describe('Kubernetes clusters outside Azure, by Azure Arc.'),
    monitorWorkspaces: byReference(
      z.union([
        location,
        z.strictObject({
          location: location.describe('Its region.'),
          queryPrivateEndpoint: z
            .boolean()
            .optional()
            .describe('Whether queries have a private endpoint.'),
          publicNetworkAccess: z
            .enum(['Enabled', 'Disabled'])
            .optional()
            .describe('Default Enabled.'),
        }),
      ]),
    )
      .optional()
      .describe('Azure Monitor workspaces, each with its automatic endpoint and rule.'),
    logWorkspaces: byReference(
      z.union([
        location,
        z.strictObject({
          location: location.describe('Its region.'),
          publicNetworkAccess: z
            .enum(['Enabled', 'Disabled'])
            .optional()
            .describe('Default Enabled.'),
        }),
      ]),
    )
      .optional()
      .describe('Log Analytics workspaces.'),
    endpoints: byReference(
      z.union([
        location,
        z.strictObject({
          location: location.describe('Its region.'),
          tags: tags.optional().describe('Its tags.'),
          publicNetworkAccess: z
            .enum(['Enabled', 'Disabled'])
            .optional()
            .describe('Default Enabled.'),
          description: z.string().optional().describe('Its description.'),
        }),
      ]),
    )
      .optional()
      .describe('Data collection endpoints.'),
    rules: byReference(
      z.strictObject({
        location: location.describe('Its region.'),
        endpoint: z
          .string()
          .optional()
          .describe('The endpoint it sends through; auto:<workspace> is allowed.'),
        streams: z.array(z.string()).optional().describe('Default: Microsoft-Perf.'),
        logs: z.array(reference).optional().describe('Log Analytics workspaces it sends to.'),
        metrics: z.array(reference).optional().describe('Azure Monitor workspaces it sends to.'),
        customMetrics: z
          .boolean()
          .optional()
          .describe('Whether it sends to Azure Monitor Metrics too.'),
      }),
    )
      .optional()
      .describe('Data collection rules.'),
  })
  .describe('The state of Azure in short form, for npm run try.')

/** The estate of a file, or its problems, one sentence each. */
export function readEstateFile(
  text: string,
): { readonly estate: Estate } | { readonly problems: readonly string[] } {
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    return {
      problems: [`It is not JSON: ${error instanceof Error ? error.message : String(error)}.`],
    }
  }
  const parsed = estateSchema.safeParse(json)
  if (!parsed.success) return { problems: parsed.error.issues.map(describeIssue) }
  return { estate: defined(parsed.data) }
}

type EstateFile = z.infer<typeof estateSchema>

/** Removes `$schema` and keys with the value `undefined`. */
function defined(file: EstateFile): Estate {
  const plain = JSON.parse(JSON.stringify(file)) as Record<string, unknown> & Estate
  delete plain['$schema']
  return plain
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const where = issue.path.length === 0 ? 'The file' : issue.path.map(String).join(' → ')
  if (issue.code === 'unrecognized_keys') {
    return `${where}: there is no key ${issue.keys.map((key) => JSON.stringify(key)).join(', ')} here.`
  }
  if (issue.code === 'invalid_union')
    return `${where}: a region, or an object that begins with one, is expected.`
  const words = issue.message.replace(/^Invalid input: /, '')
  return `${where}: ${words}.`
}
