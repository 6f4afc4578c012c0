import type { Diagnostic } from '../diagnostics.ts'
import type { NetworkReport } from '../network/judge.ts'
import type { Outcome } from '../plan/schedule/outcome.ts'
import { type Change, countChanges } from '../plan/plan.ts'
import type { Report } from '../report.ts'
import { compareText } from '../resources/id.ts'
import type { Resource } from '../resources/resource.ts'

/** The plan for programs: contract section 3, format version 1. `topology` and `fingerprint` are `null` when unknown. */
export function renderPlanJson(report: Report): string {
  const { plan } = report
  const changes = plan?.changes ?? []
  const idOf = new Map(changes.map((change) => [change.key, change.id]))
  const json = {
    formatVersion: 1,
    topology: plan?.topology ?? report.topology ?? null,
    fingerprint: plan?.fingerprint ?? null,
    changes: changes.map((change) => changeJson(change, idOf)),
    unchanged: plan?.unchanged ?? 0,
    unmanaged: (plan?.unmanaged ?? []).map(({ id, kind, note }) => ({ id, kind, note })),
    diagnostics: report.diagnostics.map(diagnosticJson),
    counts: countChanges(changes),
    expectedSeconds: report.expectedSeconds,
    outcomes: report.outcomes?.map(outcomeJson),
    remoteWrite: report.remoteWrite,
    network: report.network === undefined ? undefined : networkJson(report.network),
  }
  return `${JSON.stringify(json, null, 2)}\n`
}

/** Contract, section 8: all networks and neighbours; diagnostics name only the first five. */
function networkJson({ privateEndpoints, virtualNetworks, neighbours }: NetworkReport): object {
  return {
    privateEndpoints,
    virtualNetworks: virtualNetworks.map(({ id, linkedZones, targets, dns }) => ({
      id,
      linkedZones,
      targets: targets.length,
      dns,
    })),
    neighbours: neighbours.map(({ id, virtualNetwork, missing }) => ({
      id,
      virtualNetwork,
      missing,
    })),
  }
}

function changeJson(change: Change, idOf: ReadonlyMap<string, string>): object {
  return {
    id: change.id,
    kind: change.kind,
    action: change.action,
    before: fieldsJson(change.before),
    after: fieldsJson(change.after),
    rule: change.rule,
    reason: change.reason,
    dependsOn: change.dependsOn.map((key) => idOf.get(key) ?? key),
    digest: change.digest,
    changed: change.changed,
  }
}

/** A resource's fields, without its id and kind, which are in the change already. */
function fieldsJson(resource: Resource | null): object | null {
  switch (resource?.kind) {
    case 'dataCollectionEndpoint': {
      const { location, publicNetworkAccess, tags } = resource
      const names = Object.keys(tags).toSorted(compareText)
      const sorted = Object.fromEntries(names.map((name) => [name, tags[name]]))
      return { location, publicNetworkAccess, tags: sorted }
    }
    case 'association': {
      const { target, endpointId, ruleId, mark } = resource
      return { target, endpointId, ruleId, mark }
    }
    case 'scopedResource':
      return { linkedResourceId: resource.linkedResourceId }
    case 'accessModes':
      return { ingestion: resource.ingestion, query: resource.query }
    case undefined:
      return null
  }
}

/** A diagnostic as in plan-json. */
export function diagnosticJson(diagnostic: Diagnostic): object {
  const { severity, code, message, resource, file, line, column, remedy, waived } = diagnostic
  return { severity, code, message, resource, file, line, column, remedy, waived }
}

function outcomeJson({ change, result, elapsed, problem }: Outcome): object {
  return { id: change.id, action: change.action, result, elapsedMilliseconds: elapsed, problem }
}
