import { z } from 'zod'
import { aliasOf, field, guid, listOf, reference, region, segment, tags, text } from './fields.ts'
import { sectionTypes, writtenType } from './types.ts'

/** The schema of `clusters` or `machines`: references, entries and selects. */
export function targetsSchema(section: 'clusters' | 'machines') {
  const [type] = sectionTypes[section]
  const one = section === 'clusters' ? 'cluster' : 'machine'
  const example = section === 'clusters' ? 'rg-aks/aks-weu' : 'rg-app/vm-01'
  const target = `${one === 'cluster' ? 'A cluster' : 'A machine'}: a full resource id, or <resource group>/<name> of ${type}.`
  const entry = z.strictObject({
    resource: reference({ description: target, example: `resource: ${example}` }).optional(),
    select: selectSchema(section).optional(),
    exclude: listOf(reference({ description: 'A resource.', example: `- ${example}` }), {
      description: 'Resources that match "select" but are not targets.',
      wanted: 'a list of references',
      example: `exclude: [${example}]`,
    }).optional(),
    metrics: aliasOf('azureMonitorWorkspaces', {
      description:
        one === 'cluster'
          ? 'The Azure Monitor workspace that receives the Prometheus metrics of the cluster.'
          : 'The Azure Monitor workspace that receives the OpenTelemetry metrics of the machine. Omit it for a machine that has not been migrated to OpenTelemetry metrics.',
      example: 'metrics: metrics-weu',
    }).optional(),
    logs: logsSchema().optional(),
  })
  const item = z.union([
    reference({ description: target, example: `- ${example}` }),
    field(entry, {
      description: `One ${one} by "resource", or every ${one} that matches a "select".`,
      wanted: 'a mapping with "resource" or "select"',
      example: `- { resource: ${example}, logs: logs }`,
      json: {
        oneOf: [
          {
            required: ['resource'],
            not: { anyOf: [{ required: ['select'] }, { required: ['exclude'] }] },
          },
          { required: ['select'], not: { required: ['resource'] } },
        ],
      },
    }),
  ])
  return field(
    z.array(
      field(item, {
        description: target,
        wanted: 'a reference, or a mapping with "resource" or "select"',
        example: `- ${example}`,
      }),
    ),
    {
      description:
        section === 'clusters'
          ? 'The Kubernetes clusters: AKS in short form, Arc-enabled ones by full id.'
          : 'The machines: virtual machines in short form, scale sets (Uniform) and Arc machines by full id.',
      wanted: `a list of ${section}`,
      example: `${section}: [${example}]`,
    },
  )
}

function logsSchema() {
  const alias = (example: string) =>
    aliasOf('logAnalyticsWorkspaces', {
      description: 'Alias of a Log Analytics workspace.',
      example,
    })
  return field(z.union([alias('logs: logs'), z.array(alias('- logs'))]), {
    description:
      'The Log Analytics workspaces that receive the logs: an alias, or a list of aliases.',
    wanted: 'an alias of logAnalyticsWorkspaces, or a list of aliases',
    example: 'logs: logs',
  })
}

function selectSchema(section: 'clusters' | 'machines') {
  const subscription = text(
    {
      description: 'Id of a subscription.',
      wanted: 'the id of a subscription',
      example: '- 11111111-1111-1111-1111-111111111111',
    },
    guid,
  )
  const group = text(
    {
      description: 'Name of a resource group.',
      wanted: 'the name of a resource group',
      example: '- rg-app',
    },
    segment,
  )
  const location = text(
    {
      description: 'An Azure region.',
      wanted: 'the name of an Azure region',
      example: '- westeurope',
    },
    region,
  )
  const [usual] = sectionTypes[section]
  const type = field(z.enum(sectionTypes[section]), {
    description: 'A resource type.',
    wanted: 'a type that this section allows',
    example: `- ${usual}`,
  })
  const select = z.strictObject({
    subscriptions: listOf(subscription, {
      description: 'Subscriptions to look in. Default: the subscription of the file.',
      wanted: 'a list of subscription ids',
      example: 'subscriptions: [11111111-1111-1111-1111-111111111111]',
    }).optional(),
    resourceGroups: listOf(group, {
      description: 'Resource groups to look in. Default: all.',
      wanted: 'a list of names of resource groups',
      example: 'resourceGroups: [rg-app, rg-web]',
    }).optional(),
    locations: listOf(location, {
      description: 'Regions to look in. Default: all.',
      wanted: 'a list of Azure regions',
      example: 'locations: [westeurope]',
    }).optional(),
    tags: tags({
      description:
        'Tags that a resource must have, all of them. Names are case-insensitive, values case-sensitive.',
      wanted: 'a mapping of tag names to values',
      example: 'tags: { monitoring: private }',
      json: { minProperties: 1 },
    }).optional(),
    // Any case is accepted: Azure writes types in varying case, and authors copy them from ids.
    types: listOf(z.preprocess(inWrittenCase, type), {
      description: `Types of resources to select. Default: ${usual}.`,
      wanted: 'a list of resource types',
      example: `types: [${usual}]`,
    }).optional(),
  })
  return field(select, {
    description:
      'Every existing resource that matches all of these keys is a target. At least one key is required.',
    wanted: 'a mapping of conditions',
    example: 'select: { tags: { monitoring: private } }',
    json: { minProperties: 1 },
  })
}

function inWrittenCase(value: unknown): unknown {
  return typeof value === 'string' ? writtenType(value) : value
}
