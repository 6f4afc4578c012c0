import { resourceKey } from '../resources/key.ts'
import type { Resource } from '../resources/resource.ts'
import type { Action, Change } from './plan.ts'
import type { RuleId } from '../rules/ruleIds.ts'

/** A change before it has its place in the order and its digest. */
export type Draft = Omit<Change, 'dependsOn' | 'digest'>

/** Builds a draft; the key is unique, also where two changes have one id. */
export function draft(
  action: Action,
  before: Resource | null,
  after: Resource | null,
  why: { readonly rule: RuleId; readonly reason: string },
  extra: Partial<Pick<Change, 'changed'>> & { readonly step?: string } = {},
): Draft {
  const resource = after ?? before
  if (resource === null) throw new Error('a change needs an object before or after it')
  const { step, ...rest } = extra
  return {
    key: `${resourceKey(resource)}${step === undefined ? '' : ` ${step}`}`,
    id: (before ?? resource).id,
    kind: resource.kind,
    action,
    before,
    after,
    rule: why.rule,
    reason: why.reason,
    ...rest,
  }
}
