import { compareText } from '../../resources/id.ts'
import type { Destinations } from '../topology.ts'
import { shortFormType, targetSections, writtenType } from '../types.ts'
import { printReference } from './reference.ts'
import { scalar } from './scalar.ts'
import type { WrittenSelect, WrittenTarget } from './written.ts'

/** Prints an item of `clusters` or `machines`, with its dash. */
export function printEntry(
  entry: WrittenTarget | WrittenSelect,
  subscription: string,
): readonly string[] {
  if ('types' in entry) return printSelect(entry, subscription)
  const reference = printReference(entry.id, targetSections[entry.kind], subscription)
  const destinations = printDestinations(entry)
  if (destinations.length === 0) return [`- ${reference}`]
  return [`- resource: ${reference}`, ...destinations.map((line) => `  ${line}`)]
}

/** Prints an item with `select`, with its dash; omits default values. */
export function printSelect(select: WrittenSelect, subscription: string): readonly string[] {
  const { subscriptions, resourceGroups, locations, tags, types, kind, exclude } = select
  const isHome = subscriptions.length === 1 && subscriptions[0] === subscription
  const isUsual = types.length === 1 && types[0] === shortFormType(kind)
  const list = (name: string, values: readonly string[]) => `${name}: ${flow(values)}`
  const given = Object.entries(tags ?? {}).toSorted(([a], [b]) => compareText(a, b))
  const section = targetSections[kind]
  return [
    '- select:',
    ...[
      ...(isHome ? [] : [list('subscriptions', subscriptions)]),
      ...(resourceGroups === undefined ? [] : [list('resourceGroups', resourceGroups)]),
      ...(locations === undefined ? [] : [list('locations', locations)]),
      ...(given.length === 0 ? [] : ['tags:']),
      ...given.map(([name, value]) => `  ${scalar(name)}: ${scalar(value)}`),
      ...(isUsual ? [] : [list('types', types.map(writtenType))]),
    ].map((line) => `    ${line}`),
    ...(exclude.length === 0 ? [] : ['  exclude:']),
    ...exclude.map((id) => `    - ${printReference(id, section, subscription)}`),
    ...printDestinations(select).map((line) => `  ${line}`),
  ]
}

function printDestinations({ metrics, logs }: Destinations): readonly string[] {
  const [first, ...more] = logs
  return [
    ...(metrics === undefined ? [] : [`metrics: ${scalar(metrics)}`]),
    ...(first === undefined ? [] : [`logs: ${more.length === 0 ? scalar(first) : flow(logs)}`]),
  ]
}

function flow(values: readonly string[]): string {
  return `[${values.map(scalar).join(', ')}]`
}
