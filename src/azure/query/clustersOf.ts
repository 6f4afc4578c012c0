import { idKey } from '../../resources/id.ts'
import { targetTypes } from '../../topology/topology.ts'
import type { Arm } from '../arm.ts'
import { idText } from '../azureJson.ts'
import { literal, literals } from '../look/queries.ts'
import { queryAssociations, queryEach } from '../look/resourceGraph.ts'

/** The most rules in one query. */
const rulesPerQuery = 200

/**
 * Keys of all clusters whose rules send to an Azure Monitor workspace, wherever they are and
 * whether or not the file names them: if the series carry no resource id, two clusters with the
 * same name cannot be distinguished.
 */
export async function clustersSendingTo(arm: Arm, workspace: string): Promise<ReadonlySet<string>> {
  const rules: string[] = []
  await queryEach(
    arm,
    rulesQuery(workspace),
    { what: 'find the rules that send to an Azure Monitor workspace' },
    (row) => rules.push(idKey(idText(row, 'id') ?? '')),
  )
  const clusters = new Set<string>()
  for (let start = 0; start < rules.length; start += rulesPerQuery) {
    await queryAssociations(
      arm,
      (table) => associationsQuery(table, rules.slice(start, start + rulesPerQuery)),
      { what: 'find the clusters that these rules are associated with' },
      (row) => {
        const target = targetOf(idKey(idText(row, 'id') ?? ''))
        if (target !== undefined) clusters.add(target)
      },
    )
  }
  return clusters
}

function rulesQuery(workspace: string): string {
  return [
    'resources',
    "| where type =~ 'microsoft.insights/datacollectionrules'",
    `| where tostring(properties.destinations.monitoringAccounts) contains ${literal(idKey(workspace))}`,
    '| project id',
    '| order by id asc',
  ].join('\n')
}

function associationsQuery(table: string, rules: readonly string[]): string {
  return [
    table,
    "| where type =~ 'microsoft.insights/datacollectionruleassociations'",
    `| where tostring(properties.dataCollectionRuleId) in~ ${literals(rules)}`,
    '| project id',
    '| order by id asc',
  ].join('\n')
}

/** The cluster of an association; `undefined` for a machine's association. */
function targetOf(association: string): string | undefined {
  const [target = ''] = association.split(
    '/providers/microsoft.insights/datacollectionruleassociations/',
  )
  return targetTypes.cluster.some((type) => target.includes(`/providers/${type}/`))
    ? target
    : undefined
}
