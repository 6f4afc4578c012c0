import { parseResourceId, resourceId, type ResourceId } from '../resources/id.ts'
import { guid, segment } from './fields.ts'
import { type Node, textOf } from './node.ts'
import { quoted, type Report } from './problem.ts'
import type { Located } from './topology.ts'
import { type Section, sectionTypes, writtenType } from './types.ts'

/** What resolving a reference takes. */
export interface Context {
  /** Where short references resolve, in lower case. */
  readonly subscription: string
  readonly report: Report
}

/** A reference as written: a full id, or a resource group and a name. */
export type Reference =
  | { readonly form: 'full'; readonly id: ResourceId }
  | { readonly form: 'short'; readonly resourceGroup: string; readonly name: string }

/** Why a text is no reference: the end of a sentence, and what to do. */
export interface Refusal {
  readonly form: 'refused'
  readonly why: string
  readonly remedy: string
}

const fullForm =
  'A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.'

/** Takes a reference apart. Anything that could change the URL it becomes part of is refused. */
export function parseReference(text: string): Reference | Refusal {
  const segments = text.replace(/^\//, '').replace(/\/$/, '').split('/')
  const refused = segments.find((part) => !segment.test(part))
  if (refused !== undefined) {
    const why = refused === '' ? 'a part of it is empty' : `${quoted(refused)} can't be part of it`
    return { form: 'refused', why, remedy: `Write <resource group>/<name>. ${fullForm}` }
  }
  const [first = '', second = ''] = segments
  if (first.toLowerCase() === 'subscriptions') return parseFullId(text)
  if (segments.length === 2 && !text.startsWith('/')) {
    return { form: 'short', resourceGroup: first, name: second }
  }
  const why =
    segments.length === 1 && !text.startsWith('/')
      ? 'the resource group is missing'
      : 'it is neither <resource group>/<name> nor a full id'
  return { form: 'refused', why, remedy: `Write <resource group>/<name>. ${fullForm}` }
}

function parseFullId(text: string): Reference | Refusal {
  const id = parseResourceId(text)
  if (!id) return { form: 'refused', why: 'it is not a whole resource id', remedy: fullForm }
  if (guid.test(id.subscription)) return { form: 'full', id }
  const why = `${quoted(id.subscription)} is not the id of a subscription`
  return { form: 'refused', why, remedy: 'Write the id of the subscription, not its name.' }
}

/**
 * Resolves the reference that stands at a node; a short one has the first type of the section.
 *
 * @returns `undefined` when there is none or it doesn't resolve; why is reported
 */
export function readReference(
  node: Node | undefined,
  section: Section,
  { subscription, report }: Context,
): Located | undefined {
  const text = textOf(node)
  if (node === undefined || text === undefined) return undefined
  const { at } = node
  const reference = parseReference(text)
  if (reference.form === 'refused') {
    report({
      code: 'invalid-value',
      at,
      message: `${quoted(text)} is not a reference: ${reference.why}.`,
      remedy: reference.remedy,
    })
    return undefined
  }
  const types: readonly string[] = sectionTypes[section]
  if (reference.form === 'short') {
    const { resourceGroup, name } = reference
    return { id: resourceId(subscription, resourceGroup, types[0] ?? '', name), at }
  }
  const { id } = reference
  if (types.some((type) => type.toLowerCase() === id.type)) return { id, at }
  report({
    code: 'wrong-type',
    at,
    message: `${section} can't hold ${id.name}, which is of type ${writtenType(id.type)}.`,
    remedy: `Give a resource of type ${types.join(' or ')}.`,
    resource: id.text,
  })
  return undefined
}
