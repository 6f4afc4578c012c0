import { z } from 'zod'
import { defaultNames, longestTemplate, placeholders } from './templates.ts'
import { field, oneOf, reference, region, tags, text } from './fields.ts'

const part = '[^/\\s?#%\\\\]+'

/** The `dataCollectionEndpoints` of a topology file. */
export function endpointsSchema() {
  const section = z.strictObject({
    resourceGroup: text({
      description:
        'Resource group of the endpoints that have to be created: a name in the subscription of the file, or a full id. Required once one must be created.',
      wanted: 'the name of a resource group or its full id',
      example: 'resourceGroup: rg-monitor',
      json: { pattern: `^(${part}|/?${part}/${part}/${part}/${part}/?)$` },
    }).optional(),
    regionalName: template(
      'Name of the endpoint of a region. Placeholders: {topology}, {region}. Default: dce-{topology}-{region}.',
      'regionalName',
    ).optional(),
    machineName: template(
      'Name of the ingestion endpoint of a machine. Placeholders: {topology}, {region}, {machine}, {hash}. Default: dce-{machine}-{hash}.',
      'machineName',
    ).optional(),
    machineIngestion: oneOf(['perMachine', 'perRegion', 'none'], {
      description:
        'Ingestion endpoints for machines with "metrics": one a machine (the default, as Microsoft asks), one a region, or none.',
      wanted: 'perMachine, perRegion or none',
      example: 'machineIngestion: perMachine',
      json: { default: 'perMachine' },
    }).optional(),
    publicNetworkAccess: oneOf(['Disabled', 'Enabled'], {
      description: 'Whether endpoints that are created can be reached publicly. Default: Disabled.',
      wanted: 'Disabled or Enabled',
      example: 'publicNetworkAccess: Disabled',
      json: { default: 'Disabled' },
    }).optional(),
    tags: tags({
      description: 'Tags of the endpoints that are created, beside the mark of ownership.',
      wanted: 'a mapping of tag names to values',
      example: 'tags: { team: platform }',
      json: { maxProperties: 49 },
    }).optional(),
    existing: existingSchema().optional(),
  })
  return field(section, {
    description: 'How endpoints that have to be created are named and placed.',
    wanted: 'a mapping of settings',
    example: 'dataCollectionEndpoints: { resourceGroup: rg-monitor }',
  })
}

function existingSchema() {
  const name = text(
    {
      description: 'An Azure region.',
      wanted: 'the name of an Azure region',
      example: 'northeurope: rg-shared/dce-neu',
    },
    region,
  )
  const endpoint = reference({
    description: 'The data collection endpoint for configuration access in this region.',
    example: 'northeurope: rg-shared/dce-neu',
  })
  return field(z.record(name, endpoint), {
    description: 'By region, the endpoint that is to be used for configuration access there.',
    wanted: 'a mapping of regions to references',
    example: 'existing: { northeurope: rg-shared/dce-neu }',
  })
}

function template(description: string, key: keyof typeof placeholders) {
  return text({
    description,
    wanted: 'a name that may hold placeholders, in quotes when it begins with one',
    example: `${key}: ${defaultNames[key]}`,
    json: {
      pattern: `^([^{}]|\\{(${placeholders[key].join('|')})\\})+$`,
      maxLength: longestTemplate,
      default: defaultNames[key],
    },
  })
}
