import type { Diagnostic } from '../../diagnostics.ts'
import { matchesKeys, type SelectKey } from '../../estate/select.ts'
import { findUnmatched, type Unmatched, valuesOfResource } from '../../estate/unmatched.ts'
import { compareText, nameOf, parseResourceId } from '../../resources/id.ts'
import type { Desired } from '../../rules/derive.ts'
import { pointAt } from '../../rules/world.ts'
import { nearest } from '../../topology/nearest.ts'
import { type SelectEntry, targetTypes } from '../../topology/topology.ts'
import type { Draft } from '../draft.ts'

/**
 * Reports each select, value of a select and exclusion that matches nothing, most likely due to a typo.
 * An error if the plan would remove our objects from a target that it may have been meant for (contract
 * section 5).
 */
export function inspectSelects(desired: Desired, drafts: readonly Draft[]): readonly Diagnostic[] {
  const { topology, estate } = desired.world
  const leaving = drafts.flatMap((d) =>
    d.kind === 'association' && d.action === 'delete' ? [d.before.target] : [],
  )
  return topology.selects.flatMap((select, index) =>
    findUnmatched(select, estate.selected[index] ?? [], estate).map((unmatched) =>
      explain(desired, select, unmatched, leaving),
    ),
  )
}

function explain(
  desired: Desired,
  select: SelectEntry,
  unmatched: Unmatched,
  leaving: readonly string[],
): Diagnostic {
  const { topology } = desired.world
  const lost =
    unmatched.what === 'exclude'
      ? []
      : leaving.filter((target) => mayBeMeant(desired, select, unmatched.key, target))
  const names = lost.toSorted(compareText).slice(0, 3).map(nameOf)
  const more = lost.length > 3 ? ` and ${lost.length - 3} more` : ''
  const harm =
    lost.length === 0
      ? ''
      : ` The plan would remove our association from ${names.join(', ')}${more}.`
  return {
    severity: lost.length > 0 ? 'error' : 'warning',
    code: 'select-matches-nothing',
    message: `${whatMatchesNothing(select, unmatched)}.${harm}`,
    remedy: `${suggestion(desired, select, unmatched)}${lost.length > 0 ? ' If this is intended, add a waiver for select-matches-nothing.' : ''}`,
    ...pointAt(topology, select.at),
  }
}

function whatMatchesNothing(select: SelectEntry, { what, key, value }: Unmatched): string {
  const written = key === undefined || value === undefined ? '' : `${key} ${shown(value)}`
  switch (what) {
    case 'exclude':
      return `The exclude ${shown(value ?? '')} of this select excludes nothing: the select doesn't match that resource`
    case 'value':
      return `${written} of this select matches nothing, although the select as a whole does`
    case 'select': {
      if (written !== '') return `This select matches nothing: no resource has ${written}`
      const isAllExcluded = select.exclude.length > 0
      return `This select matches nothing${isAllExcluded ? ' after its exclusions' : ''}`
    }
  }
}

function shown(value: string): string {
  return `"${value}"`
}

/** A remedy with the closest existing value, or with a sample of the existing values. */
function suggestion(
  desired: Desired,
  select: SelectEntry,
  { what, key, value }: Unmatched,
): string {
  if (what === 'exclude') return 'Correct the reference, or remove it.'
  const otherwise = 'Correct it, or remove it.'
  if (key === undefined || value === undefined) return otherwise
  const words = wordsNearby(desired, select, key)
  const near = nearest(value, words)
  if (near !== undefined) return `Did you mean ${shown(near)}?`
  const sample = words.slice(0, 5).join(', ')
  return sample === '' ? otherwise : `${otherwise} Existing values: ${sample}.`
}

/** The values that resources of the select's types have for a key; for tags, preferably those with the same name. */
function wordsNearby(
  { world: { estate } }: Desired,
  select: SelectEntry,
  key: SelectKey,
): readonly string[] {
  const found = [...estate.targets.values()].flatMap((r) => (r.state === 'found' ? [r.value] : []))
  const names = new Set(Object.keys(select.tags ?? {}).map((name) => name.toLowerCase()))
  const isAsked = (word: string) =>
    key !== 'tags' || names.has(word.slice(0, word.indexOf(':')).toLowerCase())
  const words = [...(estate.nearby ?? []), ...found]
    .filter((one) => matchesKeys(select, one, ['resourceGroups', 'locations', 'tags']))
    .flatMap((one) => valuesOfResource(one, key))
  const all = [...new Set(words)].toSorted(compareText)
  const asked = all.filter(isAsked)
  return asked.length > 0 ? asked : all
}

/** True if a target that loses its association meets all conditions of the select except the one that matches nothing. */
function mayBeMeant(
  { world: { estate } }: Desired,
  select: SelectEntry,
  key: SelectKey | undefined,
  target: string,
): boolean {
  const id = parseResourceId(target)
  // A select under `clusters` can't be meant for a machine.
  if (id === undefined || !targetTypes[select.kind].includes(id.type)) return false
  const reading = estate.targets.get(id.key)
  const conditions: readonly SelectKey[] = ['resourceGroups', 'locations', 'tags']
  if (reading?.state === 'found') {
    return matchesKeys(select, reading.value, key === undefined ? conditions : [key])
  }
  // Unknown properties may fit.
  const known = { id: target, location: '', tags: {} }
  const unknown: SelectKey[] = ['locations', 'tags', key ?? 'resourceGroups']
  return matchesKeys(select, known, unknown)
}
