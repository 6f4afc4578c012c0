import { describe, expect, it } from '@jest/globals'
import { answer } from '../../src/azure/look/answer.ts'
import { answerFromLists } from '../../src/azure/look/answerFromLists.ts'
import { listEndpointAssociations, listTargetAssociations } from '../../src/azure/look/endpoint.ts'
import { emptyEstate, type OpenEstate } from '../../src/azure/look/openEstate.ts'
import type { Question } from '../../src/estate/question.ts'
import type { ConfigurationAssociation } from '../../src/estate/estate.ts'
import { fakeArm, publicCloud, type Reply, type Sent } from './connection/support.ts'

const group = '/subscriptions/1/resourceGroups/rg/providers'
const endpoint = (name: string) => `${group}/Microsoft.Insights/dataCollectionEndpoints/${name}`
const machine = (n: number) => `${group}/Microsoft.Compute/virtualMachines/vm-${n}`
const association = (n: number, name: string) => ({
  id: `${machine(n)}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`,
  properties: { dataCollectionEndpointId: endpoint(name) },
})
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

/** Serves lists of associations in pages of 50. */
function inPages(entries: Readonly<Record<string, readonly unknown[]>>) {
  return (sent: Sent) => {
    const url = new URL(sent.url)
    const all = Object.entries(entries).find(([path]) => url.pathname.startsWith(path))?.[1]
    if (all === undefined) return { status: 404 }
    const from = Number(url.searchParams.get('from') ?? 0)
    const more = from + 50 < all.length
    const next = `${publicCloud.resourceManager}${url.pathname}?from=${from + 50}&api-version=x`
    return {
      status: 200,
      body: { value: all.slice(from, from + 50), nextLink: more ? next : null },
    }
  }
}

describe('a list of associations', () => {
  it('has the entries of every page', async () => {
    const all = numbers(0, 120).map((n) => association(n, 'dce'))
    const { arm, sent } = fakeArm(inPages({ [endpoint('dce')]: all }))
    expect(await listEndpointAssociations(arm, endpoint('dce'))).toEqual({
      state: 'found',
      value: all,
    })
    expect(sent).toHaveLength(3)
  })

  it('of a missing endpoint is empty', async () => {
    const { arm } = fakeArm(inPages({}))
    expect(await listEndpointAssociations(arm, endpoint('dce'))).toEqual({
      state: 'found',
      value: [],
    })
  })

  it('of a missing or unreadable machine says so', async () => {
    const gone = fakeArm(inPages({}))
    expect(await listTargetAssociations(gone.arm, machine(1))).toEqual({ state: 'missing' })
    const hidden = fakeArm(() => ({
      status: 403,
      body: { error: { code: 'AuthorizationFailed', message: 'You may not.' } },
    }))
    expect(await listTargetAssociations(hidden.arm, machine(1))).toEqual({
      state: 'unreadable',
      why: 'You may not.',
    })
  })

  it('is an error if a page leads back to an earlier one', async () => {
    const path = `${publicCloud.resourceManager}${endpoint('dce')}/associations?api-version=x`
    const { arm, sent } = fakeArm(() => ({ status: 200, body: { value: [1], nextLink: path } }))
    const reading = listEndpointAssociations(arm, endpoint('dce'))
    await expect(reading).rejects.toMatchObject({ code: 'EndlessList' })
    expect(sent).toHaveLength(2)
  })
})

describe('a question about an association with its target', () => {
  const read = async (reply: (sent: Sent) => Reply) => {
    const { arm, sent } = fakeArm(reply)
    const estate = emptyEstate({ selects: [] })
    const question = { what: 'association', id: machine(1), withTarget: true } as const
    await answer(arm, { selects: [] }, estate, [question])
    const paths = sent.map(({ url }) => new URL(url).pathname.split('/').at(-1))
    return { paths, estate, key: machine(1).toLowerCase() }
  }
  const isAssociation = ({ url }: Sent) => url.includes('configurationAccessEndpoint')

  it('reads the target too if the association is missing, because the target may be gone', async () => {
    const { paths, estate, key } = await read(() => ({ status: 404 }))
    expect(paths).toEqual(['configurationAccessEndpoint', 'vm-1'])
    expect(estate.targets.get(key)).toEqual({ state: 'missing' })
    expect([...estate.confirmed].toSorted()).toEqual([`association:${key}`, `target:${key}`])
  })

  it('needs no second read if the association exists, and keeps an unreadable one', async () => {
    const found = await read(() => ({ status: 200, body: association(1, 'dce') }))
    expect(found.paths).toEqual(['configurationAccessEndpoint'])
    const hidden = await read((sent) =>
      isAssociation(sent)
        ? { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'No.' } } }
        : { status: 200, body: { id: machine(1), location: 'westeurope' } },
    )
    expect(hidden.paths).toEqual(['configurationAccessEndpoint'])
    expect(hidden.estate.targets.get(hidden.key)).toMatchObject({ state: 'unreadable' })
  })
})

describe('questions about many associations', () => {
  const questionsOf = (from: number, to: number, name: string): Question[] =>
    numbers(from, to).map((n) => ({
      what: 'association',
      id: machine(n),
      endpointId: endpoint(name),
    }))
  const estateOf = (known: readonly ConfigurationAssociation[] = []) =>
    ({
      associations: new Map(known.map((one) => [one.target.toLowerCase(), one])),
      ruleAssociations: new Map(),
      confirmed: new Set<string>(),
    }) as unknown as OpenEstate

  it("are answered from their endpoints' lists, as far as those contain them", async () => {
    const { arm, sent } = fakeArm(
      inPages({ [endpoint('dce-1')]: numbers(0, 60).map((n) => association(n, 'dce-1')) }),
    )
    const estate = estateOf()
    await answerFromLists(arm, estate, questionsOf(0, 100, 'dce-1'))
    expect(sent).toHaveLength(2)
    expect(estate.confirmed.size).toBe(60)
    expect(estate.confirmed.has(`association:${machine(59).toLowerCase()}`)).toBe(true)
    expect(estate.confirmed.has(`association:${machine(60).toLowerCase()}`)).toBe(false)
    expect(estate.associations.get(machine(7).toLowerCase())?.endpointId).toBe(endpoint('dce-1'))
  })

  it('are not answered from lists if single reads are fewer', async () => {
    const { arm, sent } = fakeArm(inPages({}))
    await answerFromLists(arm, estateOf(), questionsOf(0, 2, 'dce-1'))
    const known = numbers(1000, 6000).map((n) => ({
      id: association(n, 'dce-1').id,
      target: machine(n),
      endpointId: endpoint('dce-1'),
    }))
    await answerFromLists(arm, estateOf(known), questionsOf(0, 100, 'dce-1'))
    expect(sent).toEqual([])
  })

  it('are answered by single reads if the list cannot be read', async () => {
    const { arm } = fakeArm(() => ({ status: 403, body: { error: { message: 'You may not.' } } }))
    const estate = estateOf()
    await answerFromLists(arm, estate, questionsOf(0, 100, 'dce-1'))
    expect(estate.confirmed.size).toBe(0)
  })
})
