import { pathsOf } from './shape.ts'
import { addressOf, hasShared, readRecordings, typeOf } from './shared.ts'
import type { Held } from './specification.ts'

/** URLs without a specification in `../shared/specs`, and what they are checked against instead. */
export const unspecified: readonly {
  readonly of: RegExp
  readonly what: string
  readonly by: string
}[] = [
  {
    of: /\/providers\/microsoft\.(compute|hybridcompute|containerservice|kubernetes)\/[^/]+(\/[^/]+)?$/i,
    what: 'machines, scale sets, Arc machines, clusters',
    by: 'recorded answers: paths of keys',
  },
  {
    of: /\/providers\/microsoft\.network\/privateendpoints(\/[^/]+)?$/i,
    what: 'private endpoints',
    by: 'recorded answers: paths of keys',
  },
  {
    of: /\/providers\/microsoft\.network\/(privateendpoints\/[^/]+\/privatednszonegroups|virtualnetworks|networkinterfaces|privatednszones)(\/.*)?$/i,
    what: 'zone groups, virtual networks, subnets, interfaces, private DNS zones',
    by: 'README N2, N3, N5: the available files have other versions, some of whose $refs do not resolve',
  },
  {
    of: /\/operationresults\/[^/]+$/i,
    what: 'the result of a pending operation, or of a delete',
    by: 'an empty 202 or 200, as recorded in `arm-lro`',
  },
  {
    of: /^\/subscriptions\/[^/]+$/i,
    what: 'subscriptions',
    by: 'README C2: only checked for existence and readability',
  },
  {
    of: /^\/metadata\/endpoints$/,
    what: 'clouds: `/metadata/endpoints`',
    by: 'README B1, from azure-cli and azure-powershell',
  },
]

/** Keys that no recording has, and why they are there. */
export const unrecorded: Readonly<Record<string, string>> = {
  'microsoft.network/privateendpoints properties.ipConfigurations[]':
    'static addresses: facts 3 row 4; all recordings have dynamic ones',
  'microsoft.network/privateendpoints/privatednszonegroups at all':
    'zone groups: PrivateEndpointDnsZoneGroupList.json of `../shared/specs`',
  'microsoft.network/networkinterfaces properties.privateEndpoint.id':
    'the interface of a private endpoint: facts-2 D.2',
  'microsoft.network/virtualnetworks properties.subnets[].properties.ipConfigurations[].id':
    'the addresses taken in a subnet: facts-2 D.2',
  'microsoft.network/virtualnetworks/subnets at all': 'subnets: facts 2.1 and facts-2 D.2',
  'microsoft.network/privatednszones at all': 'zones: PrivateZoneGet.json of `../shared/specs`',
  'microsoft.network/privatednszones/virtualnetworklinks at all':
    'links of zones: VirtualNetworkLinkList.json of `../shared/specs`, and facts-2 D.3',
  'microsoft.network/privateendpoints properties.customDnsConfigs':
    'names and addresses without a zone group: facts-2 B.4',
  'microsoft.network/privateendpoints properties.privateLinkServiceConnections[]':
    'what it connects to: PrivateEndpointGet.json of `../shared/specs`',
  'microsoft.compute/virtualmachinescalesets properties.virtualMachineProfile.networkProfile':
    'facts-2 D.2: where a set has its subnets',
  'microsoft.containerservice/managedclusters properties.agentPoolProfiles[].vnetSubnetID':
    'facts-2 D.2: where a cluster has its subnets',
  'microsoft.compute/virtualmachines identity':
    'an identity: facts 4.4; the recorded machines had none, the recorded clusters have this form',
  'microsoft.compute/virtualmachinescalesets identity': 'the same',
  'microsoft.compute/virtualmachinescalesets properties.orchestrationMode':
    'facts 1.9; no recording has a version that shows it',
  'microsoft.compute/virtualmachinescalesets properties.virtualMachineProfile.extensionProfile':
    'facts 1.9: where a set has its extensions',
}

/** True for a request without a specification file. */
export function isUnspecified({ operation }: Held): boolean {
  return operation === undefined
}

/** Requests without a specification that are not listed here. */
export function strangeTypes(held: readonly Held[]): readonly string[] {
  const paths = held.filter(isUnspecified).map(({ request }) => request.path)
  const unknown = paths.filter((path) => !unspecified.some(({ of }) => of.test(path)))
  return [...new Set(unknown)].sort().map((path) => `no specification of ${path}`)
}

/** Unrecorded keys in answers without a specification, except explained ones. */
export function strangeKeys(held: readonly Held[]): readonly string[] {
  return unrecordedKeys(held)
    .filter((key) => whyUnrecorded(key) === undefined)
    .map((key) => `nobody recorded ${key}`)
}

/** The keys of the explanations that these answers need. */
export function explainedKeys(held: readonly Held[]): ReadonlySet<string> {
  return new Set(unrecordedKeys(held).flatMap((key) => whyUnrecorded(key) ?? []))
}

/** `type path.of.key`, sorted; an unrecorded type is a single entry. */
function unrecordedKeys(held: readonly Held[]): readonly string[] {
  if (!hasShared('traffic')) return []
  const extra = new Set<string>()
  for (const { request } of held.filter(isUnspecified)) {
    const { path, status, responseBody } = request
    if (status !== 200 || !path.includes('/providers/')) continue
    const keys = keysOf(responseBody)
    const type = typeOf(path)
    const known = recorded().get(type)
    if (known === undefined && keys.length > 0) extra.add(`${type} at all`)
    for (const key of keys) if (known?.has(key) === false) extra.add(`${type} ${key}`)
  }
  return [...extra].sort()
}

function whyUnrecorded(key: string): string | undefined {
  return Object.keys(unrecorded).find((known) => key.startsWith(known))
}

let paths: ReadonlyMap<string, ReadonlySet<string>> | undefined

/** Every recorded path of keys of a type, in any version. */
function recorded(): ReadonlyMap<string, ReadonlySet<string>> {
  paths ??= readPaths()
  return paths
}

function readPaths(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  for (const interaction of readRecordings().flatMap(({ interactions }) => interactions)) {
    const { status, body } = interaction.response
    if (status >= 300 || body === null) continue
    const type = typeOf(addressOf(interaction))
    const known = found.get(type) ?? new Set()
    found.set(type, known)
    for (const key of keysOf(body)) known.add(key)
  }
  return found
}

/** Paths of keys of a resource, or of a list's entries, without tags, which users choose. */
function keysOf(body: unknown): readonly string[] {
  return [...pathsOf(body)]
    .map((key) => key.replace(/^value\[\]\.?/, '').replace(/^tags\..+$/, 'tags'))
    .filter((key) => key !== '' && key !== 'nextLink')
}
