import { compareText } from '../../resources/id.ts'
import { printEntry, printSelect } from './printTargets.ts'
import { printReference } from './reference.ts'
import { comment, scalar } from './scalar.ts'
import type { Remarked, WrittenEndpoints, WrittenSection, WrittenTopology } from './written.ts'

/** Where editors find the schema of the file, as README says. */
const schemaLine =
  '# yaml-language-server: $schema=https://raw.githubusercontent.com/octo-org/azure-monitor-private-link/v1/schema/topology.schema.json'

/**
 * Writes a topology file: sections in the order of README, remarks as comments, short references where
 * they resolve. Nothing in it tells when, where or by which version it was written, so that the same
 * topology gives the same bytes.
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
  const said = remarks.flatMap(comment)
  if (entries.length === 0) return said
  const lines = entries.flatMap((entry) => [...entry.remarks.flatMap(comment), ...print(entry)])
  return [`${name}:`, ...lines.map(indented), ...said.map(indented)]
}

function printEndpoints(endpoints: WrittenEndpoints, subscription: string): readonly string[] {
  const said = endpoints.remarks.flatMap(comment)
  const lines = [
    ...printSettings(endpoints, subscription),
    ...printExisting(endpoints, subscription),
  ]
  if (lines.length === 0) return said
  return ['dataCollectionEndpoints:', ...lines.map(indented), ...said.map(indented)]
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
