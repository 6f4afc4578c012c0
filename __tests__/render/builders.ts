import type { Diagnostic } from '../../src/diagnostics.ts'
import type { Outcome, Problem } from '../../src/plan/schedule/outcome.ts'
import type { Action, Change, Plan } from '../../src/plan/plan.ts'
import type { RuleId } from '../../src/rules/ruleIds.ts'
import type { RenderContext } from '../../src/render/context.ts'
import type { PlanReport, ReportFacts } from '../../src/report.ts'
import { idKey, nameOf, sha256Hex } from '../../src/resources/id.ts'
import { associationId, type Resource } from '../../src/resources/resource.ts'

/** Builders of plain values for rendering tests. */
export const subscription = '11111111-1111-1111-1111-111111111111'

export function resource(group: string, type: string, name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${type}/${name}`
}

export const machine = (name: string, group = 'rg-app') =>
  resource(group, 'Microsoft.Compute/virtualMachines', name)
export const cluster = (name: string, group = 'rg-aks') =>
  resource(group, 'Microsoft.ContainerService/managedClusters', name)
export const endpoint = (name: string, group = 'rg-monitor') =>
  resource(group, 'Microsoft.Insights/dataCollectionEndpoints', name)
export const rule = (name: string, group = 'rg-monitor') =>
  resource(group, 'Microsoft.Insights/dataCollectionRules', name)
export const logWorkspace = (name: string, group = 'rg-monitor') =>
  resource(group, 'Microsoft.OperationalInsights/workspaces', name)
export const monitorWorkspace = (name: string, group = 'rg-monitor') =>
  resource(group, 'Microsoft.Monitor/accounts', name)
export const scope = resource('rg-monitor', 'Microsoft.Insights/privateLinkScopes', 'ampls-hub')

export function endpointResource(
  id: string,
  location: string,
  tags: Record<string, string> = { 'azure-monitor-private-link': 'production/a50ff3dd' },
): Resource {
  return { kind: 'dataCollectionEndpoint', id, location, publicNetworkAccess: 'Disabled', tags }
}

export function linkResource(linked: string): Resource {
  const name = `production-${nameOf(linked)}-${sha256Hex(idKey(linked), 8)}`
  return {
    kind: 'scopedResource',
    id: `${scope}/scopedResources/${name}`,
    linkedResourceId: linked,
  }
}

export function associationResource(target: string, endpointId: string): Resource {
  return { kind: 'association', id: associationId(target), target, endpointId }
}

export function holdingRule(target: string, ruleId: string): Resource {
  return { kind: 'association', id: associationId(target), target, ruleId }
}

export function modes(ingestion: 'Open' | 'PrivateOnly', query: 'Open' | 'PrivateOnly'): Resource {
  return { kind: 'accessModes', id: scope, ingestion, query }
}

/** A change from `before` to `after`, either of which may be absent. */
export function change(
  rule: RuleId,
  reason: string,
  before: Resource | null,
  after: Resource | null,
  more: Partial<Change> = {},
): Change {
  const resource = after ?? before
  if (resource === null) throw new Error('a change has a before or an after')
  const action: Action =
    before === null
      ? 'create'
      : after === null
        ? 'delete'
        : resource.kind === 'association'
          ? 'replace'
          : 'update'
  const key = `${resource.kind} ${idKey(resource.id)}`
  const digest = sha256Hex(`${action} ${key}`)
  return {
    key,
    id: resource.id,
    kind: resource.kind,
    action,
    before,
    after,
    rule,
    reason,
    dependsOn: [],
    digest,
    ...more,
  } as Change
}

export function plan(changes: readonly Change[], more: Partial<Plan> = {}): Plan {
  const fingerprint = `sha256:${sha256Hex(changes.map((c) => c.digest).join())}`
  return {
    topology: 'production',
    fingerprint,
    changes,
    unchanged: 0,
    unmanaged: [],
    diagnostics: [],
    ...more,
  }
}

export const file = '.github/azure-monitor-private-link.yml'

/** Part of a plan report. The situation follows from the result unless given. */
export type SomeReport = Partial<ReportFacts> & {
  readonly result?: PlanReport['result']
  readonly situation?: PlanReport['situation']
}

export function report(more: SomeReport = {}): PlanReport {
  const { result = 'changes' } = more
  return {
    file,
    topology: 'production',
    command: 'plan',
    result,
    situation: situationOf(result, more),
    diagnostics: more.plan?.diagnostics ?? [],
    ...more,
  } as PlanReport
}

function situationOf(result: PlanReport['result'], { plan }: SomeReport): PlanReport['situation'] {
  if (result === 'changes') return 'planned'
  if (result === 'no-changes') return 'nothing'
  if (result === 'failed') return plan === undefined ? 'unplanned' : 'blocked'
  return result
}

export function error(
  code: Diagnostic['code'],
  message: string,
  remedy: string,
  more: Partial<Diagnostic> = {},
): Diagnostic {
  return { severity: 'error', code, message, remedy, ...more }
}

export function warning(
  code: Diagnostic['code'],
  message: string,
  remedy: string,
  more: Partial<Diagnostic> = {},
): Diagnostic {
  return { severity: 'warning', code, message, remedy, ...more }
}

export function outcome(
  change: Change,
  result: Outcome['result'],
  elapsed = 0,
  problem?: Problem,
): Outcome {
  return { change, result, elapsed, ...(problem !== undefined && { problem }) }
}

export const context: RenderContext = {
  runUrl: 'https://github.com/octo-org/platform/actions/runs/4242',
  commitSha: 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678',
  pullRequest: 17,
  portal: 'https://portal.azure.com',
  rulesUrl: 'https://github.com/octo-org/azure-monitor-private-link/blob/v1/docs/rules.md',
  salt: '0123456789abcdef'.repeat(2),
  run: { id: 4242, attempt: 1 },
}
