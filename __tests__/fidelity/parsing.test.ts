import { expect, it, test } from '@jest/globals'
import { list } from '../../src/azure/azureJson.ts'
import {
  parseAssociation,
  parseEndpoint,
  parseLink,
  parseLogWorkspace,
  parseMonitorWorkspace,
  parsePrivateEndpoint,
  parseRule,
  parseScope,
  parseTarget,
} from '../../src/azure/look/parseResource.ts'
import { readOne } from '../../src/azure/sdk.ts'
import { idKey, normalLocation } from '../../src/resources/id.ts'
import {
  at,
  type Field,
  fieldsByType,
  fieldsOf,
  isAbsent,
  lossesOf,
  replaceAt,
  watched,
  withCapitals,
} from './fields.ts'
import { addressOf, describeWith, readRecordings, typeOf } from './shared.ts'

const parsers: Readonly<Record<string, (raw: unknown) => unknown>> = {
  'microsoft.insights/datacollectionendpoints': parseEndpoint,
  'microsoft.insights/datacollectionrules': parseRule,
  'microsoft.insights/datacollectionrules/associations': parseAssociation,
  'microsoft.insights/datacollectionruleassociations': parseAssociation,
  'microsoft.insights/privatelinkscopes': parseScope,
  'microsoft.insights/privatelinkscopes/scopedresources': parseLink,
  'microsoft.insights/privatelinkscopes/privateendpointconnections': (raw) =>
    parsePrivateEndpoint(raw, undefined),
  'microsoft.network/privateendpoints': (raw) => parsePrivateEndpoint({}, raw),
  'microsoft.monitor/accounts': parseMonitorWorkspace,
  'microsoft.operationalinsights/workspaces': parseLogWorkspace,
  'microsoft.compute/virtualmachines': (raw) => parseTarget(raw),
  'microsoft.compute/virtualmachinescalesets': (raw) => parseTarget(raw),
  'microsoft.hybridcompute/machines': (raw) => parseTarget(raw),
  'microsoft.containerservice/managedclusters': (raw) => parseTarget(raw),
  'microsoft.kubernetes/connectedclusters': (raw) => parseTarget(raw),
}

interface Recorded {
  readonly where: string
  readonly type: string
  readonly raw: unknown
}

/** Every object in a recorded successful answer, of a type that the product reads. */
const recorded: readonly Recorded[] = readRecordings().flatMap(({ file, interactions }) =>
  interactions.flatMap((interaction, index) => {
    const type = typeOf(addressOf(interaction))
    const { status, body } = interaction.response
    if (!(type in parsers) || status >= 300 || body === null) return []
    const entries = Array.isArray(at(body, 'value')) ? list(body, 'value') : [body]
    return entries.map((raw, entry) => ({ where: `${file} #${index + 1}[${entry}]`, type, raw }))
  }),
)

function check({ where, type, raw }: Recorded, fields: readonly Field[]): readonly string[] {
  return lossesOf(raw, parsers[type]?.(raw), fields).map((loss) => `${where} ${loss}`)
}

describeWith('traffic')('every recorded object of a type that the product reads', () => {
  it('is found in the recordings', () => {
    const found = new Set(recorded.map(({ type }) => type))
    expect(Object.keys(parsers).filter((type) => !found.has(type))).toEqual([])
    expect(recorded.length).toBeGreaterThan(180)
  })

  it('is parsed with every field that the product uses', () => {
    expect(recorded.flatMap((one) => check(one, fieldsOf(one.type)))).toEqual([])
  })

  it('has every field that the product uses, except those that were never recorded', () => {
    const never = Object.entries(fieldsByType).flatMap(([type, fields]) =>
      fields
        .filter(({ from }) =>
          recorded.every((o) => o.type !== type || isAbsent(at(o.raw, ...from.split('.')))),
        )
        .map(({ from }) => `${type} ${from}`),
    )
    expect(never).toEqual([
      'microsoft.insights/datacollectionendpoints tags',
      'microsoft.insights/datacollectionendpoints properties.privateLinkScopedResources',
      'microsoft.insights/privatelinkscopes properties.accessModeSettings.ingestionAccessMode',
      'microsoft.insights/privatelinkscopes properties.accessModeSettings.queryAccessMode',
      'microsoft.compute/virtualmachines identity.type',
      'microsoft.compute/virtualmachinescalesets properties.orchestrationMode',
      'microsoft.containerservice/managedclusters tags',
    ])
  })

  it('is read only by these fields', () => {
    const read = new Map<string, Set<string>>()
    for (const { type, raw } of recorded) {
      const seen = read.get(type) ?? new Set()
      read.set(type, seen)
      parsers[type]?.(watched(raw, (path) => seen.add(path)))
    }
    const others = [...read].flatMap(([type, paths]) =>
      [...paths]
        .filter((path) => !fieldsOf(type).some(({ from }) => `${path}.`.startsWith(`${from}.`)))
        .map((path) => `${type} ${path}`),
    )
    expect(others.sort()).toEqual([])
  })

  it('loses no other field if one is missing or null', () => {
    const broken = recorded.flatMap((one) =>
      fieldsOf(one.type).flatMap(({ from }) =>
        [null, undefined].flatMap((value) => {
          const raw = replaceAt(one.raw, from.split('.'), value)
          const others = fieldsOf(one.type).filter((field) => !isPartOf(field.from, from))
          return check({ ...one, raw, where: `${one.where} without ${from}` }, others)
        }),
      ),
    )
    expect(broken).toEqual([])
  })

  it('is read the same with its names capitalized, as Application Insights writes them', () => {
    const other = recorded.filter(
      ({ type, raw }) =>
        JSON.stringify(parsers[type]?.(withCapitals(raw))) !== JSON.stringify(parsers[type]?.(raw)),
    )
    expect(other.map(({ where }) => where)).toEqual([])
  })

  it('has a normalized location', () => {
    const locations = recorded
      .map(({ type, raw }) => at(parsers[type]?.(raw), 'location'))
      .filter((location) => typeof location === 'string')
    expect(locations.filter((location) => !/^[a-z0-9]+$/.test(location))).toEqual([])
    const everywhere = JSON.stringify(readRecordings()).match(/"location":"[^"/]+"/g) ?? []
    const written = new Set(everywhere.map((text) => text.slice('"location":"'.length, -1)))
    expect([...written].some((location) => location.includes(' '))).toBe(true)
    expect([...written].map(normalLocation).filter((l) => !/^[a-z0-9]+$/.test(l))).toEqual([])
  })
})

/** Fields that depend on each other: no change date without a name, no object without an id. */
function isPartOf(a: string, b: string): boolean {
  const isChanged = [a, b].every((field) => field.startsWith('systemData.'))
  return isChanged || b === 'id' || a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`)
}

describeWith('traffic')('recorded oddities', () => {
  it('ids in all their spellings have one key', () => {
    const keys = new Map<string, Set<string>>()
    for (const text of JSON.stringify(readRecordings()).match(/\/subscriptions\/[^"?]+/gi) ?? []) {
      const key = idKey(text)
      keys.set(key, (keys.get(key) ?? new Set()).add(text))
    }
    const spelledTwice = [...keys.values()].filter((spellings) => spellings.size > 1)
    expect(spelledTwice.length).toBeGreaterThan(20)
  })

  it('a private endpoint without static addresses is not mistaken for one with them', () => {
    const endpoints = recorded.filter(({ type }) => type === 'microsoft.network/privateendpoints')
    expect(endpoints.map(({ raw }) => parsePrivateEndpoint({}, raw).staticAddresses)).toEqual(
      endpoints.map(() => false),
    )
  })

  it('an Arc machine with an empty list of extensions does not count as one without an agent', () => {
    const machines = recorded.filter(
      ({ type, raw }) =>
        type === 'microsoft.hybridcompute/machines' && !isAbsent(at(raw, 'resources')),
    )
    expect(machines.map(({ raw }) => at(raw, 'resources'))).toEqual([[]])
    expect(machines.map(({ raw }) => parseTarget(raw).hasAgent)).toEqual([undefined])
  })

  const missing = readRecordings().flatMap(({ file, interactions }) =>
    interactions
      .filter(
        ({ request, response }) =>
          request.method !== 'HEAD' && [403, 404].includes(response.status),
      )
      .map((one) => [`${file} ${one.request.method} ${addressOf(one).slice(-70)}`, one] as const),
  )

  test.each(missing)(
    'a recorded 404 is missing, a 403 unreadable and why: %s',
    (_, { response }) => {
      const { status, body } = response
      const reading = readOne({
        status,
        body: body ?? undefined,
        text: '',
        headers: { get: () => undefined },
      })
      if (status === 404) expect(reading).toEqual({ state: 'missing' })
      else {
        const words = at(body, 'error', 'message') ?? at(body, 'message')
        expect(reading).toEqual({ state: 'unreadable', why: words })
      }
    },
  )
})
