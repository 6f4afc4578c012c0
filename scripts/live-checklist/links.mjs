// Points about the links of a private link scope.
import { headersOf, pace, query, describe, seconds, settle, sleep, versions } from './azure.mjs'
import { point } from './report.mjs'

/** Links a workspace and an endpoint, the second too early, and repeats a link. */
export async function tryLinks({ ask, subscription, scope, endpoint, workspace, made }) {
  const link = (name, linkedResourceId) =>
    ask('PUT', `${scope}/scopedResources/${name}`, versions.scope, {
      properties: { linkedResourceId },
    })
  made.push(
    [`${scope}/scopedResources/law`, versions.scope],
    [`${scope}/scopedResources/dce`, versions.scope],
  )
  let first
  await point(
    'P2',
    'What does a write of a link answer with, and how long does it go on?',
    async () => {
      first = await link('law', workspace)
      const state = first.body?.properties?.provisioningState ?? 'no body'
      const during = await ask('GET', scope, versions.scope)
      return `PUT ${describe(first)}, ${state}, ${headersOf(first)}; the scope is ${during.body?.properties?.provisioningState} meanwhile`
    },
  )
  await point('P1', 'How is a second write to the scope refused meanwhile?', async () => {
    const second = await link('dce', endpoint)
    const { state, ms } = await settle(ask, `${scope}/scopedResources/law`)
    if (second.status < 300)
      return `it is not refused (${second.status}); the first ended ${state} after ${seconds(ms)}`
    return `${describe(second)}; the first ended ${state} after ${seconds(ms)}`
  })
  await settle(ask, scope)
  if ((await ask('GET', `${scope}/scopedResources/dce`, versions.scope)).status === 404)
    await link('dce', endpoint)
  await settle(ask, `${scope}/scopedResources/dce`)
  await settle(ask, scope)
  await point('P5', 'What does a link answer that is written again?', async () => {
    const same = await link('law', workspace)
    await settle(ask, scope)
    const other = await link('law-again', workspace)
    if (other.status < 300) made.push([`${scope}/scopedResources/law-again`, versions.scope])
    await settle(ask, scope)
    return `as it is: ${describe(same)} · under another name: ${describe(other)}`
  })
  await point('P11', 'How are linkedResourceId and ids of links written?', async () => {
    const { body } = await ask('GET', `${scope}/scopedResources/dce`, versions.scope)
    const linked = body?.properties?.linkedResourceId ?? ''
    const as =
      linked === endpoint
        ? 'as it was sent'
        : linked === endpoint.toLowerCase()
          ? 'all in lower case'
          : linked
    return `linkedResourceId ${as}; id ${body?.id === body?.id?.toLowerCase() ? 'all in lower case' : body?.id?.replace(/^.*\/providers\//i, '…/')}`
  })
  await point('P6', 'Do rows of Resource Graph carry privateLinkScopedResources?', async () => {
    for (let tries = 0; tries < 12; tries++) {
      const { body, status, ...answer } = await query(
        ask,
        subscription,
        `resources | where id =~ '${endpoint}' | project links = properties.privateLinkScopedResources`,
      )
      if (status !== 200) return describe({ body, status, ...answer })
      if ((body.data[0]?.links?.length ?? 0) > 0)
        return `yes, after about ${seconds(tries * 5 * pace.step)}`
      await sleep(5 * pace.step)
    }
    const { body } = await ask('GET', endpoint, '2022-06-01')
    return `no, not within 2 min; the endpoint itself has ${body?.properties?.privateLinkScopedResources?.length ?? 'no such field'}`
  })
}
