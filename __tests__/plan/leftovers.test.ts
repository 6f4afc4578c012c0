import { describe, expect, test } from '@jest/globals'
import type { SelectEntry, Waiver } from '../../src/topology/topology.ts'
import {
  association,
  dceId,
  dcrId,
  endpoint,
  idOf,
  lawId,
  link,
  logsFrom,
  machine,
  mark,
  metricsFrom,
  amwId,
  ours,
  place,
  rule,
  scopeId,
  sub,
  summarize,
  target,
  type There,
  proposalOf,
  topology,
  vmId,
  world,
} from './builders.ts'

const here = 'westeurope'
const old = dceId('old')
const stray = vmId('stray')
const oldOurs = endpoint(old, here, { tags: ours })
const elsewhere =
  '/subscriptions/2/resourceGroups/rg/providers/Microsoft.Insights/privateLinkScopes/hub'

interface Case {
  readonly name: string
  readonly file?: Parameters<typeof topology>[0]
  readonly there: There
  readonly changes: readonly string[]
  readonly problems?: readonly string[]
}

const waived: Waiver[] = [
  { code: 'endpoint-in-use', reason: 'for now', expires: '2999-01-01', at: place },
  { code: 'unreadable-resource', reason: 'for now', expires: '2999-01-01', at: place },
  { code: 'unknown-resource', reason: 'for now', expires: '2999-01-01', at: place },
  { code: 'endpoint-in-other-region', reason: 'for now', expires: '2999-01-01', at: place },
]

const selectIn = (subscription: string): SelectEntry => ({
  kind: 'machine',
  subscriptions: [subscription],
  types: ['microsoft.compute/virtualmachines'],
  exclude: [],
  logs: [],
  at: place,
})

/** A machine whose configuration association holds a rule that sends through an endpoint that we linked. */
const dceThere = endpoint(dceId('dce-prod-westeurope'), here)
const holding: There = {
  targets: [target(vmId('vm'), here)],
  links: [link(old)],
  rules: [rule('held', { endpointId: old })],
  associations: [
    {
      id: `${vmId('vm')}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`,
      target: vmId('vm'),
      ruleId: dcrId('held'),
    },
  ],
}

/** A resource that the file no longer names, with an association of ours that now holds a rule. */
const leaving: There = {
  targets: [target(stray, here)],
  rules: [rule('held'), rule('other')],
  associations: [
    { id: association(stray, old).id, target: stray, ruleId: dcrId('held'), description: mark },
  ],
}

const cases: readonly Case[] = [
  {
    name: 'endpoint, link and association of ours are deleted, in the order that cuts off no target',
    there: {
      endpoints: [oldOurs],
      links: [link(old)],
      associations: [association(stray, old, mark)],
    },
    changes: ['delete association stray → old', 'delete link old', 'delete endpoint old'],
  },
  {
    name: 'an association without our mark is deleted if it points to an endpoint of ours',
    there: { endpoints: [oldOurs], associations: [association(stray, old.toUpperCase())] },
    changes: ['delete association stray → OLD', 'delete endpoint old'],
  },
  {
    name: 'an association with our mark is deleted, whatever its endpoint',
    there: { endpoints: [endpoint(old, here)], associations: [association(stray, old, mark)] },
    changes: ['delete association stray → old'],
  },
  {
    name: 'objects that are not ours stay',
    there: {
      endpoints: [endpoint(old, here, { tags: { 'azure-monitor-private-link': 'Prod/7ccb9b9f' } })],
      links: [link(old, 'theirs')],
      associations: [association(stray, old, 'by hand')],
    },
    changes: [],
    problems: ['warning marked-by-unknown-topology ampls'],
  },
  {
    name: 'the case of the tag name is ignored',
    there: {
      endpoints: [endpoint(old, here, { tags: { 'Azure-Monitor-Private-Link': 'prod/7ccb9b9f' } })],
    },
    changes: ['delete endpoint old'],
  },
  {
    name: "another topology's association keeps our endpoint: it blocks, and the link stays",
    there: {
      endpoints: [oldOurs],
      links: [link(old)],
      associations: [
        association(stray, old, 'Managed by azure-monitor-private-link (other/7ccb9b9f)'),
      ],
    },
    changes: [],
    problems: ['error endpoint-in-use old', 'warning link-kept prod-old-'],
  },
  {
    name: 'a rule that sends through our endpoint blocks its deletion; if waived, the endpoint stays',
    file: { waivers: waived.slice(0, 1) },
    there: { endpoints: [oldOurs], links: [link(old)], rules: [rule('dcr', { endpointId: old })] },
    changes: ['delete link old'],
    problems: ['warning endpoint-in-use old'],
  },
  {
    name: 'a link in another scope blocks the deletion of our endpoint, even under our name',
    there: {
      endpoints: [
        endpoint(old, here, {
          tags: ours,
          links: [{ scopedResourceId: `${elsewhere}/scopedResources/${link(old).name}` }],
        }),
      ],
    },
    changes: [],
    problems: ['error endpoint-in-use old'],
  },
  {
    name: 'a link under another name in our own scope blocks the deletion of our endpoint',
    there: { endpoints: [oldOurs], links: [link(old, 'theirs')] },
    changes: [],
    problems: ['error endpoint-in-use old'],
  },
  {
    name: 'a link of ours stays while something outside is associated with its endpoint',
    there: {
      endpoints: [endpoint(old, here)],
      links: [link(old)],
      associations: [association(stray, old)],
    },
    changes: [],
    problems: ['warning link-kept prod-old-'],
  },
  {
    name: 'a link of ours is deleted even if a rule outside sends through its endpoint',
    there: {
      endpoints: [endpoint(old, here)],
      links: [link(old)],
      rules: [rule('r', { endpointId: old })],
    },
    changes: ['delete link old'],
  },
  {
    name: 'a link to a deleted endpoint is deleted, even if associations still point there',
    there: { links: [link(old)], associations: [association(stray, old)] },
    changes: ['delete link old'],
  },
  {
    name: 'a link to a workspace that the file no longer names is deleted',
    there: { links: [link(lawId('old'))] },
    changes: ['delete link old'],
  },
  {
    name: 'a link to an unreadable workspace of the file stays',
    file: { logAnalyticsWorkspaces: [logsFrom('logs')], waivers: waived.slice(1, 2) },
    there: {
      links: [link(lawId('logs'))],
      logWorkspaces: [{ id: lawId('logs'), state: 'unreadable' }],
    },
    changes: [],
    problems: ['warning link-kept prod-logs-', 'warning unreadable-resource logs'],
  },
  ...(['target', 'rule', 'workspace'] as const).map((what): Case => {
    const file = {
      waivers: waived.slice(1, 2),
      targets: what === 'workspace' ? [] : [machine('vm')],
      azureMonitorWorkspaces: what === 'workspace' ? [metricsFrom('amw')] : [],
    }
    const hidden = { target: 'vm', rule: 'dcr', workspace: 'amw' }[what]
    return {
      name: `while a ${what} may not be read, nothing is unlinked or deleted that it may need`,
      file,
      there: {
        endpoints: [oldOurs, endpoint(dceId('mine'), here)],
        links: [link(old), link(dceId('mine'), 'theirs')],
        targets: [
          what === 'target' ? { id: vmId('vm'), state: 'unreadable' } : target(vmId('vm'), here),
        ],
        associations: [association(vmId('vm'), dceId('mine'))],
        rules: [{ id: dcrId('dcr'), state: 'unreadable' }],
        ruleAssociations: { [vmId('vm')]: [dcrId('dcr')] },
        monitorWorkspaces: [{ id: amwId('amw'), state: 'unreadable' }],
      },
      changes: [],
      problems: [
        'warning link-kept prod-old-',
        'warning link-kept old',
        `warning unreadable-resource ${hidden}`,
      ],
    }
  }),
  {
    name: 'an endpoint of ours that the file names under `existing` stays, even if no target needs it',
    file: { endpoints: { existing: [{ region: here, id: idOf(old), at: place }] } },
    there: { endpoints: [oldOurs] },
    changes: [],
  },
  {
    name: 'an endpoint of ours with a wanted name in another region stays',
    file: { targets: [machine('vm')], waivers: waived.slice(3) },
    there: {
      targets: [target(vmId('vm'), here)],
      endpoints: [endpoint(dceId('dce-prod-westeurope'), 'eastus', { tags: ours })],
    },
    changes: [],
    problems: ['warning endpoint-in-other-region dce-prod-westeurope'],
  },
  {
    name: 'an endpoint of ours that a target adopts stays, with the settings of the file',
    file: { targets: [machine('vm')], endpoints: { tags: { team: 'x' } } },
    there: {
      targets: [target(vmId('vm'), here)],
      endpoints: [oldOurs],
      links: [link(old)],
      associations: [association(vmId('vm'), old)],
    },
    changes: ['update endpoint old'],
  },
  {
    name: 'the association of a named target that does not exist does not lead to the deletion of an endpoint',
    file: { targets: [machine('vm')], waivers: waived.slice(2, 3) },
    there: {
      targets: [{ id: vmId('vm'), state: 'missing' }],
      endpoints: [oldOurs],
      associations: [association(vmId('vm'), old, mark)],
    },
    changes: [],
    problems: ['error endpoint-in-use old', 'warning unknown-resource vm'],
  },
  {
    name: 'no link and no endpoint is deleted while the scope is unreadable, since its links are unknown',
    there: {
      scope: { state: 'unreadable', why: 'Forbidden' },
      endpoints: [endpoint(old, here, { tags: ours, links: [{ scopedResourceId: link(old).id }] })],
      associations: [association(stray, old, mark)],
    },
    changes: ['delete association stray → old'],
    problems: ['error unreadable-resource ampls'],
  },
  {
    name: 'nothing is deleted that a target in an unreadable subscription may need',
    file: { selects: [selectIn('2')] },
    there: {
      hiddenSubscriptions: [['2', { state: 'unreadable', why: 'Forbidden' }]],
      endpoints: [oldOurs],
      links: [link(old)],
      associations: [
        association(stray, old, mark),
        association(stray.replace(sub, '2'), old, mark),
      ],
    },
    changes: ['delete association stray → old'],
    problems: [
      'warning link-kept old',
      'warning link-kept prod-old-',
      'warning unreadable-resource 2',
    ],
  },
  {
    name: 'a rule that a configuration association holds needs nothing once that association is replaced',
    file: { targets: [machine('vm')] },
    there: { ...holding, endpoints: [dceThere, endpoint(old, here)] },
    changes: [
      'create link dce-prod-westeurope',
      'replace association vm → dce-prod-westeurope',
      'delete link old',
    ],
    problems: ['error rule-would-be-lost vm'],
  },
  {
    name: 'a rule that a configuration association holds still counts if that association is not replaced',
    file: {
      targets: [machine('vm')],
      waivers: waived.slice(3),
      endpoints: { existing: [{ region: here, id: idOf(dceId('far')), at: place }] },
    },
    there: { ...holding, endpoints: [endpoint(dceId('far'), 'eastus'), endpoint(old, here)] },
    changes: [],
    problems: ['warning endpoint-in-other-region far'],
  },
  {
    name: 'deleting an association of ours that holds the only rule of a removed target blocks',
    there: { ...leaving },
    changes: ['delete association stray → held'],
    problems: ['error rule-would-be-lost stray'],
  },
  {
    name: 'it is deleted if the target also has the rule under another name',
    there: { ...leaving, ruleAssociations: { [stray]: [dcrId('held')] } },
    changes: ['delete association stray → held'],
  },
  {
    name: 'it is deleted if a waiver accepts the loss of the rule',
    file: {
      waivers: [{ code: 'rule-would-be-lost', reason: 'gone', expires: '2999-01-01', at: place }],
    },
    there: { ...leaving },
    changes: ['delete association stray → held'],
    problems: ['warning rule-would-be-lost stray'],
  },
  {
    name: 'it still blocks if the target has only another rule',
    there: { ...leaving, ruleAssociations: { [stray]: [dcrId('other')] } },
    changes: ['delete association stray → held'],
    problems: ['error rule-would-be-lost stray'],
  },
  {
    name: 'an association with an endpoint that this plan creates is already ours',
    file: { targets: [machine('vm')] },
    there: {
      targets: [target(vmId('vm'), here)],
      associations: [association(stray, dceId('dce-prod-westeurope'))],
    },
    changes: [
      'create endpoint dce-prod-westeurope',
      'create link dce-prod-westeurope',
      'create association vm → dce-prod-westeurope',
      'delete association stray → dce-prod-westeurope',
    ],
  },
]

describe('Objects of ours that are no longer needed', () => {
  test.each(cases)('$name', ({ file, there, changes, problems = [] }) => {
    const result = summarize(topology(file), world(there))
    expect(result.changes).toEqual(changes)
    const told = result.problems.map((one) => one.replace(/-[0-9a-f]{8}$/, '-'))
    expect(told.toSorted()).toEqual([...problems].toSorted())
  })

  test('are reported if they are not ours', () => {
    const azure = world({ endpoints: [endpoint(old, here)], links: [link(old, 'theirs')] })
    expect(proposalOf(topology(), azure).plan.unmanaged).toEqual([
      {
        id: `${scopeId}/scopedResources/theirs`,
        kind: 'scopedResource',
        note: "Links old, which no rule of this file needs. Its name isn't ours, so it stays.",
      },
    ])
  })
})
