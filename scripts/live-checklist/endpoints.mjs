// Points about endpoints and associations, and about deleting endpoints.
import { randomBytes } from 'node:crypto'
import { headersOf, describe, seconds, settle, versions } from './azure.mjs'
import { point } from './report.mjs'

const associationOf = (target) =>
  `${target}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`

/** Associates the target with an endpoint of another region, then with one of its own. */
export async function tryAssociations({ ask, target, endpoint, farEndpoint, made }) {
  const associate = (dataCollectionEndpointId) =>
    ask('PUT', associationOf(target), versions.collection, {
      properties: { dataCollectionEndpointId, description: 'live checklist' },
    })
  const there = await ask('GET', associationOf(target), versions.collection)
  if (there.status === 200)
    throw new Error('the target already has a configuration association: use one without')
  made.push([associationOf(target), versions.collection])
  await point('P7', 'Can a target be associated with an endpoint of another region?', async () =>
    describe(await associate(farEndpoint)),
  )
  await point('P13', 'How much of the rate limit for associations is left?', async () => {
    const answer = await associate(endpoint)
    const left = [...answer.headers]
      .filter(([name]) => name.startsWith('x-ms-ratelimit'))
      .map(([name, value]) => `${name}: ${value}`)
    return `PUT ${describe(answer)} in ${seconds(answer.ms)}, ${left.join(', ') || 'no such header'}`
  })
}

/** Tries to delete the endpoint while it is linked, then while the target is associated with it. */
export async function tryDeletes({ ask, target, endpoint, scope, made }) {
  const remove = (id) => ask('DELETE', id, versions.collection)
  await point('P4', 'Can an endpoint be deleted that a scope links?', async () => {
    await remove(associationOf(target))
    return describe(await remove(endpoint))
  })
  const isThere = (await ask('GET', endpoint, versions.collection)).status === 200
  await point('P3', 'Can an endpoint be deleted that a target is associated with?', async () => {
    if (!isThere) return 'it was deleted above'
    const unlinked = await ask('DELETE', `${scope}/scopedResources/dce`, versions.scope)
    await settle(ask, scope)
    await ask('PUT', associationOf(target), versions.collection, {
      properties: { dataCollectionEndpointId: endpoint },
    })
    const answer = await remove(endpoint)
    const after = await ask('GET', associationOf(target), versions.collection)
    return `unlinking answers ${describe(unlinked)}, ${headersOf(unlinked)} · deleting answers ${describe(answer)}; the association ${after.status === 200 ? 'still exists' : 'is gone'} afterwards`
  })
  if (!isThere)
    made.splice(
      made.findIndex(([id]) => id === endpoint),
      1,
    )
}

/** Creates endpoints with unusual names. */
export async function tryNames({ ask, insights, made }, location) {
  const suffix = randomBytes(2).toString('hex')
  const names = {
    digit: `9-${suffix}`,
    'two characters': `a${suffix[0]}`,
    'one character': 'q',
    '45 characters': `dce-${suffix}-${'x'.repeat(36)}`,
    'ends in -': `dce-${suffix}-`,
  }
  await point('P12', 'Which names may an endpoint have?', async () => {
    const seen = []
    for (const [what, name] of Object.entries(names)) {
      const id = `${insights}/dataCollectionEndpoints/${name}`
      if ((await ask('GET', id, versions.collection)).status === 200) continue
      const answer = await ask('PUT', id, versions.collection, { location, properties: {} })
      if (answer.status < 300) made.push([id, versions.collection])
      seen.push(`${what}: ${describe(answer)}`)
    }
    return seen.join(' · ')
  })
}
