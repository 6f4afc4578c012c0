import { resourceKey } from '../resources/key.ts'
import type { Resource } from '../resources/resource.ts'
import type { RuleId } from '../rules/ruleIds.ts'
import type { Action, Change, Without } from './plan.ts'

/** A change without its dependencies and its digest. */
export type Draft = Without<Change, 'dependsOn' | 'digest'>

/** Why a change is needed. */
export interface Why {
  readonly rule: RuleId
  readonly reason: string
}

type Extra = Partial<Pick<Change, 'changed'>> & {
  /** Distinguishes two changes of the same object. */
  readonly step?: string
}

/** Builds a draft. Its key is unique, even if two changes have the same id. */
export function draft(action: 'create', before: null, after: Resource, why: Why): Draft
export function draft<R extends Resource>(
  action: 'update' | 'replace',
  before: R,
  after: R,
  why: Why,
  extra?: Extra,
): Draft
export function draft(
  action: 'delete',
  before: Resource,
  after: null,
  why: Why,
  extra?: Extra,
): Draft
export function draft(
  action: Action,
  before: Resource | null,
  after: Resource | null,
  why: Why,
  extra: Extra = {},
): Draft {
  const resource = after ?? before
  if (resource === null) throw new Error('a change needs an object before or after it')
  const { step, ...rest } = extra
  const key = `${resourceKey(resource)}${step === undefined ? '' : ` ${step}`}`
  const id = (before ?? resource).id
  const { rule, reason } = why
  // The overloads ensure that the action fits `before` and `after`, and that both have the same kind.
  return { key, id, kind: resource.kind, action, before, after, rule, reason, ...rest } as Draft
}
