import { describe, expect, it } from '@jest/globals'
import { fileOf, lines, problemsOf, type Situation } from './problems.ts'

const situations: readonly Situation[] = [
  {
    name: 'one alias in both sections',
    text: lines(
      'azureMonitorWorkspaces: { weu: rg/amw }',
      'logAnalyticsWorkspaces: { weu: rg/law }',
    ),
    problems: [
      '6:27 duplicate-key: The alias "weu" is already used for an Azure Monitor workspace on line 5. » Rename one of the two.',
    ],
  },
  {
    name: 'one workspace under two aliases, in different case',
    text: lines(
      'logAnalyticsWorkspaces:',
      '  a: rg/law',
      '  b: RG/LAW',
      '  c: /subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/rg/providers/microsoft.operationalinsights/workspaces/law/',
    ),
    problems: [
      '7:6 duplicate-name: The workspace LAW has two aliases: "a", on line 6, and "b". » Keep one alias and use it throughout.',
      '8:6 duplicate-name: The workspace law has two aliases: "a", on line 6, and "c". » Keep one alias and use it throughout.',
    ],
  },
  {
    name: 'unknown aliases',
    text: lines(
      'azureMonitorWorkspaces: { metrics-weu: rg/amw }',
      'logAnalyticsWorkspaces: { logs: rg/law, security: rg/soc }',
      'clusters: [{ resource: rg/aks, metrics: metrics-wue, logs: [logs, audit] }]',
      'machines: [{ resource: rg/vm, logs: metrics-weu }]',
      'remoteWrite: [{ name: k3s, metrics: logs }]',
    ),
    problems: [
      '7:41 unknown-alias: No workspace in azureMonitorWorkspaces has the alias "metrics-wue". » Did you mean metrics-weu?',
      '7:67 unknown-alias: No workspace in logAnalyticsWorkspaces has the alias "audit". » Allowed here: logs, security.',
      '8:37 unknown-alias: "metrics-weu" is an alias of azureMonitorWorkspaces, but must be one of logAnalyticsWorkspaces. » Allowed here: logs, security.',
      '9:37 unknown-alias: "logs" is an alias of logAnalyticsWorkspaces, but must be one of azureMonitorWorkspaces. » Allowed here: metrics-weu.',
    ],
  },
  {
    name: 'an alias in a file without workspaces',
    text: 'machines: [{ resource: rg/vm, logs: logs }]\n',
    problems: [
      '5:37 unknown-alias: No workspace in logAnalyticsWorkspaces has the alias "logs". » Add the workspace to logAnalyticsWorkspaces.',
    ],
  },
  {
    name: 'an alias with an invalid workspace is not reported as unknown',
    text: lines(
      'logAnalyticsWorkspaces: { logs: 5 }',
      'machines: [{ resource: rg/vm, logs: logs }]',
    ),
    problems: [
      '5:33 invalid-value: logAnalyticsWorkspaces.logs must be a full resource id or <resource group>/<name>, not the number 5. » Write it like this: logs: rg-monitor/law-weu',
    ],
  },
  {
    name: 'an alias listed twice',
    text: lines(
      'logAnalyticsWorkspaces: { logs: rg/law }',
      'machines: [{ resource: rg/vm, logs: [logs, logs] }]',
    ),
    problems: ['6:44 invalid-value: The alias "logs" is listed twice. » Keep one of them.'],
  },
  {
    name: 'two remote writers with the same name, and one without metrics',
    text: lines(
      'azureMonitorWorkspaces: { m: rg/amw }',
      'remoteWrite:',
      '  - { name: k3s, metrics: m }',
      '  - { name: k3s, metrics: m }',
      '  - name: other',
    ),
    problems: [
      '8:13 duplicate-name: The name "k3s" is listed twice under remoteWrite; the first entry is on line 7. » Give each cluster a unique name.',
      '9:5 missing-key: remoteWrite[2].metrics is missing. » Add it: metrics: metrics-weu',
    ],
  },
]

describe('Problems of a topology file: workspaces and their aliases', () => {
  it.each(situations)('$name', (situation) => {
    expect(problemsOf(fileOf(situation))).toEqual(situation.problems)
  })
})
