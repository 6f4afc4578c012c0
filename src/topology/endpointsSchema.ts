import { z } from 'zod'
import { defaultNames, longestTemplate, placeholders } from './templates.ts'
import { field, oneOf, reference, region, tags, text } from './fields.ts'

const part = '[^/\\s?#%\\\\]+'

/** The `dataCollectionEndpoints` of a topology file. */
export function endpointsSchema() {
  const section = z.strictObject({
    resourceGroup: text({
      description:
        'Resource group for new endpoints: a name in the subscription of the file, or a full id. Required if an endpoint must be created.',
      wanted: 'the name of a resource group or its full id',
      example: 'resourceGroup: rg-monitor',
      json: { pattern: `^(${part}|/?${part}/${part}/${part}/${part}/?)$` },
    }).optional(),
    regionalName: template(
      "Name of a region's endpoint. Placeholders: {topology}, {region}. Default: dce-{topology}-{region}.",
      'regionalName',
    ).optional(),
    machineName: template(
      "Name of a machine's ingestion endpoint. Placeholders: {topology}, {region}, {machine}, {hash}. Default: dce-{machine}-{hash}.",
      'machineName',
    ).optional(),
    machineIngestion: oneOf(['perMachine', 'perRegion', 'none'], {
      description:
        'Ingestion endpoints for machines with "metrics": one per machine (the default, as Microsoft recommends), one per region, or none.',
      wanted: 'perMachine, perRegion or none',
      example: 'machineIngestion: perMachine',
      json: { default: 'perMachine' },
    }).optional(),
    publicNetworkAccess: oneOf(['Disabled', 'Enabled'], {
      description: 'Whether new endpoints accept traffic from public networks. Default: Disabled.',
      wanted: 'Disabled or Enabled',
      example: 'publicNetworkAccess: Disabled',
      json: { default: 'Disabled' },
    }).optional(),
    tags: tags({
      description: 'Tags for new endpoints, in addition to the ownership mark.',
      wanted: 'a mapping of tag names to values',
      example: 'tags: { team: platform }',
      json: { maxProperties: 49 },
    }).optional(),
    existing: existingSchema().optional(),
  })
  return field(section, {
    description: 'Names, location and settings of new endpoints.',
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
    description: 'Existing endpoints to use for configuration access, by region.',
    wanted: 'a mapping of regions to references',
    example: 'existing: { northeurope: rg-shared/dce-neu }',
  })
}

function template(description: string, key: keyof typeof placeholders) {
  return text({
    description,
    wanted: 'a name, optionally with placeholders, in quotes if it starts with one',
    example: `${key}: ${defaultNames[key]}`,
    json: {
      pattern: `^([^{}]|\\{(${placeholders[key].join('|')})\\})+$`,
      maxLength: longestTemplate,
      default: defaultNames[key],
    },
  })
}
