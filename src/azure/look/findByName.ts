import { targetTypes } from '../../topology/topology.ts'
import type { Arm } from '../arm.ts'
import { idText } from '../azureJson.ts'
import { byId, literal, literals } from './queries.ts'
import { query } from './resourceGraph.ts'

/** The most resources with the same name that are returned. */
const maxNamesakes = 100

/** Ids of machines and clusters with a name, ignoring case, wherever the caller can read. */
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
    `| limit ${maxNamesakes}`,
  ].join('\n')
  const rows = await query(arm, kql, { what: 'find a machine or cluster by its name' })
  return rows.flatMap((row) => idText(row, 'id') ?? [])
}
