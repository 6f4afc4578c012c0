import { describe, expect, it } from '@jest/globals'
import {
  parseAssociation,
  parseEndpoint,
  parseLink,
  parseMonitorWorkspace,
  parseRule,
  parseTarget,
} from '../../src/azure/look/parseResource.ts'

const group = 'subscriptions/1/resourceGroups/rg/providers'
const dce = `${group}/Microsoft.Insights/dataCollectionEndpoints/dce`
const vm = `${group}/Microsoft.Compute/virtualMachines/vm`
const dcr = `${group}/Microsoft.Insights/dataCollectionRules/dcr`
const scope = `${group}/microsoft.insights/privateLinkScopes/ampls`
const law = `${group}/Microsoft.OperationalInsights/workspaces/law`

/** Ids come with or without a leading slash, and with a trailing one (facts, section 1.10). */
describe.each([
  ['without a slash', ''],
  ['with one', '/'],
  ['with two', '//'],
])('an id %s before it', (_, slash) => {
  const id = (text: string) => `${slash}${text}`

  it('is normalized in an endpoint and its links', () => {
    const links = [{ resourceId: id(`${scope}/scopedResources/l`), scopeId: 'a-guid' }]
    const parsed = parseEndpoint({ id: id(dce), properties: { privateLinkScopedResources: links } })
    expect(parsed.id).toBe(`/${dce}`)
    expect(parsed.links).toEqual([
      { scopedResourceId: `/${scope}/scopedResources/l`, scopeId: 'a-guid' },
    ])
  })

  it('is normalized in a rule and its destinations', () => {
    const parsed = parseRule({
      id: id(dcr),
      properties: {
        dataCollectionEndpointId: id(`${dce}/`),
        destinations: { logAnalytics: [{ workspaceResourceId: id(law) }, {}] },
      },
    })
    expect(parsed).toMatchObject({
      id: `/${dcr}`,
      endpointId: `/${dce}`,
      logDestinations: [`/${law}`],
    })
  })

  it('is normalized in an association, its target and its endpoint', () => {
    const own = `${vm}/providers/Microsoft.Insights/dataCollectionRuleAssociations/a`
    expect(
      parseAssociation({
        id: id(own),
        properties: { dataCollectionEndpointId: id(dce), dataCollectionRuleId: id(dcr) },
      }),
    ).toEqual({ id: `/${own}`, target: `/${vm}`, endpointId: `/${dce}`, ruleId: `/${dcr}` })
  })

  it('is normalized in a link, a target and a workspace', () => {
    const link = { id: id(`${scope}/scopedResources/l`), properties: { linkedResourceId: id(law) } }
    expect(parseLink(link)).toMatchObject({
      id: `/${scope}/scopedResources/l`,
      linkedResourceId: `/${law}`,
    })
    expect(parseTarget({ id: id(vm) })).toMatchObject({
      id: `/${vm}`,
      type: 'microsoft.compute/virtualmachines',
    })
    const defaultIngestionSettings = { dataCollectionEndpointResourceId: id(dce) }
    expect(parseMonitorWorkspace({ properties: { defaultIngestionSettings } }).endpointId).toBe(
      `/${dce}`,
    )
  })
})
