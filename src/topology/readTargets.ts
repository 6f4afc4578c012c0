import { readDestinations } from './destinations.ts'
import { childOf, hasKey, itemsOf, type Node, textOf } from './node.ts'
import type { Report } from './problem.ts'
import { type Context, readReference } from './references.ts'
import { readSelect } from './selects.ts'
import type { SelectEntry, TargetEntry, TargetKind } from './topology.ts'
import { targetSections } from './types.ts'
import type { Workspaces } from './readWorkspaces.ts'

/** Reads `clusters`, then `machines`; reports every repetition of a target. */
export function readTargets(
  root: Node,
  workspaces: Workspaces,
  context: Context,
): { readonly targets: readonly TargetEntry[]; readonly selects: readonly SelectEntry[] } {
  const targets = new Map<string, TargetEntry>()
  const selects: SelectEntry[] = []
  for (const kind of ['cluster', 'machine'] as const) {
    for (const entry of itemsOf(childOf(root, targetSections[kind]))) {
      checkForm(entry, context.report)
      if (childOf(entry, 'select')) selects.push(readSelect(entry, kind, workspaces, context))
      else addTarget(targets, readTarget(entry, kind, workspaces, context), entry, context.report)
    }
  }
  return { targets: [...targets.values()], selects }
}

function readTarget(
  entry: Node,
  kind: TargetKind,
  workspaces: Workspaces,
  context: Context,
): TargetEntry | undefined {
  const reference = textOf(entry) === undefined ? childOf(entry, 'resource') : entry
  const located = readReference(reference, targetSections[kind], context)
  const destinations = readDestinations(entry, workspaces, context.report)
  return located && { kind, ...located, ...destinations }
}

function addTarget(
  targets: Map<string, TargetEntry>,
  target: TargetEntry | undefined,
  entry: Node,
  report: Report,
): void {
  if (!target) return
  const first = targets.get(target.id.key)
  if (!first) {
    targets.set(target.id.key, target)
    return
  }
  report({
    code: 'duplicate-target',
    at: entry.at,
    message: `The target ${target.id.name} is listed twice; the first entry is on line ${first.at.line}.`,
    remedy: 'Merge both into one entry.',
    resource: target.id.text,
  })
}

/** A mapping names one target by `resource` or many by `select`; `exclude` is only valid with `select`. */
function checkForm(entry: Node, report: Report): void {
  if (textOf(entry) !== undefined) return
  const hasResource = hasKey(entry, 'resource')
  const hasSelect = hasKey(entry, 'select')
  if (hasResource && hasSelect) {
    report({
      code: 'invalid-value',
      at: keyPlace(entry, 'select'),
      message: 'This entry has both "resource" and "select"; only one is allowed.',
      remedy: 'Split it into two entries.',
    })
  } else if (!hasResource && !hasSelect) {
    report({
      code: 'missing-key',
      at: entry.at,
      message: 'This entry names no target.',
      remedy: 'Add "resource" with a reference, or "select" with conditions.',
    })
  } else if (hasKey(entry, 'exclude') && !hasSelect) {
    report({
      code: 'invalid-value',
      at: keyPlace(entry, 'exclude'),
      message: '"exclude" is only allowed with "select".',
      remedy: 'Remove it.',
    })
  }
}

function keyPlace(entry: Node, key: string) {
  return childOf(entry, key)?.keyAt ?? entry.at
}
