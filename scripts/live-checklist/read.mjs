// The points that can be answered by reading.
import { az, query, describe, versions } from './azure.mjs'
import { point } from './report.mjs'

const linkedRows =
  "resources | where type =~ 'microsoft.insights/datacollectionendpoints' or type =~ 'microsoft.operationalinsights/workspaces' | where isnotempty(properties.privateLinkScopedResources)"

/** Answers the points that need no writes. */
export async function read({ ask, subscription }, scope) {
  const count = async (kql) => {
    const answer = await query(ask, subscription, kql)
    return answer.status === 200 ? `${answer.body.totalRecords} rows` : describe(answer)
  }
  await point('P6', 'Do rows of Resource Graph carry privateLinkScopedResources?', async () => {
    const found = await query(ask, subscription, `${linkedRows} | summarize n = count() by type`)
    if (found.status !== 200) return describe(found)
    return (
      found.body.data.map(({ type, n }) => `${type}: ${n}`).join(', ') ||
      'none does here (is anything linked?)'
    )
  })
  await point('P8', 'Which table holds the associations?', async () => {
    const of = (table) =>
      count(`${table} | where type =~ 'microsoft.insights/datacollectionruleassociations'`)
    return `insightsresources: ${await of('insightsresources')} · insightresources: ${await of('insightresources')}`
  })
  await point('P15', 'Are the links of scopes rows of Resource Graph?', async () => {
    const links = "where type =~ 'microsoft.insights/privatelinkscopes/scopedresources'"
    return `resources: ${await count(`resources | ${links}`)} · insightsresources: ${await count(`insightsresources | ${links}`)}`
  })
  await point('P9', 'Which operations do the providers have for linking?', async () => {
    const operations = await az(
      'provider',
      'operation',
      'show',
      '--namespace',
      'Microsoft.Insights',
    )
    const names =
      JSON.stringify(operations).match(
        /"Microsoft\.Insights\/[^"]*scopedPrivateLinkProxies\/[^"]*"/gi,
      ) ?? []
    return [...new Set(names)].join(', ') || 'none is called scopedPrivateLinkProxies'
  })
  await point(
    'P10',
    'Are there locks or deny assignments on the groups of Azure Monitor workspaces?',
    async () => {
      const groups = await ask(
        'GET',
        `/subscriptions/${subscription}/resourcegroups`,
        versions.group,
      )
      const managed = (groups.body?.value ?? [])
        .filter(({ name }) => /^MA_.*_managed$/i.test(name))
        .slice(0, 3)
      if (managed.length === 0) return 'there is no such group here'
      const each = managed.map(async ({ id, managedBy }) => {
        const list = async (type, version) => {
          const answer = await ask(
            'GET',
            `${id}/providers/Microsoft.Authorization/${type}`,
            version,
          )
          return answer.status === 200
            ? `${answer.body.value.length} ${type}`
            : `${type}: ${describe(answer)}`
        }
        return `${await list('locks', versions.locks)}, ${await list('denyAssignments', versions.denials)}, managedBy ${managedBy ? 'set' : 'not set'}`
      })
      return (await Promise.all(each)).join(' · ')
    },
  )
  await point('P11', 'How are linkedResourceId and ids of links written?', async () => {
    if (scope === undefined) return 'needs --scope'
    const links = await ask('GET', `${scope}/scopedResources`, versions.scope)
    if (links.status !== 200) return describe(links)
    const [first] = links.body.value
    return first === undefined
      ? 'nothing is linked'
      : `id ${first.id.replace(/^.*\/resourcegroups\/[^/]+/i, '…')} · linkedResourceId ${first.properties.linkedResourceId.replace(/^(\/subscriptions\/)[^/]+(\/resourcegroups)\/[^/]+/i, '$1…$2/…')}`
  })
}
