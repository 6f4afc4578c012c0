import { describe, expect, it } from '@jest/globals'
import { fileOf, lines, problemsOf, type Situation } from './problems.ts'

const situations: readonly Situation[] = [
  {
    name: 'nothing but an empty mapping',
    file: '{}\n',
    problems: [
      '1:1 missing-key: name is missing. » Add it: name: production',
      '1:1 missing-key: privateLinkScope is missing. » Add it: privateLinkScope: rg-monitor/ampls-hub',
      '1:1 missing-key: subscription is missing. » Add it: subscription: 11111111-1111-1111-1111-111111111111',
      '1:1 missing-key: version is missing. » Add it: version: 1',
    ],
  },
  {
    name: 'keys without values',
    file: lines('version:', 'name:', 'subscription:', 'privateLinkScope:', 'machines:'),
    problems: [
      '1:1 invalid-value: version has no value. » Write it like this: version: 1',
      '2:1 invalid-value: name has no value. » Write it like this: name: production',
      '3:1 invalid-value: subscription has no value. » Write it like this: subscription: 11111111-1111-1111-1111-111111111111',
      '4:1 invalid-value: privateLinkScope has no value. » Write it like this: privateLinkScope: rg-monitor/ampls-hub',
      '5:1 invalid-value: machines has no value. » Remove it, or write it like this: machines: [rg-app/vm-01]',
    ],
  },
  {
    name: 'a later version',
    file: lines(
      'version: 2',
      'name: production',
      'subscription: 11111111-1111-1111-1111-111111111111',
      'privateLinkScope: rg/a',
    ),
    problems: [
      '1:10 invalid-value: version must be 1, the only version there is, not the number 2. » Write it like this: version: 1',
    ],
  },
  {
    name: 'a version in quotes',
    file: lines(
      'version: "1"',
      'name: production',
      'subscription: 11111111-1111-1111-1111-111111111111',
      'privateLinkScope: rg/a',
    ),
    problems: [
      '1:10 invalid-value: version must be 1, the only version there is, not "1". » Write it like this: version: 1',
    ],
  },
  {
    name: 'a name with capitals, and a subscription by name',
    file: lines(
      'version: 1',
      'name: Production',
      'subscription: my subscription',
      'privateLinkScope: rg/a',
    ),
    problems: [
      '2:7 invalid-value: name must be 2 to 20 lower-case letters, digits and "-", starting with a letter and not ending with "-", not "Production". » Write it like this: name: production',
      '3:15 invalid-value: subscription must be the id of a subscription, not "my subscription". » Write it like this: subscription: 11111111-1111-1111-1111-111111111111',
    ],
  },
  {
    name: 'a name that is too long',
    file: lines(
      'version: 1',
      'name: a23456789012345678901',
      'subscription: 11111111-1111-1111-1111-111111111111',
      'privateLinkScope: rg/a',
    ),
    problems: [
      '2:7 invalid-value: name must be 2 to 20 lower-case letters, digits and "-", starting with a letter and not ending with "-", not "a23456789012345678901". » Write it like this: name: production',
    ],
  },
  {
    name: 'a name of digits',
    file: lines(
      'version: 1',
      'name: 42',
      'subscription: 11111111-1111-1111-1111-111111111111',
      'privateLinkScope: rg/a',
    ),
    problems: [
      '2:7 invalid-value: name must be 2 to 20 lower-case letters, digits and "-", starting with a letter and not ending with "-", not the number 42. » Write it like this: name: production',
    ],
  },
  {
    name: 'misspelled keys at every level',
    text: lines(
      'accesModes: { ingestion: Open }',
      'accessModes: { ingest: Open, querry: Open }',
      'machines:',
      '  - resource: rg/vm',
      '    log: logs',
      '  - select: { resourcegroup: [rg], location: [weu] }',
      'waivers: [{ codes: x, code: endpoint-in-use, reason: y, expires: 2027-01-01 }]',
    ),
    problems: [
      '5:1 unknown-key: accesModes is not a known key. » Did you mean accessModes?',
      '6:16 unknown-key: accessModes.ingest is not a known key. » Did you mean ingestion?',
      '6:30 unknown-key: accessModes.querry is not a known key. » Did you mean query?',
      '9:5 unknown-key: machines[0].log is not a known key. » Did you mean logs?',
      '10:15 unknown-key: machines[1].select.resourcegroup is not a known key. » Did you mean resourceGroups?',
      '10:36 unknown-key: machines[1].select.location is not a known key. » Did you mean locations?',
      '11:13 unknown-key: waivers[0].codes is not a known key. » Did you mean code?',
    ],
  },
  {
    name: 'a key that resembles no known key',
    text: lines('owner: me', 'constructor: 1', '__proto__: 1'),
    problems: [
      '5:1 unknown-key: owner is not a known key. » Allowed here: version, name, formerNames, subscription, privateLinkScope, accessModes, azureMonitorWorkspaces, logAnalyticsWorkspaces, clusters, machines, remoteWrite, dataCollectionEndpoints, existingAssociations, waivers.',
      '6:1 unknown-key: constructor is not a known key. » Allowed here: version, name, formerNames, subscription, privateLinkScope, accessModes, azureMonitorWorkspaces, logAnalyticsWorkspaces, clusters, machines, remoteWrite, dataCollectionEndpoints, existingAssociations, waivers.',
      '7:1 unknown-key: __proto__ is not a known key. » Allowed here: version, name, formerNames, subscription, privateLinkScope, accessModes, azureMonitorWorkspaces, logAnalyticsWorkspaces, clusters, machines, remoteWrite, dataCollectionEndpoints, existingAssociations, waivers.',
    ],
  },
  {
    name: 'a merge key',
    text: lines(
      'accessModes: &modes { query: Open }',
      'remoteWrite: [{ <<: *modes, name: a, metrics: m }]',
      'azureMonitorWorkspaces: { m: rg/m }',
    ),
    problems: [
      '6:17 unknown-key: remoteWrite[0]["<<"] is not a known key. » YAML 1.2 has no merge keys: write the keys out.',
    ],
  },
  {
    name: 'keys given twice, also with other problems',
    text: lines(
      'name: again',
      'accessModes:',
      '  query: Open',
      '  query: open',
      '  query: Open',
      'name: and again',
    ),
    problems: [
      '5:1 duplicate-key: The key "name" appears twice; the first is on line 2. » Keep one of them.',
      '8:3 duplicate-key: The key "query" appears twice; the first is on line 7. » Keep one of them.',
      '9:3 duplicate-key: The key "query" appears twice; the first is on line 7. » Keep one of them.',
      '10:1 duplicate-key: The key "name" appears twice; the first is on line 2. » Keep one of them.',
    ],
  },
  {
    name: 'invalid modes',
    text: 'accessModes: { ingestion: open, query: Private }\n',
    problems: [
      '5:27 invalid-value: accessModes.ingestion must be Open or PrivateOnly, not "open". » Did you mean Open?',
      '5:40 invalid-value: accessModes.query must be Open or PrivateOnly, not "Private". » Allowed here: Open, PrivateOnly.',
    ],
  },
  {
    name: 'modes as a text',
    text: 'accessModes: PrivateOnly\n',
    problems: [
      '5:14 invalid-value: accessModes must be a mapping of "ingestion" and "query" to Open or PrivateOnly, not "PrivateOnly". » Write it like this: accessModes: { ingestion: PrivateOnly, query: Open }',
    ],
  },
  {
    name: 'modes as a list',
    text: 'accessModes: [Open]\n',
    problems: [
      '5:14 invalid-value: accessModes must be a mapping of "ingestion" and "query" to Open or PrivateOnly, not a list. » Write it like this: accessModes: { ingestion: PrivateOnly, query: Open }',
    ],
  },
  {
    name: 'a text instead of a list',
    text: lines('machines: rg-app/vm-01', 'clusters: { a: b }', 'remoteWrite: a', 'waivers: 1'),
    problems: [
      '5:11 invalid-value: machines must be a list of machines, not "rg-app/vm-01". » Write it like this: machines: [rg-app/vm-01]',
      '6:11 invalid-value: clusters must be a list of clusters, not a mapping. » Write it like this: clusters: [rg-aks/aks-weu]',
      '7:14 invalid-value: remoteWrite must be a list of mappings, not "a". » Write it like this: remoteWrite: [{ name: onprem-k3s, metrics: metrics-weu }]',
      '8:10 invalid-value: waivers must be a list of mappings, not the number 1. » Write it like this: waivers: [{ code: static-ip-private-endpoint, reason: replaced in June, expires: 2027-01-31 }]',
    ],
  },
  {
    name: 'items of the wrong type',
    text: lines(
      'machines:',
      '  - 5',
      '  -',
      '  - # nothing',
      '  - [a]',
      '  - ""',
      'clusters: [true]',
    ),
    problems: [
      '6:5 invalid-value: machines[0] must be a reference, or a mapping with "resource" or "select", not the number 5. » Write it like this: - rg-app/vm-01',
      '7:3 invalid-value: machines[1] has no value. » Remove it, or write it like this: - rg-app/vm-01',
      '8:3 invalid-value: machines[2] has no value. » Remove it, or write it like this: - rg-app/vm-01',
      '9:5 invalid-value: machines[3] must be a reference, or a mapping with "resource" or "select", not a list. » Write it like this: - rg-app/vm-01',
      '10:5 invalid-value: "" is not a reference: one part is empty. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
      '11:12 invalid-value: clusters[0] must be a reference, or a mapping with "resource" or "select", not true. » Write it like this: - rg-aks/aks-weu',
    ],
  },
  {
    name: 'workspaces as a list: no alias is then reported as unknown',
    text: lines('logAnalyticsWorkspaces: [rg/law]', 'machines: [{ resource: rg/vm, logs: logs }]'),
    problems: [
      '5:25 invalid-value: logAnalyticsWorkspaces must be a mapping of aliases to references, not a list. » Write it like this: logAnalyticsWorkspaces: { logs: rg-monitor/law-weu }',
    ],
  },
  {
    name: 'malformed aliases',
    text: lines('logAnalyticsWorkspaces:', '  my logs: rg/law', '  -x: rg/law2', '  7: rg/law3'),
    problems: [
      '6:3 invalid-value: logAnalyticsWorkspaces["my logs"] must be an alias: letters, digits, ".", "_" and "-", at most 64, not "my logs". » Write it like this: logs: rg-monitor/law-weu',
      '7:3 invalid-value: logAnalyticsWorkspaces["-x"] must be an alias: letters, digits, ".", "_" and "-", at most 64, not "-x". » Write it like this: logs: rg-monitor/law-weu',
    ],
  },
  {
    name: 'logs of a wrong type',
    text: lines(
      'logAnalyticsWorkspaces: { "5": rg/law }',
      'machines:',
      '  - { resource: rg/vm1, logs: 5 }',
      '  - { resource: rg/vm2, logs: [5] }',
      '  - { resource: rg/vm3, logs: { a: b } }',
    ),
    problems: [
      '7:31 invalid-value: machines[0].logs must be an alias of logAnalyticsWorkspaces, or a list of aliases, not the number 5. » Write it like this: logs: logs',
      '8:32 invalid-value: machines[1].logs[0] must be an alias of logAnalyticsWorkspaces, not the number 5. » Put quotes around it.',
      '9:31 invalid-value: machines[2].logs must be an alias of logAnalyticsWorkspaces, or a list of aliases, not a mapping. » Write it like this: logs: logs',
    ],
  },
  {
    name: 'numbers and booleans as tags',
    text: lines(
      'dataCollectionEndpoints:',
      '  tags:',
      '    cost: 4711',
      '    release: 1.10',
      '    live: true',
      '    since: 2026-11-22',
      '    ok: "1"',
      '    none:',
    ),
    problems: [
      '7:11 invalid-value: dataCollectionEndpoints.tags.cost must be text of at most 256 characters on one line, not the number 4711. » Put quotes around it.',
      '8:14 invalid-value: dataCollectionEndpoints.tags.release must be text of at most 256 characters on one line, not the number 1.1. » Put quotes around it.',
      '9:11 invalid-value: dataCollectionEndpoints.tags.live must be text of at most 256 characters on one line, not true. » Put quotes around it.',
      '12:5 invalid-value: dataCollectionEndpoints.tags.none has no value. » Remove it, or write it like this: team: platform',
    ],
  },
  {
    name: 'tags that Azure refuses',
    text:
      'dataCollectionEndpoints:\n  tags:\n    a/b: x\n    long: ' +
      'x'.repeat(257) +
      '\n    ' +
      'n'.repeat(513) +
      ': y\n    "two\\nlines": z\n',
    problems: [
      '7:5 invalid-value: dataCollectionEndpoints.tags["a/b"] must be a tag name of 1 to 512 characters on one line, without < > % & \\ ? /, not "a/b". » Write it like this: team: platform',
      '8:11 invalid-value: dataCollectionEndpoints.tags.long must be text of at most 256 characters on one line, not "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…". » Write it like this: team: platform',
      '9:5 invalid-value: dataCollectionEndpoints.tags["nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn…"] must be a tag name of 1 to 512 characters on one line, without < > % & \\ ? /, not "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn…". » Write it like this: team: platform',
      '10:5 invalid-value: dataCollectionEndpoints.tags["two\\nlines"] must be a tag name of 1 to 512 characters on one line, without < > % & \\ ? /, not "two\\nlines". » Write it like this: team: platform',
    ],
  },
  {
    name: 'invalid choices',
    text: lines(
      'dataCollectionEndpoints: { machineIngestion: permachine, publicNetworkAccess: off }',
      'existingAssociations: keep',
    ),
    problems: [
      '5:46 invalid-value: dataCollectionEndpoints.machineIngestion must be perMachine, perRegion or none, not "permachine". » Did you mean perMachine?',
      '5:79 invalid-value: dataCollectionEndpoints.publicNetworkAccess must be Disabled or Enabled, not "off". » Allowed here: Disabled, Enabled.',
      '6:23 invalid-value: existingAssociations must be adopt or replace, not "keep". » Allowed here: adopt, replace.',
    ],
  },
  {
    name: 'an invalid value repeated by a YAML alias is reported once',
    text: lines(
      'machines:',
      '  - &vm { resource: rg/vm, metrics: 5 }',
      'clusters:',
      '  - { resource: rg/aks, logs: &l [1] }',
      '  - { resource: rg/aks2, logs: *l }',
    ),
    problems: [
      '6:37 invalid-value: machines[0].metrics must be an alias of azureMonitorWorkspaces, not the number 5. » Put quotes around it.',
      '8:35 invalid-value: clusters[0].logs[0] must be an alias of logAnalyticsWorkspaces, not the number 1. » Put quotes around it.',
    ],
  },
]

describe('Problems of a topology file: invalid keys and values', () => {
  it.each(situations)('$name', (situation) => {
    expect(problemsOf(fileOf(situation))).toEqual(situation.problems)
  })
})
