import { compareText } from '../../resources/id.ts'
import { printEntry, printSelect } from './printTargets.ts'
import { printReference } from './reference.ts'
import { comment, scalar } from './scalar.ts'
import type { Remarked, WrittenEndpoints, WrittenSection, WrittenTopology } from './written.ts'

/** Tells editors where to find the schema; the README shows the same line. */
const schemaLine =
  '# yaml-language-server: $schema=https://raw.githubusercontent.com/octo-org/azure-monitor-private-link/v1/schema/topology.schema.json'

/**
 * Prints a topology file: sections in the order of the README, remarks as comments, short references
 * where possible. It contains no date, path or version, so that the same topology gives the same
 * bytes.
 */
export function printTopology(topology: WrittenTopology): string {
  const blocks = [
    [schemaLine, ...topology.remarks.flatMap(comment)],
    printHead(topology),
    printScope(topology),
    [
      ...printWorkspaces('azureMonitorWorkspaces', topology),
      ...printWorkspaces('logAnalyticsWorkspaces', topology),
    ],
    printTargets('clusters', topology.clusters, topology.subscription),
    printTargets('machines', topology.machines, topology.subscription),
    topology.remoteWrite.flatMap(comment),
    printEndpoints(topology.endpoints, topology.subscription),
  ]
  const texts = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `${texts.join('\n\n')}\n`
}

function printHead({ name, subscription }: WrittenTopology): readonly string[] {
  return [
    'version: 1',
    ...name.remarks.flatMap(comment),
    `name: ${scalar(name.value)}`,
    `subscription: ${scalar(subscription)}`,
  ]
}

function printScope(topology: WrittenTopology): readonly string[] {
  const { privateLinkScope: scope, accessModes: modes, subscription } = topology
  const reference = printReference(scope.value, 'privateLinkScope', subscription)
  return [
    ...scope.remarks.flatMap(comment),
    `privateLinkScope: ${reference}`,
    ...(modes === undefined
      ? []
      : ['accessModes:', `  ingestion: ${modes.ingestion}`, `  query: ${modes.query}`]),
  ]
}

function printWorkspaces(
  name: 'azureMonitorWorkspaces' | 'logAnalyticsWorkspaces',
  topology: WrittenTopology,
): readonly string[] {
  return printSection(name, topology[name], ({ value: { alias, id } }) => [
    `${scalar(alias)}: ${printReference(id, name, topology.subscription)}`,
  ])
}

function printTargets(
  name: 'clusters' | 'machines',
  section: WrittenTopology['machines'],
  subscription: string,
): readonly string[] {
  return printSection(name, section, ({ value, proposal }) => [
    ...(proposal === undefined
      ? []
      : printSelect(proposal, subscription).map((line) => `#   ${line}`)),
    ...printEntry(value, subscription),
  ])
}

function printSection<T>(
  name: string,
  { entries, remarks }: WrittenSection<T>,
  print: (entry: Remarked<T>) => readonly string[],
): readonly string[] {
  const comments = remarks.flatMap(comment)
  if (entries.length === 0) return comments
  const lines = entries.flatMap((entry) => [...entry.remarks.flatMap(comment), ...print(entry)])
  return [`${name}:`, ...lines.map(indented), ...comments.map(indented)]
}

function printEndpoints(endpoints: WrittenEndpoints, subscription: string): readonly string[] {
  const comments = endpoints.remarks.flatMap(comment)
  const lines = [
    ...printSettings(endpoints, subscription),
    ...printExisting(endpoints, subscription),
  ]
  if (lines.length === 0) return comments
  return ['dataCollectionEndpoints:', ...lines.map(indented), ...comments.map(indented)]
}

function printSettings(endpoints: WrittenEndpoints, subscription: string): readonly string[] {
  const { resourceGroup: group, machineIngestion, publicNetworkAccess } = endpoints
  const tags = Object.entries(endpoints.tags).toSorted(([a], [b]) => compareText(a, b))
  const full = `/subscriptions/${group?.subscription ?? ''}/resourceGroups/${group?.name ?? ''}`
  return [
    ...(group === undefined
      ? []
      : [`resourceGroup: ${scalar(group.subscription === subscription ? group.name : full)}`]),
    ...(machineIngestion === undefined ? [] : [`machineIngestion: ${machineIngestion}`]),
    ...(publicNetworkAccess === undefined ? [] : [`publicNetworkAccess: ${publicNetworkAccess}`]),
    ...(tags.length === 0 ? [] : ['tags:']),
    ...tags.map(([name, value]) => `  ${scalar(name)}: ${scalar(value)}`),
  ]
}

function printExisting({ existing }: WrittenEndpoints, subscription: string): readonly string[] {
  if (existing.length === 0) return []
  const lines = existing.flatMap(({ value: { region, id }, remarks }) => [
    ...remarks.flatMap(comment),
    `${scalar(region)}: ${printReference(id, 'existing', subscription)}`,
  ])
  return ['existing:', ...lines.map(indented)]
}

function indented(line: string): string {
  return `  ${line}`
}
