import { targetTypes } from '../../topology/topology.ts'
import type { Arm } from '../arm.ts'
import { idText } from '../azureJson.ts'
import { byId, literal, literals } from './queries.ts'
import { query } from './resourceGraph.ts'

/** More of one name than these are told of by the first of them. */
const most = 100

/** Ids of the machines and clusters of a name, without case, wherever the caller may read. */
export async function findByName(
  arm: Arm,
  { name, resourceGroup }: { readonly name: string; readonly resourceGroup?: string },
): Promise<readonly string[]> {
  const kql = [
    'resources',
    `| where type in~ ${literals(Object.values(targetTypes).flat())}`,
    `| where name =~ ${literal(name)}`,
    ...(resourceGroup === undefined ? [] : [`| where resourceGroup =~ ${literal(resourceGroup)}`]),
    '| project id',
    byId,
    `| limit ${most}`,
  ].join('\n')
  const rows = await query(arm, kql, { what: 'find a machine or cluster by its name' })
  return rows.flatMap((row) => idText(row, 'id') ?? [])
}
