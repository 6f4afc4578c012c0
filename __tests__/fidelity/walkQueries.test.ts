import { describe, expect, test } from '@jest/globals'
import * as queries from '../../src/azure/look/walkQueries.ts'
import { idsOnly, packingOf } from '../../src/azure/look/packing.ts'
import { checkQuery } from '../../simulator/resourceGraph/resourceGraph.ts'

/** Ids that a scope may link, and hostile ones. */
const ids = [
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Insights/dataCollectionEndpoints/dce',
  "/subscriptions/x/resourceGroups/it's/providers/a/b/c' or true //",
  '/subscriptions/x/resourceGroups/\\/providers/a/b/"\n| project secret',
]

const all: Readonly<Record<keyof typeof queries, readonly string[]>> = {
  throughEndpointsQuery: [queries.throughEndpointsQuery(ids)],
  rulesToWorkspacesQuery: [queries.rulesToWorkspacesQuery(ids)],
  associationsWithQuery: [queries.associationsWithQuery(ids, 'insightsresources')],
  resourcesByIdQuery: [queries.resourcesByIdQuery(ids)],
  targetsByIdQuery: [queries.targetsByIdQuery(ids)],
  machinesOfGroupsQuery: [queries.machinesOfGroupsQuery(ids, ids)],
}

describe('The Resource Graph queries of a walk', () => {
  test('are all tested here', () => {
    expect(Object.keys(all).sort()).toEqual(Object.keys(queries).sort())
  })

  test.each(Object.entries(all))('%s is accepted by Azure, whatever the ids', (_, texts) => {
    for (const kql of texts) expect(checkQuery(kql)).toEqual([])
  })

  test.each(Object.entries(all))('%s is accepted in packed form too', (_, texts) => {
    for (const kql of texts) {
      expect(checkQuery(packingOf(kql)?.rows('resourceGroup') ?? 'none')).toEqual([])
      expect(checkQuery(idsOnly(kql) ?? 'none')).toEqual([])
    }
  })

  test.each(Object.entries(all))(
    '%s is one line for each of its clauses: no id ends one',
    (_, texts) => {
      for (const kql of texts) {
        for (const line of kql.split('\n').slice(1)) expect(line).toMatch(/^(\| |  )/)
      }
    },
  )
})
