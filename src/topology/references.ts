import { parseResourceId, resourceId, type ResourceId } from '../resources/id.ts'
import { guid, segment } from './fields.ts'
import { type Node, textOf } from './node.ts'
import { quoted, type Report } from './problem.ts'
import type { Located } from './topology.ts'
import { type Section, sectionTypes, writtenType } from './types.ts'

/** Context for resolving references. */
export interface Context {
  /** Subscription in which short references resolve, in lower case. */
  readonly subscription: string
  readonly report: Report
}

/** A parsed reference: a full id, or a resource group and a name. */
export type Reference =
  | { readonly form: 'full'; readonly id: ResourceId }
  | { readonly form: 'short'; readonly resourceGroup: string; readonly name: string }

/** Why a text is not a reference, as the end of a sentence, and what to do. */
export interface Refusal {
  readonly form: 'refused'
  readonly why: string
  readonly remedy: string
}

const fullForm =
  'A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.'

/** Parses a reference. Rejects every character that could change the URL in which it is used. */
export function parseReference(text: string): Reference | Refusal {
  const segments = text.replace(/^\//, '').replace(/\/$/, '').split('/')
  const refused = segments.find((part) => !segment.test(part))
  if (refused !== undefined) {
    const why = refused === '' ? 'one part is empty' : `${quoted(refused)} is not a valid part`
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
  if (!id) return { form: 'refused', why: 'the resource id is incomplete', remedy: fullForm }
  if (guid.test(id.subscription)) return { form: 'full', id }
  const why = `${quoted(id.subscription)} is not the id of a subscription`
  return { form: 'refused', why, remedy: 'Write the id of the subscription, not its name.' }
}

/**
 * Resolves the reference in a node; a short reference gets the first type of the section.
 *
 * @returns `undefined` if there is no text, or if it doesn't resolve, which is reported
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
    remedy: `Use a resource of type ${types.join(' or ')}.`,
    resource: id.text,
  })
  return undefined
}
