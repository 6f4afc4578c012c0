import { machineEndpointName } from '../resources/names.ts'
import { childOf, hasKey, type Node } from './node.ts'
import type { Report } from './problem.ts'
import type { EndpointSettings, TargetEntry } from './topology.ts'

/**
 * Checks the ingestion endpoints that the file alone calls for: those of machines named with
 * `metrics` (rule `machine-ingestion`). Machines matched by a select are checked after Azure was
 * read.
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
  if (!first || isInvalid(section, 'machineIngestion')) return
  if (settings.machineIngestion === 'none') return
  if (!settings.resourceGroup && !(section && hasKey(section, 'resourceGroup'))) {
    report({
      code: 'resource-group-missing',
      at: section ? section.keyAt : first.at,
      message: `${first.id.name} has "metrics" and needs an ingestion endpoint, but dataCollectionEndpoints.resourceGroup is missing.`,
      remedy: 'Add it: dataCollectionEndpoints: { resourceGroup: rg-monitor }',
    })
  }
  if (settings.machineIngestion === 'perMachine') {
    checkNames(machines, topology, settings.machineName, report)
  }
}

/** True if the file gives the key, but with an invalid value. */
function isInvalid(section: Node | undefined, key: string): boolean {
  return section !== undefined && hasKey(section, key) && childOf(section, key) === undefined
}

/**
 * Reports machines whose endpoints get the same name. The region isn't known yet: machines of one
 * workspace share a region, so a placeholder is enough; machines of different workspaces may get
 * different names if the template contains `{region}`.
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
        message: `machineName "${template}" gives ${machine.id.name} a name without a letter or digit.`,
        remedy: 'Add {hash} to dataCollectionEndpoints.machineName.',
        resource: machine.id.text,
      })
    } else if (first) {
      report({
        code: 'duplicate-name',
        at: machine.at,
        message: `machineName "${template}" gives ${machine.id.name} the same name as the machine on line ${first.at.line}.`,
        remedy: 'Add {hash} to dataCollectionEndpoints.machineName.',
        resource: machine.id.text,
      })
    } else given.set(key, machine)
  }
}
