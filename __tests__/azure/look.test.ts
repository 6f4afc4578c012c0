import { expect, test } from '@jest/globals'
import { look } from '../../src/azure/look/look.ts'
import { dceId, machine, topology, vmId } from '../plan/builders.ts'
import { fakeArm, type Sent } from './connection/support.ts'

/** Resource Graph that gives these rows to every query, and no scope. */
function graph(rows: readonly object[]) {
  return ({ url }: Sent) =>
    url.includes('/Microsoft.ResourceGraph/')
      ? { status: 200, body: { data: rows } }
      : { status: 404 }
}

test('A row without a region is as good as none, so that its provider is asked', async () => {
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
