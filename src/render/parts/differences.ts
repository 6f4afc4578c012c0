import type { Change } from '../../plan/plan.ts'
import type {
  AccessModes,
  Association,
  DataCollectionEndpoint,
  Kind,
  Resource,
  ResourceOf,
  ScopedResource,
} from '../../resources/resource.ts'
import { compareText } from '../../resources/id.ts'
import { code, text } from '../text/markdown.ts'
import type { View } from '../view.ts'
import { subjectOf } from '../text/words.ts'

/** How to render resource names. */
type Names = Pick<View, 'show' | 'label'>

/** What one change does, in one line of Markdown: `**vm-01** → dce-weu`, `ingestion Open → **PrivateOnly**`. */
export function changeDetails(change: Change, view: Names): string {
  const { after, before } = change
  switch (change.kind) {
    case 'association':
      return describeAssociation(view, change.before ?? undefined, change.after ?? undefined)
    case 'scopedResource':
    case 'dataCollectionEndpoint':
    case 'accessModes':
      break
  }
  const differs = differences(before, after)
  const subject = change.kind === 'accessModes' ? '' : `**${view.show(subjectOf(change))}**`
  const region = asKind(after ?? before, 'dataCollectionEndpoint')?.location
  const where = region === undefined ? '' : ` in ${text(region, 60)}`
  const what =
    before !== null && after !== null
      ? differs.map((d) => `${d.field} ${d.before} → **${d.after}**`).join(', ')
      : ''
  return [subject + where, what].filter((part) => part !== '').join(': ')
}

function describeAssociation(
  view: Names,
  before: Association | undefined,
  after: Association | undefined,
): string {
  const target = `**${view.show((after ?? before)?.target ?? '')}**`
  const held = (association: Association | undefined): string => {
    if (association?.endpointId !== undefined) return view.label(association.endpointId)
    if (association?.ruleId !== undefined) return `the rule ${view.label(association.ruleId)}`
    return 'nothing'
  }
  if (after === undefined) return `${target}, now at ${held(before)}`
  if (before === undefined) return `${target} → ${held(after)}`
  if (after.mark !== undefined) {
    return `${target}: mark ${code(before.mark ?? 'none')} → **${code(after.mark)}**`
  }
  return `${target}: ${held(before)} → **${held(after)}**`
}

/** One field that changes. Texts are Markdown already. */
export interface Difference {
  readonly field: string
  readonly before: string
  readonly after: string
}

/** The fields in which the two differ, in a fixed order; every field when there is only one of them. */
export function differences(before: Resource | null, after: Resource | null): Difference[] {
  const old = before === null ? new Map<string, string>() : fieldsOf(before)
  const wanted = after === null ? new Map<string, string>() : fieldsOf(after)
  const fields = [...new Set([...old.keys(), ...wanted.keys()])]
  return fields
    .map((field) => ({
      field: text(field, 100),
      before: value(old.get(field)),
      after: value(wanted.get(field)),
    }))
    .filter((d) => d.before !== d.after)
}

function value(field: string | undefined): string {
  if (field === undefined) return 'none'
  return field.startsWith('/subscriptions/') ? code(field) : text(field, 300)
}

/** A resource's fields, with names for the reader. */
function fieldsOf(resource: Resource): Map<string, string> {
  const fields: { [K in Kind]: (resource: ResourceOf<K>) => [string, string | undefined][] } = {
    dataCollectionEndpoint: endpointFields,
    association: (association) => [
      ['endpoint', association.endpointId],
      ['rule', association.ruleId],
      ['mark', association.mark],
    ],
    scopedResource: (scoped: ScopedResource) => [['linked resource', scoped.linkedResourceId]],
    accessModes: (modes: AccessModes) => [
      ['ingestion', modes.ingestion],
      ['query', modes.query],
    ],
  }
  const read = fields[resource.kind] as (resource: Resource) => [string, string | undefined][]
  return new Map(
    read(resource).flatMap(([field, value]) => (value === undefined ? [] : [[field, value]])),
  )
}

function endpointFields(endpoint: DataCollectionEndpoint): [string, string][] {
  return [
    ['region', endpoint.location],
    ['public network access', endpoint.publicNetworkAccess],
    ...Object.keys(endpoint.tags)
      .toSorted(compareText)
      .map((name): [string, string] => [`tag ${name}`, endpoint.tags[name] ?? '']),
  ]
}

function asKind<K extends Kind>(resource: Resource | null, kind: K): ResourceOf<K> | undefined {
  return resource?.kind === kind ? (resource as ResourceOf<K>) : undefined
}
