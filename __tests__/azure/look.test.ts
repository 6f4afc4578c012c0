import { expect, test } from '@jest/globals'
import { look } from '../../src/azure/look/look.ts'
import { lookAfterWrites } from '../../src/azure/look/lookAfterWrites.ts'
import type { OpenEstate } from '../../src/azure/look/openEstate.ts'
import type { Question } from '../../src/estate/question.ts'
import { dceId, machine, topology, vmId } from '../plan/builders.ts'
import { fakeArm, type Sent } from './connection/support.ts'

/** A Resource Graph that returns these rows for every query; there is no scope. */
function graph(rows: readonly object[]) {
  return ({ url }: Sent) =>
    url.includes('/Microsoft.ResourceGraph/')
      ? { status: 200, body: { data: rows } }
      : { status: 404 }
}

test('A row without a region is ignored, so that the provider is read', async () => {
  const rows = [
    { id: vmId('vm-1'), name: 'vm-1', location: null },
    { id: vmId('vm-2').slice(1), name: 'vm-2', location: 'West Europe', tags: null },
    { id: dceId('dce-1'), name: 'dce-1' },
    { id: dceId('dce-2'), name: 'dce-2', location: 'West Europe' },
  ]
  const { arm } = fakeArm(graph(rows))
  const file = topology({ targets: [machine('vm-1'), machine('vm-2')] })
  const estate = await look(arm, file, {
    waitMs: 0,
    signal: new AbortController().signal,
    log: () => undefined,
  })
  expect([...estate.targets.values()]).toMatchObject([
    { value: { id: vmId('vm-2'), location: 'westeurope', tags: {} } },
    { value: { id: dceId('dce-2') } },
  ])
  expect([...estate.endpoints.keys()]).toEqual([dceId('dce-2').toLowerCase()])
})

test('Lists of what was written are read while Resource Graph answers, and win over it', async () => {
  const machines = Array.from({ length: 30 }, (_, n) => vmId(`vm-${n}`))
  const associationOf = (target: string, endpoint: string) => ({
    id: `${target}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`,
    properties: { dataCollectionEndpointId: dceId(endpoint) },
  })
  const stale = machines.map((id) => ({
    id: associationOf(id, 'dce-old').id,
    dataCollectionEndpointId: dceId('dce-old'),
  }))
  const { arm, sent } = fakeArm((request) =>
    request.url.includes('/associations')
      ? { status: 200, body: { value: machines.map((id) => associationOf(id, 'dce-new')) } }
      : graph(stale)(request),
  )
  const file = topology({ targets: machines.map((_, n) => machine(`vm-${n}`)) })
  const options = { waitMs: 0, signal: new AbortController().signal, log: () => undefined }
  const leadTo = ({ associations }: OpenEstate) => [
    ...new Set([...associations.values()].map((a) => a.endpointId)),
  ]
  expect(leadTo(await look(arm, file, options))).toEqual([dceId('dce-old')])
  sent.length = 0
  const questions = machines.map((id): Question => ({
    what: 'association',
    id,
    endpointId: dceId('dce-new'),
  }))
  const written = { questions, sizes: new Map<string, number>() }
  expect(leadTo(await lookAfterWrites(arm, file, options, written))).toEqual([dceId('dce-new')])
  const urls = sent.map(({ url }) => url)
  expect(urls.filter((url) => url.includes('/associations'))).toHaveLength(1)
  expect(urls.findIndex((url) => url.includes('/associations'))).toBeLessThan(
    urls.findLastIndex((url) => url.includes('ResourceGraph')),
  )
})
