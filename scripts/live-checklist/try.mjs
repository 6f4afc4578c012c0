// The points that need writes, in their own resource group.
import { randomBytes } from 'node:crypto'
import { pace, describe, settle, sleep, versions } from './azure.mjs'
import { tryAssociations, tryDeletes, tryNames } from './endpoints.mjs'
import { tryLinks } from './links.mjs'
import { hide, addRow } from './report.mjs'

/** Answers the points that need writes. */
export async function tryOut({ ask, subscription }, options) {
  const suffix = randomBytes(3).toString('hex')
  const group = options.group ?? `rg-ampl-check-${suffix}`
  const at = `/subscriptions/${subscription}/resourceGroups/${group}`
  const insights = `${at}/providers/Microsoft.Insights`
  const scope = `${insights}/privateLinkScopes/ampls-check-${suffix}`
  const endpoint = `${insights}/dataCollectionEndpoints/dce-check-${suffix}`
  const farEndpoint = `${insights}/dataCollectionEndpoints/dce-check-far-${suffix}`
  const made = []
  const put = async (id, version, body) => {
    const answer = await ask('PUT', id, version, body)
    if (answer.status >= 300)
      throw new Error(`could not create ${id.split('/').at(-1)}: ${describe(answer)}`)
    made.push([id, version])
    return answer
  }
  try {
    if (options.group === undefined) {
      await put(at, versions.group, {
        location: options.location,
        tags: { purpose: 'azure-monitor-private-link live checklist' },
      })
    }
    const workspace =
      options.workspace ??
      `${at}/providers/Microsoft.OperationalInsights/workspaces/law-check-${suffix}`
    if (options.workspace === undefined) {
      await put(workspace, versions.workspace, {
        location: options.location,
        properties: { sku: { name: 'PerGB2018' } },
      })
    }
    const target = options.target ?? (await makeTarget(put, at, options.location, suffix))
    await put(scope, versions.scope, {
      location: 'global',
      properties: {
        accessModeSettings: {
          ingestionAccessMode: 'Open',
          queryAccessMode: 'Open',
          exclusions: [],
        },
      },
    })
    await put(endpoint, versions.collection, { location: options.location, properties: {} })
    await put(farEndpoint, versions.collection, { location: options.otherLocation, properties: {} })
    const things = {
      ask,
      subscription,
      scope,
      endpoint,
      farEndpoint,
      workspace,
      target,
      insights,
      made,
    }
    await tryLinks(things)
    await tryAssociations(things)
    await tryDeletes(things)
    await tryNames(things, options.location)
  } catch (error) {
    addRow('Stopped', error instanceof Error ? error.message : String(error))
  } finally {
    await cleanUp(ask, made, options.group === undefined ? at : undefined)
  }
}

/** Creates a scale set without machines, which is free and can be associated. */
async function makeTarget(put, at, location, suffix) {
  const network = `${at}/providers/Microsoft.Network/virtualNetworks/vnet-check-${suffix}`
  await put(network, versions.network, {
    location,
    properties: {
      addressSpace: { addressPrefixes: ['10.255.255.0/28'] },
      subnets: [{ name: 'default', properties: { addressPrefix: '10.255.255.0/28' } }],
    },
  })
  await sleep(5 * pace.step)
  const set = `${at}/providers/Microsoft.Compute/virtualMachineScaleSets/vmss-check-${suffix}`
  await put(set, versions.compute, {
    location,
    sku: { name: 'Standard_B1s', capacity: 0 },
    properties: {
      orchestrationMode: 'Uniform',
      upgradePolicy: { mode: 'Manual' },
      virtualMachineProfile: {
        osProfile: {
          computerNamePrefix: 'check',
          adminUsername: 'check',
          adminPassword: `${randomBytes(18).toString('base64')}aA1!`,
        },
        storageProfile: {
          imageReference: {
            publisher: 'Canonical',
            offer: '0001-com-ubuntu-server-jammy',
            sku: '22_04-lts-gen2',
            version: 'latest',
          },
        },
        networkProfile: {
          networkInterfaceConfigurations: [
            {
              name: 'nic',
              properties: {
                primary: true,
                ipConfigurations: [
                  { name: 'ip', properties: { subnet: { id: `${network}/subnets/default` } } },
                ],
              },
            },
          ],
        },
      },
    },
  })
  return set
}

/** Deletes what was created, in reverse order, or the whole group if the script created it. */
async function cleanUp(ask, made, group) {
  const links = made.filter(([id]) => /\/scopedResources\//.test(id))
  const rest = made.filter(([id]) => !/\/scopedResources\//.test(id) && id !== group).reverse()
  for (const [id, version] of [...links, ...(group === undefined ? rest : [])]) {
    for (let tries = 0; tries < 30; tries++) {
      const answer = await ask('DELETE', id, version)
      if (answer.status < 400 || answer.status === 404) break
      if (tries === 29) console.error(`Not deleted: ${hide(id)} (${hide(describe(answer))})`)
      await sleep(pace.step)
    }
    if (/\/privateLinkScopes\//.test(id))
      await settle(ask, id.replace(/\/scopedResources\/.*$/, ''))
  }
  if (group === undefined) return
  const answer = await ask('DELETE', group, versions.group)
  console.error(
    answer.status < 300
      ? 'The resource group is being deleted.'
      : `Delete the resource group yourself: ${describe(answer)}`,
  )
}
