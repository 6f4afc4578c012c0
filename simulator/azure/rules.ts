import { gatewayError, refuse } from './answers.ts'
import { at, type JsonObject, withValueAt } from './json.ts'
import { liesWithin } from './path.ts'
import type { EstateSeed, Policy } from './seed.ts'

/** Refuses a write or delete below a lock, with 409 `ScopeLocked` (facts, section 3, row 17). */
export function requireUnlocked(seed: EstateSeed, method: string, id: string): void {
  const key = id.toLowerCase()
  const locks = (seed.locks ?? []).filter(
    (lock) =>
      liesWithin(key, lock.scope.toLowerCase()) &&
      (lock.level === 'ReadOnly' || method === 'DELETE'),
  )
  if (locks.length === 0) return
  const operation = method === 'DELETE' ? 'delete' : 'write'
  const scopes = locks.map((lock) => `'${lock.scope}'`).join(', ')
  refuse(
    gatewayError(
      409,
      'ScopeLocked',
      `The scope '${id}' cannot perform ${operation} operation because following scope(s) are locked: ${scopes}. Please remove the lock and try again.`,
    ),
  )
}

/** The body after `modify` policies; refused by the first policy that denies it (facts, row 16). */
export function applyPolicies(
  seed: EstateSeed,
  written: { readonly type: string; readonly name: string },
  body: JsonObject,
): JsonObject {
  const matching = (seed.policies ?? []).filter((policy) => matches(policy, written.type, body))
  const denying = matching.find((policy) => policy.modify === undefined)
  if (denying) refuseByPolicy(denying, written.name)
  return matching
    .flatMap((policy) => Object.entries(policy.modify ?? {}))
    .reduce((changed, [path, value]) => withValueAt(changed, path.split('.'), value), body)
}

function matches({ match }: Policy, type: string, body: JsonObject): boolean {
  return Object.entries(match).every(([path, value]) =>
    path === 'type'
      ? match.type.toLowerCase() === type.toLowerCase()
      : comparable(at(body, ...path.split('.'))) === comparable(value),
  )
}

function comparable(value: unknown): string {
  return JSON.stringify([value]).toLowerCase()
}

function refuseByPolicy(policy: Policy, name: string): never {
  const assignment = {
    name: policy.assignment,
    id: policyId('policyAssignments', policy.assignment),
  }
  const definition = {
    name: policy.definition,
    id: policyId('policyDefinitions', policy.definition),
  }
  const identifiers = JSON.stringify([
    { policyAssignment: assignment, policyDefinition: definition },
  ])
  refuse(
    gatewayError(
      403,
      'RequestDisallowedByPolicy',
      `Resource '${name}' was disallowed by policy. Policy identifiers: '${identifiers}'.`,
      {
        target: name,
        additionalInfo: [
          {
            type: 'PolicyViolation',
            info: {
              policyDefinitionDisplayName: policy.definition,
              policyDefinitionId: definition.id,
              policyDefinitionName: policy.definition,
              policyDefinitionEffect: 'deny',
              policyAssignmentId: assignment.id,
              policyAssignmentName: policy.assignment,
              policyAssignmentDisplayName: policy.assignment,
              policyAssignmentParameters: {},
            },
          },
        ],
      },
    ),
  )
}

function policyId(type: string, name: string): string {
  return name.startsWith('/') ? name : `/providers/Microsoft.Authorization/${type}/${name}`
}
