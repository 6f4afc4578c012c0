import { describe, expect, it } from '@jest/globals'
import { fileOf, lines, problemsOf, type Situation } from './problems.ts'

const situations: readonly Situation[] = [
  {
    name: 'unknown placeholders',
    text: lines(
      'dataCollectionEndpoints:',
      '  regionalName: dce-{machine}-{hash}',
      '  machineName: dce-{host}',
    ),
    problems: [
      '6:17 invalid-value: regionalName has no placeholder "{machine}". » Allowed here: {topology}, {region}.',
      '7:16 invalid-value: machineName has no placeholder "{host}". » Did you mean {hash}?',
    ],
  },
  {
    name: 'braces outside of a placeholder',
    text: lines(
      'dataCollectionEndpoints:',
      '  regionalName: dce-{region',
      '  machineName: dce-}{machine}',
    ),
    problems: [
      '6:17 invalid-value: regionalName "dce-{region" contains a "{" outside of a placeholder. » Use braces only for the placeholders {topology}, {region}.',
      '7:16 invalid-value: machineName "dce-}{machine}" contains a "}" outside of a placeholder. » Use braces only for the placeholders {topology}, {region}, {machine}, {hash}.',
    ],
  },
  {
    name: 'an empty placeholder, and one in another case',
    text: lines(
      'dataCollectionEndpoints:',
      "  regionalName: 'dce-{}'",
      '  machineName: dce-{Machine}',
    ),
    problems: [
      '6:17 invalid-value: regionalName has no placeholder "{}". » Allowed here: {topology}, {region}.',
      '7:16 invalid-value: machineName has no placeholder "{Machine}". » Did you mean {machine}?',
    ],
  },
  {
    name: 'templates without a letter or digit',
    text: lines('dataCollectionEndpoints:', "  regionalName: '---'", "  machineName: ''"),
    problems: [
      '6:17 duplicate-name: regionalName "---" gives a name without a letter or digit. » Use letters, digits or a placeholder.',
      '7:16 duplicate-name: machineName "" gives a name without a letter or digit. » Use letters, digits or a placeholder.',
    ],
  },
  {
    name: 'an unquoted template that YAML reads as a mapping',
    text: lines('dataCollectionEndpoints:', '  regionalName: {region}'),
    problems: [
      '6:17 invalid-value: dataCollectionEndpoints.regionalName must be a name, optionally with placeholders, in quotes if it starts with one, not a mapping. » Write it like this: regionalName: dce-{topology}-{region}',
    ],
  },
  {
    name: 'a template that is too long',
    text: 'dataCollectionEndpoints: { regionalName: ' + 'a'.repeat(201) + ' }\n',
    problems: [
      '5:42 invalid-value: regionalName is 201 characters long. » Write at most 200 characters; names are cut to 44.',
    ],
  },
  {
    name: 'one region in two spellings',
    text: lines(
      'dataCollectionEndpoints:',
      '  existing:',
      '    westeurope: rg/dce1',
      '    West Europe: rg/dce2',
      '    5: rg/dce3',
      '    north-europe: rg/dce4',
    ),
    problems: [
      '8:5 duplicate-key: The region westeurope is listed twice; the first entry is on line 7. » Keep one endpoint per region.',
      '9:5 invalid-value: dataCollectionEndpoints.existing.5 must be the name of an Azure region, not "5". » Write it like this: northeurope: rg-shared/dce-neu',
      '10:5 invalid-value: dataCollectionEndpoints.existing.north-europe must be the name of an Azure region, not "north-europe". » Write it like this: northeurope: rg-shared/dce-neu',
    ],
  },
  {
    name: 'the ownership mark as a tag, and one tag in two spellings',
    text: lines(
      'dataCollectionEndpoints:',
      '  tags:',
      '    Azure-Monitor-Private-Link: mine',
      '    Team: a',
      '    team: b',
    ),
    problems: [
      '7:5 invalid-value: The tag azure-monitor-private-link is the ownership mark, which this action sets on every endpoint that it creates. » Remove it.',
      '9:5 duplicate-key: The tag "team" is listed twice; the first entry is on line 8. Azure ignores case in tag names. » Keep one of them.',
    ],
  },
  {
    name: 'fifty tags in addition to the ownership mark',
    text:
      'dataCollectionEndpoints:\n  tags:\n' +
      Array.from({ length: 50 }, (_, i) => `    tag${i}: x\n`).join(''),
    problems: [
      '7:5 invalid-value: 50 tags are too many: Azure allows 50 on a resource, and one is the ownership mark. » Keep at most 49.',
    ],
  },
  {
    name: 'a machine with metrics, without a resource group for its endpoint',
    text: lines(
      'azureMonitorWorkspaces: { m: rg/amw }',
      'machines:',
      '  - { resource: rg/vm-01, metrics: m }',
      '  - { resource: rg/vm-02, metrics: m }',
    ),
    problems: [
      '7:17 resource-group-missing: vm-01 has "metrics" and needs an ingestion endpoint, but dataCollectionEndpoints.resourceGroup is missing. » Add it: dataCollectionEndpoints: { resourceGroup: rg-monitor }',
    ],
  },
  {
    name: 'the same, with dataCollectionEndpoints but without resourceGroup',
    text: lines(
      'azureMonitorWorkspaces: { m: rg/amw }',
      'machines: [{ resource: rg/vm-01, metrics: m }]',
      'dataCollectionEndpoints:',
      '  machineIngestion: perRegion',
    ),
    problems: [
      '7:1 resource-group-missing: vm-01 has "metrics" and needs an ingestion endpoint, but dataCollectionEndpoints.resourceGroup is missing. » Add it: dataCollectionEndpoints: { resourceGroup: rg-monitor }',
    ],
  },
  {
    name: 'the same, with an invalid resource group',
    text: lines(
      'azureMonitorWorkspaces: { m: rg/amw }',
      'machines: [{ resource: rg/vm-01, metrics: m }]',
      'dataCollectionEndpoints:',
      '  resourceGroup: 5',
    ),
    problems: [
      '8:18 invalid-value: dataCollectionEndpoints.resourceGroup must be the name of a resource group or its full id, not the number 5. » Put quotes around it.',
    ],
  },
  {
    name: 'the same, with an invalid machineIngestion',
    text: lines(
      'azureMonitorWorkspaces: { m: rg/amw }',
      'machines: [{ resource: rg/vm-01, metrics: m }]',
      'dataCollectionEndpoints:',
      '  machineIngestion: never',
    ),
    problems: [
      '8:21 invalid-value: dataCollectionEndpoints.machineIngestion must be perMachine, perRegion or none, not "never". » Allowed here: perMachine, perRegion, none.',
    ],
  },
  {
    name: 'machines to which a template gives the same name',
    text: lines(
      'azureMonitorWorkspaces: { m: rg/amw, n: rg/amn }',
      'dataCollectionEndpoints: { resourceGroup: rg, machineName: "dce-{machine}" }',
      'machines:',
      '  - { resource: rg-a/vm, metrics: m }',
      '  - { resource: rg-b/VM, metrics: n }',
      '  - { resource: rg-c/vm, logs: [] }',
    ),
    problems: [
      '9:17 duplicate-name: machineName "dce-{machine}" gives VM the same name as the machine on line 8. » Add {hash} to dataCollectionEndpoints.machineName.',
    ],
  },
  {
    name: 'machines of one workspace to which a template with {region} gives the same name',
    text: lines(
      'azureMonitorWorkspaces: { m: rg/amw, n: rg/amn }',
      'dataCollectionEndpoints:',
      '  resourceGroup: rg',
      '  machineName: dce-{region}-{machine}',
      'machines:',
      '  - { resource: rg-a/vm_1, metrics: m }',
      '  - { resource: rg-b/vm-1, metrics: m }',
      '  - { resource: rg-c/vm.1, metrics: n }',
    ),
    problems: [
      '11:17 duplicate-name: machineName "dce-{region}-{machine}" gives vm-1 the same name as the machine on line 10. » Add {hash} to dataCollectionEndpoints.machineName.',
    ],
  },
  {
    name: 'machines whose endpoint name would have no letter or digit',
    text: lines(
      'azureMonitorWorkspaces: { m: rg/amw }',
      "dataCollectionEndpoints: { resourceGroup: rg, machineName: '-{machine}-' }",
      'machines: [{ resource: rg/___, metrics: m }, { resource: rg/..., metrics: m }]',
    ),
    problems: [
      '7:24 duplicate-name: machineName "-{machine}-" gives ___ a name without a letter or digit. » Add {hash} to dataCollectionEndpoints.machineName.',
      '7:58 duplicate-name: machineName "-{machine}-" gives ... a name without a letter or digit. » Add {hash} to dataCollectionEndpoints.machineName.',
    ],
  },
]

describe('Problems of a topology file: dataCollectionEndpoints', () => {
  it.each(situations)('$name', (situation) => {
    expect(problemsOf(fileOf(situation))).toEqual(situation.problems)
  })
})
