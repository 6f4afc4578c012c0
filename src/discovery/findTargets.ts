import type { Estate, Rule, Target } from '../estate/estate.ts'
import { lookUp } from '../estate/reading.ts'
import { compareText, idKey, parseResourceId, type ResourceId } from '../resources/id.ts'
import { isWritable } from '../topology/print/reference.ts'
import { type TargetKind, targetTypes } from '../topology/topology.ts'
import { targetSections, writtenType } from '../topology/types.ts'
import { carriersOf, ruleKeysOf } from './carriers.ts'
import { foundIn, listed, type Notebook } from './notebook.ts'

/** A machine or cluster that the file will name. */
export interface FoundTarget {
  readonly key: string
  readonly id: ResourceId
  readonly kind: TargetKind
  readonly target: Target
  /** Its associated rules, as far as they can be read, in order of key. */
  readonly rules: readonly Rule[]
}

/**
 * Finds the targets of the file (contract section 11): those associated with an endpoint that the
 * scope links, and those whose rules send through a linked endpoint that is not a workspace's
 * automatic one. In order of key.
 */
export function findTargets(estate: Estate, notebook: Notebook): readonly FoundTarget[] {
  const carriers = carriersOf(estate)
  const lost: Lost = { clusters: [], machines: [] }
  const found = carriers.targets.flatMap((id) => findTarget(estate, id, lost, notebook) ?? [])
  noteLost(lost, notebook)
  noteHiddenRules(estate, found, notebook)
  noteOnlySenders(carriers.onlySend, notebook)
  return found
}

type Lost = Record<'clusters' | 'machines', string[]>

function kindOf(type: string): TargetKind | undefined {
  if (targetTypes.cluster.includes(type)) return 'cluster'
  return targetTypes.machine.includes(type) ? 'machine' : undefined
}

function findTarget(
  estate: Estate,
  carrier: string,
  lost: Lost,
  notebook: Notebook,
): FoundTarget | undefined {
  const { remarks, shortId } = notebook
  const key = idKey(carrier)
  const kind = kindOf(parseResourceId(key)?.type ?? '')
  if (kind === undefined) {
    const type = writtenType(parseResourceId(key)?.type ?? '')
    remarks.machines.push(
      `${shortId(carrier)} uses this scope too; a resource of type ${type} can't be in this file.`,
    )
    return undefined
  }
  const section = targetSections[kind]
  const reading = lookUp(estate, 'target', carrier)
  const target = foundIn(reading, notebook)
  if (reading.state === 'unreadable') lost[section].push(shortId(carrier))
  if (target === undefined) return undefined
  const id = parseResourceId(target.id)
  if (id === undefined || !isWritable(id, section)) {
    remarks[section].push(`${shortId(target.id)} has an id that this file can't express.`)
    return undefined
  }
  if (target.orchestrationMode?.toLowerCase() === 'flexible') {
    remarks[section].push(
      `${shortId(target.id)} is a scale set with flexible orchestration: name its machines instead.`,
    )
    return undefined
  }
  const rules = ruleKeysOf(estate, key).flatMap(
    (rule) => foundIn(lookUp(estate, 'rule', rule), notebook) ?? [],
  )
  return { key, id, kind, target, rules }
}

function noteLost(lost: Lost, { remarks }: Notebook): void {
  for (const section of ['clusters', 'machines'] as const) {
    const names = lost[section]
    if (names.length === 0) continue
    const they = names.length === 1 ? 'uses this scope' : 'use this scope'
    remarks[section].push(
      `${listed(names)} ${they}, but this identity cannot read ${names.length === 1 ? 'it' : 'them'}: not in this file. Give the identity the Reader role there, and import again.`,
    )
  }
}

/** Notes, once per rule, the rules that this identity cannot read: they may send anywhere. */
function noteHiddenRules(
  estate: Estate,
  targets: readonly FoundTarget[],
  { remarks, shortId }: Notebook,
): void {
  const users = new Map<string, { readonly section: 'clusters' | 'machines'; count: number }>()
  for (const { key, kind } of targets) {
    for (const rule of ruleKeysOf(estate, key)) {
      if (estate.rules.get(rule)?.state !== 'unreadable') continue
      const entry = users.get(rule) ?? { section: targetSections[kind], count: 0 }
      entry.count += 1
      users.set(rule, entry)
    }
  }
  for (const [rule, { section, count }] of [...users].toSorted(([a], [b]) => compareText(a, b))) {
    const whose = count === 1 ? 'one of these' : `${count} of these`
    remarks[section].push(
      `This identity cannot read the rule ${shortId(rule)} of ${whose}: where it sends is unknown.`,
    )
  }
}

function noteOnlySenders(senders: readonly string[], { remarks }: Notebook): void {
  const count = senders.filter(
    (key) => kindOf(parseResourceId(key)?.type ?? '') !== undefined,
  ).length
  if (count === 0) return
  const they =
    count === 1
      ? '1 more machine or cluster only sends'
      : `${count} more machines and clusters only send`
  remarks.machines.push(
    `${they} to a workspace that the scope links, without using a linked endpoint: not in this file.`,
  )
}
