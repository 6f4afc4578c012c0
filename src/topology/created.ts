import { machineEndpointName } from '../resources/names.ts'
import { childOf, hasKey, type Node } from './node.ts'
import type { Report } from './problem.ts'
import type { EndpointSettings, TargetEntry } from './topology.ts'

/**
 * Checks the ingestion endpoints that the file alone shows have to be created: those of machines
 * that are named with `metrics` (rule `machine-ingestion`). Machines that a select matches are
 * checked when Azure was asked.
 */
export function checkCreatedEndpoints(
  root: Node,
  topology: string,
  targets: readonly TargetEntry[],
  settings: EndpointSettings,
  report: Report,
): void {
  const machines = targets.filter(
    (target) => target.kind === 'machine' && target.metrics !== undefined,
  )
  const [first] = machines
  const section = childOf(root, 'dataCollectionEndpoints')
  if (!first || isUnsure(section, 'machineIngestion')) return
  if (settings.machineIngestion === 'none') return
  if (!settings.resourceGroup && !(section && hasKey(section, 'resourceGroup'))) {
    report({
      code: 'resource-group-missing',
      at: section ? section.keyAt : first.at,
      message: `An ingestion endpoint has to be created for ${first.id.name}, which has "metrics", but dataCollectionEndpoints.resourceGroup doesn't say where.`,
      remedy: 'Add it: dataCollectionEndpoints: { resourceGroup: rg-monitor }',
    })
  }
  if (settings.machineIngestion === 'perMachine') {
    checkNames(machines, topology, settings.machineName, report)
  }
}

/** True when the key is given, but was refused. */
function isUnsure(section: Node | undefined, key: string): boolean {
  return section !== undefined && hasKey(section, key) && childOf(section, key) === undefined
}

/**
 * Two machines of one workspace have endpoints in one region, whichever it is, so any stands for it
 * here. Machines of different workspaces can be told apart by the region, once it is known.
 */
function checkNames(
  machines: readonly TargetEntry[],
  topology: string,
  template: string,
  report: Report,
): void {
  const given = new Map<string, TargetEntry>()
  const dependsOnRegion = template.includes('{region}')
  for (const machine of machines) {
    const name = machineEndpointName(template, {
      topology,
      region: 'region',
      machineId: machine.id.text,
    })
    const key = `${name?.toLowerCase() ?? ''}/${dependsOnRegion ? (machine.metrics ?? '') : ''}`
    const first = given.get(key)
    if (name === undefined) {
      report({
        code: 'duplicate-name',
        at: machine.at,
        message: `machineName "${template}" leaves nothing that may stand in a name for ${machine.id.name}.`,
        remedy: 'Put {hash} into dataCollectionEndpoints.machineName.',
        resource: machine.id.text,
      })
    } else if (first) {
      report({
        code: 'duplicate-name',
        at: machine.at,
        message: `machineName "${template}" gives ${machine.id.name} the same name as the machine on line ${first.at.line}.`,
        remedy: 'Put {hash} into dataCollectionEndpoints.machineName.',
        resource: machine.id.text,
      })
    } else given.set(key, machine)
  }
}
