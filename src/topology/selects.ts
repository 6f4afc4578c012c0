import { normalLocation } from '../resources/id.ts'
import { readDestinations } from './destinations.ts'
import { childOf, isMapping, itemsOf, type Node, textsOf } from './node.ts'
import { type Context, readReference } from './references.ts'
import { readTags } from './tags.ts'
import type { SelectEntry, TargetKind } from './topology.ts'
import { shortFormType, targetSections, writtenType } from './types.ts'
import type { Workspaces } from './readWorkspaces.ts'

/** Reads an entry with `select`: its conditions, its exclusions and the destinations of its targets. */
export function readSelect(
  entry: Node,
  kind: TargetKind,
  workspaces: Workspaces,
  context: Context,
): SelectEntry {
  const select = childOf(entry, 'select')
  refuseEmpty(select, context)
  const subscriptions = texts(select, 'subscriptions', (text) => text.toLowerCase())
  const resourceGroups = texts(select, 'resourceGroups', (text) => text)
  const locations = texts(select, 'locations', normalLocation)
  const types = texts(select, 'types', (text) => text.toLowerCase()) ?? [shortFormType(kind)]
  const tags = childOf(select, 'tags')
  return {
    kind,
    subscriptions: subscriptions ?? [context.subscription],
    ...(resourceGroups && { resourceGroups }),
    ...(locations && { locations }),
    ...(tags && { tags: readTags(tags, context.report) }),
    types,
    exclude: readExclude(entry, kind, types, context),
    ...readDestinations(entry, workspaces, context.report),
    at: entry.at,
  }
}

/** Reports a select without a condition: it would match a whole subscription, most likely by mistake. */
function refuseEmpty(select: Node | undefined, { report }: Context): void {
  for (const node of [select, childOf(select, 'tags')]) {
    if (!node || !isMapping(node.value) || Object.keys(node.value).length > 0) continue
    report({
      code: 'invalid-value',
      at: node.at,
      message:
        node === select
          ? 'This select has no condition, so it would match every resource of the subscription.'
          : 'The tags of this select are empty.',
      remedy:
        node === select
          ? 'Add at least one condition, such as resourceGroups or tags. To select a whole subscription, list it under "subscriptions".'
          : 'List the tags that a resource must have, or remove the key.',
    })
  }
}

/** Reads `exclude`. Reports a resource whose type the select doesn't match: it excludes nothing and hides a mistake. */
function readExclude(entry: Node, kind: TargetKind, types: readonly string[], context: Context) {
  return itemsOf(childOf(entry, 'exclude')).flatMap((node) => {
    const located = readReference(node, targetSections[kind], context)
    if (!located) return []
    const { id, at } = located
    if (types.includes(id.type)) return [id]
    context.report({
      code: 'wrong-type',
      at,
      message: `This select excludes ${id.name} of type ${writtenType(id.type)}, but doesn't match that type.`,
      remedy: 'Write the full id of the resource to exclude, or add its type to "types".',
      resource: id.text,
    })
    return []
  })
}

/** The distinct texts of a list in canonical form, in file order; `undefined` if there is no list. */
function texts(
  select: Node | undefined,
  key: string,
  canonical: (text: string) => string,
): string[] | undefined {
  const list = childOf(select, key)
  return list && [...new Set(textsOf(list).map(({ text }) => canonical(text)))]
}
