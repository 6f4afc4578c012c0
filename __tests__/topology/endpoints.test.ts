import { describe, expect, it } from '@jest/globals'
import { fileOf, lines, problemsOf, type Situation } from './problems.ts'

const situations: readonly Situation[] = [
  {
    name: 'placeholders that the template does not have',
    text: lines(
      'dataCollectionEndpoints:',
      '  regionalName: dce-{machine}-{hash}',
      '  machineName: dce-{host}',
    ),
    problems: [
      '6:17 invalid-value: regionalName has no placeholder "{machine}". » Known here: {topology}, {region}.',
      '7:16 invalid-value: machineName has no placeholder "{host}". » Did you mean {hash}?',
    ],
  },
  {
    name: 'braces that belong to no placeholder',
    text: lines(
      'dataCollectionEndpoints:',
      '  regionalName: dce-{region',
      '  machineName: dce-}{machine}',
    ),
    problems: [
      '6:17 invalid-value: regionalName "dce-{region" holds a "{" that belongs to no placeholder. » Placeholders are {topology}, {region}; no other brace may stand in a name.',
      '7:16 invalid-value: machineName "dce-}{machine}" holds a "}" that belongs to no placeholder. » Placeholders are {topology}, {region}, {machine}, {hash}; no other brace may stand in a name.',
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
      '6:17 invalid-value: regionalName has no placeholder "{}". » Known here: {topology}, {region}.',
      '7:16 invalid-value: machineName has no placeholder "{Machine}". » Did you mean {machine}?',
    ],
  },
  {
    name: 'a template without braces around its only word',
    text: lines('dataCollectionEndpoints:', "  regionalName: '---'", "  machineName: ''"),
    problems: [
      '6:17 duplicate-name: regionalName "---" leaves nothing that may stand in a name. » Write letters or digits, or a placeholder.',
      '7:16 duplicate-name: machineName "" leaves nothing that may stand in a name. » Write letters or digits, or a placeholder.',
    ],
  },
  {
    name: 'a template in a flow mapping, which YAML reads otherwise',
    text: lines('dataCollectionEndpoints:', '  regionalName: {region}'),
    problems: [
      '6:17 invalid-value: dataCollectionEndpoints.regionalName must be a name that may hold placeholders, in quotes when it begins with one, not a mapping. » Write it like this: regionalName: dce-{topology}-{region}',
    ],
  },
  {
    name: 'a template that is too long',
    text: 'dataCollectionEndpoints: { regionalName: ' + 'a'.repeat(201) + ' }\n',
    problems: [
      '5:42 invalid-value: regionalName is 201 characters long. » Write at most 200; names are cut to 44.',
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
      '8:5 duplicate-key: The region westeurope is given again; the first is on line 7. » Keep one endpoint a region.',
      '9:5 invalid-value: dataCollectionEndpoints.existing.5 must be the name of an Azure region, not "5". » Write it like this: northeurope: rg-shared/dce-neu',
      '10:5 invalid-value: dataCollectionEndpoints.existing.north-europe must be the name of an Azure region, not "north-europe". » Write it like this: northeurope: rg-shared/dce-neu',
    ],
  },
  {
    name: 'the mark of ownership as a tag, and one tag in two cases',
    text: lines(
      'dataCollectionEndpoints:',
      '  tags:',
      '    Azure-Monitor-Private-Link: mine',
      '    Team: a',
      '    team: b',
    ),
    problems: [
      '7:5 invalid-value: The tag azure-monitor-private-link is the mark of ownership, and is set on every endpoint that is created. » Take it out.',
      '9:5 duplicate-key: The tag "team" is given again; the first is on line 8, and names of tags are compared without case. » Keep one of them.',
    ],
  },
  {
    name: 'fifty tags beside ours',
    text:
      'dataCollectionEndpoints:\n  tags:\n' +
      Array.from({ length: 50 }, (_, i) => `    tag${i}: x\n`).join(''),
    problems: [
      '7:5 invalid-value: 50 tags are too many: Azure takes 50 on a resource, and one is the mark of ownership. » Keep at most 49.',
    ],
  },
  {
    name: 'a machine with metrics, and no place to create its endpoint',
    text: lines(
      'azureMonitorWorkspaces: { m: rg/amw }',
      'machines:',
      '  - { resource: rg/vm-01, metrics: m }',
      '  - { resource: rg/vm-02, metrics: m }',
    ),
    problems: [
      '7:17 resource-group-missing: An ingestion endpoint has to be created for vm-01, which has "metrics", but dataCollectionEndpoints.resourceGroup doesn\'t say where. » Add it: dataCollectionEndpoints: { resourceGroup: rg-monitor }',
    ],
  },
  {
    name: 'the same, where endpoints are described without a place',
    text: lines(
      'azureMonitorWorkspaces: { m: rg/amw }',
      'machines: [{ resource: rg/vm-01, metrics: m }]',
      'dataCollectionEndpoints:',
      '  machineIngestion: perRegion',
    ),
    problems: [
      '7:1 resource-group-missing: An ingestion endpoint has to be created for vm-01, which has "metrics", but dataCollectionEndpoints.resourceGroup doesn\'t say where. » Add it: dataCollectionEndpoints: { resourceGroup: rg-monitor }',
    ],
  },
  {
    name: 'the same, where the place given is wrong',
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
    name: 'the same, where it cannot be told whether one is wanted',
    text: lines(
      'azureMonitorWorkspaces: { m: rg/amw }',
      'machines: [{ resource: rg/vm-01, metrics: m }]',
      'dataCollectionEndpoints:',
      '  machineIngestion: never',
    ),
    problems: [
      '8:21 invalid-value: dataCollectionEndpoints.machineIngestion must be perMachine, perRegion or none, not "never". » Known here: perMachine, perRegion, none.',
    ],
  },
  {
    name: 'machines that a template gives one name',
    text: lines(
      'azureMonitorWorkspaces: { m: rg/amw, n: rg/amn }',
      'dataCollectionEndpoints: { resourceGroup: rg, machineName: "dce-{machine}" }',
      'machines:',
      '  - { resource: rg-a/vm, metrics: m }',
      '  - { resource: rg-b/VM, metrics: n }',
      '  - { resource: rg-c/vm, logs: [] }',
    ),
    problems: [
      '9:17 duplicate-name: machineName "dce-{machine}" gives VM the same name as the machine on line 8. » Put {hash} into dataCollectionEndpoints.machineName.',
    ],
  },
  {
    name: 'machines of one workspace that a template with the region gives one name',
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
      '11:17 duplicate-name: machineName "dce-{region}-{machine}" gives vm-1 the same name as the machine on line 10. » Put {hash} into dataCollectionEndpoints.machineName.',
    ],
  },
  {
    name: 'a machine of whose name nothing may stand in an endpoint name',
    text: lines(
      'azureMonitorWorkspaces: { m: rg/amw }',
      "dataCollectionEndpoints: { resourceGroup: rg, machineName: '-{machine}-' }",
      'machines: [{ resource: rg/___, metrics: m }, { resource: rg/..., metrics: m }]',
    ),
    problems: [
      '7:24 duplicate-name: machineName "-{machine}-" leaves nothing that may stand in a name for ___. » Put {hash} into dataCollectionEndpoints.machineName.',
      '7:58 duplicate-name: machineName "-{machine}-" leaves nothing that may stand in a name for .... » Put {hash} into dataCollectionEndpoints.machineName.',
    ],
  },
]

describe('Problems of a topology file: dataCollectionEndpoints', () => {
  it.each(situations)('$name', (situation) => {
    expect(problemsOf(fileOf(situation))).toEqual(situation.problems)
  })
})
