import { z } from 'zod'
import { aliasOf, field, guid, label, listOf, oneOf, reference, text } from './fields.ts'
import { formerName } from './formerNames.ts'
import { endpointsSchema } from './endpointsSchema.ts'
import { targetsSchema } from './targetsSchema.ts'
import { waivableCodes } from './waivers.ts'

const accessModes = ['Open', 'PrivateOnly'] as const

/**
 * The schema of a topology file (contract section 1): editors complete from it, and `checkShape`
 * validates with it. Constraints across several values are checked by the readers.
 */
export const topologySchema = field(
  z.strictObject({
    version: field(z.literal(1), {
      description: 'Version of the file format.',
      wanted: '1, the only version there is',
      example: 'version: 1',
      required: true,
    }),
    name: text(
      {
        description:
          'Name of the topology, unique in the repository. Name and scope form the ownership mark on the resources that this file manages.',
        wanted:
          '2 to 20 lower-case letters, digits and "-", starting with a letter and not ending with "-"',
        example: 'name: production',
        required: true,
      },
      /^[a-z][a-z0-9-]{0,18}[a-z0-9]$/,
    ),
    formerNames: formerNamesSchema().optional(),
    subscription: text(
      {
        description: 'Id of the subscription in which short references resolve.',
        wanted: 'the id of a subscription',
        example: 'subscription: 11111111-1111-1111-1111-111111111111',
        required: true,
      },
      guid,
    ),
    privateLinkScope: reference({
      description: 'The Azure Monitor private link scope (AMPLS). It must exist.',
      example: 'privateLinkScope: rg-monitor/ampls-hub',
      required: true,
    }),
    accessModes: accessModesSchema().optional(),
    azureMonitorWorkspaces: workspacesSchema(
      'Azure Monitor workspaces, for metrics',
      'metrics-weu: rg-monitor/amw-weu',
      'azureMonitorWorkspaces: { metrics-weu: rg-monitor/amw-weu }',
    ).optional(),
    logAnalyticsWorkspaces: workspacesSchema(
      'Log Analytics workspaces, for logs',
      'logs: rg-monitor/law-weu',
      'logAnalyticsWorkspaces: { logs: rg-monitor/law-weu }',
    ).optional(),
    clusters: targetsSchema('clusters').optional(),
    machines: targetsSchema('machines').optional(),
    remoteWrite: remoteWriteSchema().optional(),
    dataCollectionEndpoints: endpointsSchema().optional(),
    existingAssociations: oneOf(['adopt', 'replace'], {
      description:
        'Whether a target keeps its current endpoint if that is in its region (adopt, the default), or moves to the endpoint derived from the file (replace).',
      wanted: 'adopt or replace',
      example: 'existingAssociations: adopt',
      json: { default: 'adopt' },
    }).optional(),
    waivers: waiversSchema().optional(),
  }),
  {
    description: 'Topology of one Azure Monitor private link scope.',
    wanted: 'a mapping of keys such as version, name and privateLinkScope',
    example: 'version: 1',
    required: true,
  },
)

function formerNamesSchema() {
  const name = text(
    {
      description:
        'A former name of the topology; or, if it was for another scope, the whole mark <name>/<8 hex digits> as shown in the warning marked-by-unknown-topology.',
      wanted: 'a topology name, or a mark such as production/0a1b2c3d',
      example: 'formerNames: [prod]',
    },
    formerName,
  )
  return listOf(name, {
    description:
      'Former names or marks of the topology: resources that carry them are taken over and re-marked.',
    wanted: 'a list of names or marks',
    example: 'formerNames: [prod]',
  })
}

function accessModesSchema() {
  const mode = (traffic: string, example: string) =>
    oneOf(accessModes, {
      description: `Where networks connected to the scope ${traffic}: only resources in the scope (PrivateOnly), or also others (Open). If omitted, the mode stays as it is.`,
      wanted: 'Open or PrivateOnly',
      example,
    }).optional()
  const modes = z.strictObject({
    ingestion: mode('can send data', 'ingestion: PrivateOnly'),
    query: mode('can send queries', 'query: Open'),
  })
  return field(modes, {
    description: 'Access modes of the scope. If omitted, they stay as they are.',
    wanted: 'a mapping of "ingestion" and "query" to Open or PrivateOnly',
    example: 'accessModes: { ingestion: PrivateOnly, query: Open }',
  })
}

function workspacesSchema(what: string, entry: string, example: string) {
  const alias = text(
    {
      description: 'Alias of the workspace in this file.',
      wanted: 'an alias: letters, digits, ".", "_" and "-", at most 64',
      example: entry,
    },
    label,
  )
  const workspace = reference({
    description: 'The workspace. It must exist.',
    example: entry,
  })
  return field(z.record(alias, workspace), {
    description: `${what}, by alias.`,
    wanted: 'a mapping of aliases to references',
    example,
  })
}

function remoteWriteSchema() {
  const writer = z.strictObject({
    name: text(
      {
        description: 'A name for the cluster.',
        wanted: 'a name: letters, digits, ".", "_" and "-", at most 64',
        example: 'name: onprem-k3s',
        required: true,
      },
      label,
    ),
    metrics: aliasOf('azureMonitorWorkspaces', {
      description: 'The Azure Monitor workspace to which the cluster pushes.',
      example: 'metrics: metrics-weu',
      required: true,
    }),
  })
  const entry = field(writer, {
    description: 'A cluster outside Azure.',
    wanted: 'a mapping of "name" and "metrics"',
    example: '- { name: onprem-k3s, metrics: metrics-weu }',
  })
  return field(z.array(entry), {
    description: 'Clusters outside Azure that push Prometheus metrics by remote write.',
    wanted: 'a list of mappings',
    example: 'remoteWrite: [{ name: onprem-k3s, metrics: metrics-weu }]',
  })
}

function waiversSchema() {
  const waiver = z.strictObject({
    code: text({
      description: 'Code of the blocking diagnostic to accept.',
      wanted: 'the code of a blocking diagnostic',
      example: 'code: static-ip-private-endpoint',
      required: true,
      json: { enum: waivableCodes },
    }),
    resource: reference({
      description: 'Resource for which the waiver holds. If omitted, it holds for every resource.',
      example: 'resource: rg-net/pe-ampls',
    }).optional(),
    reason: text(
      {
        description: 'Why the diagnostic is accepted. Shown wherever the waiver is used.',
        wanted: 'a sentence',
        example: 'reason: replaced in the June window',
        required: true,
      },
      /\S/,
    ),
    expires: text(
      {
        description: 'Last day (UTC) on which the waiver holds. An expired waiver is an error.',
        wanted: 'a day, YYYY-MM-DD',
        example: 'expires: 2027-01-31',
        required: true,
      },
      /^\d{4}-\d{2}-\d{2}$/,
    ),
  })
  const entry = field(waiver, {
    description: 'A blocking diagnostic that you accept on purpose.',
    wanted: 'a mapping of "code", "reason" and "expires"',
    example:
      '- { code: static-ip-private-endpoint, reason: replaced in June, expires: 2027-01-31 }',
  })
  return field(z.array(entry), {
    description: 'Blocking diagnostics that you accept on purpose, each with an expiry date.',
    wanted: 'a list of mappings',
    example:
      'waivers: [{ code: static-ip-private-endpoint, reason: replaced in June, expires: 2027-01-31 }]',
  })
}
