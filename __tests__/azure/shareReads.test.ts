import { describe, expect, it } from '@jest/globals'
import type { ArmRequest } from '../../src/azure/arm.ts'
import { shareReads } from '../../src/azure/shareReads.ts'
import { fakeArm } from './connection/support.ts'

const scope: ArmRequest = {
  method: 'GET',
  path: '/subscriptions/1/resourceGroups/rg/providers/microsoft.insights/privateLinkScopes/hub',
  apiVersion: '2023-06-01-preview',
  accept: [403, 404],
  what: 'read the scope',
}
const agents: ArmRequest = {
  method: 'POST',
  path: '/providers/Microsoft.ResourceGraph/resources',
  apiVersion: '2021-03-01',
  body: { query: 'resources | project id', subscriptions: ['1'] },
  what: 'find agents',
}

describe('files of one run', () => {
  it('get what another file has read', async () => {
    const { arm, sent } = fakeArm((_, nth) => ({ status: 200, body: { nth } }))
    const share = shareReads(arm)
    const [first, second] = [share(), share()]
    const answers = [
      await first.send(scope),
      await first.send(agents),
      await second.send(agents),
      await second.send({ ...scope, what: 'read it for another reason' }),
    ]
    expect(answers.map(({ body }) => body)).toEqual([
      { nth: 1 },
      { nth: 2 },
      { nth: 2 },
      { nth: 1 },
    ])
    expect(sent).toHaveLength(2)
    expect(second.counts.reads).toBe(1)
  })

  it('share pending requests', async () => {
    const { arm, sent } = fakeArm(() => ({ status: 200, body: {}, ms: 20 }))
    const share = shareReads(arm)
    await Promise.all([share().send(scope), share().send(scope), share().send(scope)])
    expect(sent).toHaveLength(1)
  })

  it('each get a fresh answer on a repeated request, and the others the newer one', async () => {
    const { arm } = fakeArm((_, nth) => ({ status: 200, body: { nth } }))
    const share = shareReads(arm)
    const [first, second, third] = [share(), share(), share()]
    const answers = [
      await first.send(scope),
      await second.send(scope),
      await second.send(scope),
      await second.send(scope),
      await third.send(scope),
    ]
    expect(answers.map(({ body }) => body)).toEqual([1, 1, 2, 3, 3].map((nth) => ({ nth })))
  })

  it('retry what failed for another file', async () => {
    const { arm, sent } = fakeArm((_, nth) =>
      nth === 1 ? { status: 400, body: { error: { code: 'X', message: 'x' } } } : { status: 200 },
    )
    const share = shareReads(arm)
    await expect(share().send(scope)).rejects.toThrow('x')
    expect((await share().send(scope)).status).toBe(200)
    expect(sent).toHaveLength(2)
  })

  it.each<{ name: string; other: Partial<ArmRequest> }>([
    { name: 'another query', other: { ...agents, body: { query: 'resources' } } },
    {
      name: 'another page',
      other: { ...agents, body: { ...(agents.body as object), options: 1 } },
    },
    { name: 'another version', other: { ...scope, apiVersion: '2021-07-01-preview' } },
    { name: 'another taste for refusals', other: { ...scope, accept: [404] } },
  ])('do not share $name', async ({ other }) => {
    const { arm, sent } = fakeArm(() => ({ status: 200, body: {} }))
    const share = shareReads(arm)
    await share().send(scope)
    await share().send(agents)
    await share().send({ ...scope, ...other })
    expect(sent).toHaveLength(3)
  })

  it('do not share writes', async () => {
    const { arm, sent } = fakeArm(() => ({ status: 200, body: {} }))
    const share = shareReads(arm)
    const write: ArmRequest = { ...scope, method: 'PUT', body: {}, accept: [] }
    await share().send(write)
    await share().send(write)
    expect(sent).toHaveLength(2)
  })
})
