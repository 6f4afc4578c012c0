import { createHash } from 'node:crypto'
import { load } from 'js-yaml'
import type { EstateSeed, SeedResource } from '../../simulator/simulator.ts'

/**
 * The topology reader of the judges: only the targets and what they send where. Written from contract section 1
 * and deliberately without src/, so that a mistake passes only if both are wrong in the same way.
 */
export interface JudgedTopology {
  readonly name: string
  /** Our mark, and the former marks that are taken over. */
  readonly marks: readonly string[]
  /** The names of our links. */
  readonly names: readonly string[]
  /** Key of the private link scope. */
  readonly scope: string
  readonly targets: readonly JudgedTarget[]
}

export interface JudgedTarget {
  readonly key: string
  /** Keys of the Log Analytics workspaces that the file names for it. */
  readonly logs: readonly string[]
}

const sections = {
  clusters: 'Microsoft.ContainerService/managedClusters',
  machines: 'Microsoft.Compute/virtualMachines',
} as const

interface Written {
  readonly name: string
  readonly formerNames?: readonly string[]
  readonly subscription: string
  readonly privateLinkScope: string
  readonly logAnalyticsWorkspaces?: Readonly<Record<string, string>>
  readonly clusters?: readonly WrittenTarget[]
  readonly machines?: readonly WrittenTarget[]
}

type WrittenTarget = string | WrittenEntry

interface WrittenEntry {
  readonly resource?: string
  readonly select?: Select
  readonly exclude?: readonly string[]
  readonly logs?: string | readonly string[]
}

interface Select {
  readonly subscriptions?: readonly string[]
  readonly resourceGroups?: readonly string[]
  readonly locations?: readonly string[]
  readonly tags?: Readonly<Record<string, string>>
  readonly types?: readonly string[]
}

/** Reads a valid topology, with its selects resolved against a state of Azure. */
export function readTopology(text: string, estate: EstateSeed): JudgedTopology {
  const file = load(text) as Written
  const keyOf = (reference: string, type: string): string =>
    reference.split('/').length > 2
      ? `/${reference.replace(/^\//, '')}`.toLowerCase()
      : `/subscriptions/${file.subscription}/resourceGroups/${reference.replace('/', `/providers/${type}/`)}`.toLowerCase()
  const logsOf = ({ logs = [] }: WrittenEntry): readonly string[] =>
    [logs].flat().map((alias) => {
      const reference = file.logAnalyticsWorkspaces?.[alias] ?? ''
      return keyOf(reference, 'Microsoft.OperationalInsights/workspaces')
    })
  const entries = (['clusters', 'machines'] as const).flatMap((section) =>
    (file[section] ?? []).map((entry) => ({
      type: sections[section],
      entry: typeof entry === 'string' ? { resource: entry } : entry,
    })),
  )
  const named = entries.flatMap(({ type, entry }): JudgedTarget[] =>
    entry.resource === undefined ? [] : [{ key: keyOf(entry.resource, type), logs: logsOf(entry) }],
  )
  const selected = entries.flatMap(({ type, entry }): JudgedTarget[] => {
    const { select, exclude = [] } = entry
    if (select === undefined) return []
    const excluded = new Set(exclude.map((reference) => keyOf(reference, type)))
    return estate.resources
      .filter((resource) => matches(select, resource, { type, subscription: file.subscription }))
      .map(({ id }) => id.toLowerCase())
      .filter((key) => !excluded.has(key))
      .map((key) => ({ key, logs: logsOf(entry) }))
  })
  const targets = new Map([...selected, ...named].map((target) => [target.key, target]))
  const scope = keyOf(file.privateLinkScope, 'Microsoft.Insights/privateLinkScopes')
  const here = createHash('sha256').update(scope).digest('hex').slice(0, 8)
  const former = file.formerNames ?? []
  return {
    name: file.name,
    marks: [
      ...[file.name, ...former].map((one) => (one.includes('/') ? one : `${one}/${here}`)),
      // In the form of the first version: taken over by name.
      ...former.filter((one) => !one.includes('/')),
    ],
    names: [
      file.name,
      ...former.filter((one) => !one.includes('/')),
      ...former.filter((one) => one.endsWith(`/${here}`)).map((one) => one.split('/')[0] ?? ''),
    ],
    scope,
    targets: [...targets.values()],
  }
}

function matches(
  select: Select,
  resource: SeedResource,
  defaults: { readonly type: string; readonly subscription: string },
): boolean {
  const parts =
    /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/([^/]+\/[^/]+)\/[^/]+$/i.exec(
      resource.id,
    )
  if (parts === null) return false
  const [, subscription = '', group = '', type = ''] = parts
  const isOneOf = (value: string, wanted: readonly string[]) =>
    wanted.some((one) => one.toLowerCase() === value.toLowerCase())
  const tags = new Map(
    Object.entries(resource.tags ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  )
  return (
    isOneOf(type, select.types ?? [defaults.type]) &&
    isOneOf(subscription, select.subscriptions ?? [defaults.subscription]) &&
    isOneOf(group, select.resourceGroups ?? [group]) &&
    isOneOf(
      plainRegion(resource.location),
      (select.locations ?? [resource.location ?? '']).map(plainRegion),
    ) &&
    Object.entries(select.tags ?? {}).every(([k, v]) => tags.get(k.toLowerCase()) === v) &&
    resource.properties?.['orchestrationMode'] !== 'Flexible'
  )
}

/** `West Europe` and `westeurope` are one region. */
export function plainRegion(location = ''): string {
  return location.replaceAll(/\s/g, '').toLowerCase()
}
