import type { EgressFqdns } from '../../src/egress/egress.ts'
import type { PlanReport } from '../../src/report.ts'
import { associationId } from '../../src/resources/resource.ts'
import {
  change,
  endpoint,
  machine,
  outcome,
  plan,
  report,
  scope,
  type SomeReport,
} from './builders.ts'

/** A report in which every external text is `s`, alone and within an id. */
export function poisoned(s: string, more: SomeReport = {}): PlanReport {
  const id = machine(s, s)
  const changed = { by: s, type: s, at: s }
  const changes = [
    change(
      'config-endpoint',
      s,
      null,
      {
        kind: 'dataCollectionEndpoint',
        id: endpoint(s),
        location: s,
        publicNetworkAccess: 'Disabled',
        tags: { [s]: s },
      },
      { changed },
    ),
    change(
      'config-endpoint',
      s,
      {
        kind: 'dataCollectionEndpoint',
        id: endpoint('a'),
        location: s,
        publicNetworkAccess: 'Enabled',
        tags: { [s]: 'a' },
      },
      {
        kind: 'dataCollectionEndpoint',
        id: endpoint('a'),
        location: s,
        publicNetworkAccess: 'Disabled',
        tags: { [s]: s },
      },
      { changed },
    ),
    change(
      'regional-endpoint',
      s,
      { kind: 'scopedResource', id: `${scope}/scopedResources/${s}`, linkedResourceId: s },
      null,
      { changed },
    ),
    change('log-analytics', s, null, { kind: 'scopedResource', id: s, linkedResourceId: id }),
    change(
      'config-association',
      s,
      { kind: 'association', id: associationId(id), target: id, endpointId: s },
      { kind: 'association', id: associationId(id), target: id, endpointId: endpoint(s) },
      { changed },
    ),
    change('config-association', s, { kind: 'association', id: s, target: s, ruleId: s }, null, {
      changed,
    }),
    change(
      'access-modes',
      s,
      { kind: 'accessModes', id: s, ingestion: 'Open', query: 'Open' },
      { kind: 'accessModes', id: s, ingestion: 'PrivateOnly', query: 'Open' },
      { changed },
    ),
  ]
  const problem = { message: s, remedy: s, code: s, correlationId: s, status: 409 }
  const everywhere = { file: s, line: 3, column: 5, resource: s }
  return report({
    file: s,
    plan: plan(changes, { unmanaged: [{ id: s, kind: 'association', note: s }] }),
    diagnostics: [
      { severity: 'error', code: 'unknown-resource', message: s, remedy: s, ...everywhere },
      ...Array.from(
        { length: 12 },
        () =>
          ({
            severity: 'warning',
            code: 'agent-missing',
            message: s,
            remedy: s,
            ...everywhere,
          }) as const,
      ),
      {
        severity: 'warning',
        code: 'static-ip-private-endpoint',
        message: s,
        remedy: s,
        waived: { reason: s, expires: s },
        ...everywhere,
      },
      { severity: 'notice', code: 'duration', message: s, remedy: s },
    ],
    failure: { reason: 'azure-error', message: s, remedy: s },
    outcomes: changes.map((c, index) =>
      outcome(
        c,
        (['failed', 'changed', 'skipped', 'unfinished', 'done'] as const)[index % 5] ?? 'done',
        10,
        problem,
      ),
    ),
    remaining: changes,
    review: { pullRequest: 1, commentUrl: s, unreviewed: changes, gone: 1 },
    egress: poisonedEgress(s),
    remoteWrite: [
      { name: s, workspace: s, url: s, endpoint: s, rule: s },
      { name: s, workspace: s },
    ],
    expectedSeconds: 60,
    ...more,
  })
}

function poisonedEgress(s: string): EgressFqdns {
  const target = {
    id: machine(s),
    hosts: [s],
    wildcards: [s],
    pending: [s],
    configurationEndpoint: s,
  }
  return {
    formatVersion: 1,
    topology: s,
    scope: s,
    private: true,
    regions: [{ region: s, hosts: [s, 'a.example'], targets: [target, { ...target, id: s }] }],
    endpoints: [{ id: s, region: s, configurationAccess: s }],
    logWorkspaces: [{ id: s, region: s, hosts: [s] }],
  }
}
