import { createHash } from 'node:crypto'
import type { Endpoint, Estate, Reading, Rule, Target } from '../../src/estate/estate.ts'
import type { Topology } from '../../src/topology/topology.ts'
import { last, low, type World } from './world.ts'

/**
 * The plan that contract sections 2, 5 and 7 require for a topology and a fully known Azure. Written as
 * plainly as possible, and independently of src/rules and src/plan: slow, in one pass, no reuse.
 */
export interface Expectation {
  /** Changes by `<kind> <lower-case id>`; access modes have one entry per write: `accessModes 1 <id>`. */
  readonly changes: ReadonlyMap<string, Expected>
  /** Changes that the contract leaves open in this situation, by the same keys. */
  readonly either: ReadonlySet<string>
  /** `<code>`, or `<code> <lower-case id>` if the contract specifies the resource. */
  readonly errors: ReadonlySet<string>
  readonly warnings: ReadonlySet<string>
  /** Number of objects that are already as desired; not compared if the contract leaves a change open. */
  readonly unchanged: number
  /** False if the file asks for something impossible, for which the contract defines no derivation. */
  readonly comparable: boolean
}

export interface Expected {
  readonly action: 'create' | 'update' | 'replace' | 'delete'
  readonly rule?: string
  readonly wanted?: unknown
  /** The reference that a replaced or deleted object had. */
  readonly had?: string
}

const mark = 'azure-monitor-private-link'

/** A target that the file names or selects, whether it exists or not. */
export interface NamedTarget {
  readonly key: string
  readonly kind: 'cluster' | 'machine'
  readonly metrics?: string
  readonly logs: readonly string[]
  readonly explicit: boolean
}

/** The targets of the file: an explicit entry wins over a select, and excluded resources are skipped. */
export function namedTargets(
  topology: Topology,
  estate: Pick<World, 'selected' | 'targets'>,
): NamedTarget[] {
  const result = new Map<string, NamedTarget>()
  for (const { id, kind, metrics, logs } of topology.targets) {
    result.set(id.key, { key: id.key, kind, ...(metrics && { metrics }), logs, explicit: true })
  }
  topology.selects.forEach((select, index) => {
    for (const key of estate.selected[index] ?? []) {
      if (result.has(key)) continue
      if (select.exclude.some((excluded) => excluded.key === key)) continue
      if (estate.targets.get(key)?.state === 'missing') continue
      const { kind, metrics, logs } = select
      result.set(key, { key, kind, ...(metrics && { metrics }), logs, explicit: false })
    }
  })
  return [...result.values()]
}

function clashingSelects(topology: Topology, estate: Estate): string[] {
  const named = new Set(topology.targets.map((one) => one.id.key))
  const settings = new Map<string, Set<string>>()
  topology.selects.forEach((select, index) => {
    for (const key of estate.selected[index] ?? []) {
      if (named.has(key) || select.exclude.some((excluded) => excluded.key === key)) continue
      if (estate.targets.get(key)?.state === 'missing') continue
      const text = JSON.stringify([select.kind, select.metrics, [...select.logs].sort()])
      settings.set(key, (settings.get(key) ?? new Set()).add(text))
    }
  })
  return [...settings].flatMap(([key, different]) => (different.size > 1 ? [key] : []))
}

/** The plan that the contract expects for this topology and estate. */
export function expectPlan(topology: Topology, estate: Estate): Expectation {
  const changes = new Map<string, Expected>()
  const either = new Set<string>()
  const errors = new Set<string>()
  const warnings = new Set<string>()
  let unchanged = 0
  let comparable = true

  // ---- the scope
  const scope = estate.scope
  const scopeId = topology.privateLinkScope.id
  if (scope.state === 'missing') errors.add(`unknown-resource ${scopeId.key}`)
  if (scope.state === 'unreadable') errors.add(`unreadable-resource ${scopeId.key}`)
  if (scope.state !== 'found') comparable = false
  if (
    scope.state === 'found' &&
    ['Failed', 'Canceled', 'Deleting'].includes(scope.value.provisioningState)
  ) {
    errors.add(`scope-not-ready ${scopeId.key}`)
  }
  if (scope.state === 'found' && !estate.privateEndpoints.some((one) => one.approved)) {
    warnings.add('no-private-endpoint')
  }

  // ---- workspaces
  const automatic = new Map<string, { region: string; endpoint: Endpoint }>()
  const regionOf = new Map<string, string>()
  const wantedLinks = new Map<string, string>()
  const claim = (id: string, rule: string) => {
    if (!wantedLinks.has(low(id))) wantedLinks.set(low(id), rule)
  }
  const endpointOf = (id: string): Reading<Endpoint> =>
    estate.endpoints.get(low(id)) ?? { state: 'missing' }
  for (const { alias, id } of topology.azureMonitorWorkspaces) {
    const reading = estate.monitorWorkspaces.get(id.key) ?? { state: 'missing' }
    if (reading.state === 'missing') errors.add(`unknown-resource ${id.key}`)
    if (reading.state === 'unreadable') errors.add(`unreadable-resource ${id.key}`)
    if (reading.state !== 'found') continue
    regionOf.set(alias, reading.value.location)
    if (!reading.value.hasQueryPrivateEndpoint) warnings.add(`no-query-private-endpoint ${id.key}`)
    if (reading.value.endpointId === undefined) {
      errors.add(`unknown-resource ${id.key}`)
      continue
    }
    const endpoint = endpointOf(reading.value.endpointId)
    if (endpoint.state === 'missing') errors.add('unknown-resource')
    if (endpoint.state === 'unreadable') {
      errors.add(`unreadable-resource ${low(reading.value.endpointId)}`)
      either.add(`scopedResource ${linkIdOf(topology, estate, reading.value.endpointId)}`)
    }
    if (endpoint.state !== 'found') continue
    automatic.set(alias, { region: reading.value.location, endpoint: endpoint.value })
  }

  // ---- targets
  const clashing = clashingSelects(topology, estate)
  for (const key of clashing) errors.add(`duplicate-target ${key}`)
  if (clashing.length > 0) comparable = false
  const named = namedTargets(topology, estate)
  const targets: (NamedTarget & { target: Target })[] = []
  for (const one of named) {
    const reading = estate.targets.get(one.key) ?? { state: 'missing' }
    if (reading.state === 'missing') errors.add(`unknown-resource ${one.key}`)
    if (reading.state === 'unreadable') errors.add(`unreadable-resource ${one.key}`)
    if (reading.state !== 'found') continue
    if (isFlexible(reading.value)) {
      if (one.explicit) errors.add(`flexible-scale-set ${one.key}`)
      else warnings.add(`flexible-scale-set ${one.key}`)
      continue
    }
    targets.push({ ...one, target: reading.value })
    if (reading.value.hasAgent === false) warnings.add(`agent-missing ${one.key}`)
    if (reading.value.hasIdentity === false) warnings.add(`identity-missing ${one.key}`)
  }

  // ---- endpoints that must exist under a name from the file's templates
  const { endpoints: settings } = topology
  const called = new Map<string, string>() // endpoints that a rule calls for → the rule
  const demanded = new Map<string, string>() // id → who wants it, to detect conflicts
  const creations = new Map<string, { id: string; location: string; rule: string }>()
  const place = (name: string | undefined, location: string, who: string, rule: string) => {
    if (name === undefined) {
      errors.add('duplicate-name')
      return undefined
    }
    if (!settings.resourceGroup) {
      errors.add('resource-group-missing')
      return undefined
    }
    const { subscription, name: group } = settings.resourceGroup
    const id = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Insights/dataCollectionEndpoints/${name}`
    const other = demanded.get(low(id))
    if (other !== undefined && other !== who) {
      errors.add('duplicate-name')
      comparable = false
    }
    demanded.set(low(id), who)
    const reading = endpointOf(id)
    if (reading.state === 'unreadable') {
      errors.add(`unreadable-resource ${low(id)}`)
      return undefined
    }
    if (reading.state === 'found' && reading.value.location !== location) {
      errors.add(`endpoint-in-other-region ${low(id)}`)
      return undefined
    }
    if (reading.state === 'missing') creations.set(low(id), { id: low(id), location, rule })
    return low(id)
  }

  // ---- config-endpoint, config-association
  for (const { id, region } of settings.existing) {
    const reading = endpointOf(id.text)
    if (reading.state === 'missing') errors.add(`unknown-resource ${id.key}`)
    else if (reading.state === 'unreadable') errors.add(`unreadable-resource ${id.key}`)
    else if (reading.value.location !== region) errors.add(`endpoint-in-other-region ${id.key}`)
  }
  const configured = new Map<string, string>() // target → endpoint
  for (const { key, metrics, target } of targets) {
    const region = target.location
    const live = estate.associations.get(key)
    let choice: string | undefined
    let undecided = false
    if (topology.existingAssociations === 'adopt' && live?.endpointId !== undefined) {
      const reading = endpointOf(live.endpointId)
      if (reading.state === 'found' && reading.value.location === region)
        choice = low(live.endpointId)
      if (reading.state === 'unreadable') {
        errors.add(`unreadable-resource ${low(live.endpointId)}`)
        either.add(`association ${associationOf(key)}`)
        either.add(`scopedResource ${linkIdOf(topology, estate, live.endpointId)}`)
        undecided = true
      }
    }
    const existing = settings.existing.find((one) => one.region === region)
    if (!undecided && choice === undefined && existing) {
      const reading = endpointOf(existing.id.text)
      if (reading.state === 'found' && reading.value.location === region) choice = existing.id.key
      else undecided = true // the named endpoint is unusable, and no other is chosen
    }
    if (!undecided && choice === undefined) {
      const own = metrics === undefined ? undefined : automatic.get(metrics)
      const all = topology.azureMonitorWorkspaces.flatMap(({ alias }) => automatic.get(alias) ?? [])
      const serving = [own, ...all].find((one) => one?.region === region)
      choice = serving && low(serving.endpoint.id)
    }
    if (!undecided && choice === undefined) {
      const name = endpointName(fill(settings.regionalName, { topology: topology.name, region }))
      choice = place(name, region, `configuration in ${region}`, 'config-endpoint')
      if (choice === undefined) undecided = true
    }
    if (choice === undefined) continue
    configured.set(key, choice)
    if (!called.has(choice)) called.set(choice, 'config-endpoint')
    const change = `association ${associationOf(key)}`
    const wanted = { kind: 'association', target: key, endpointId: choice }
    if (live?.endpointId !== undefined && low(live.endpointId) === choice) unchanged++
    else if (!live) changes.set(change, { action: 'create', rule: 'config-association', wanted })
    else {
      const had = low(live.endpointId ?? live.ruleId ?? '')
      changes.set(change, { action: 'replace', rule: 'config-association', wanted, had })
      if (live.ruleId !== undefined && !hasRuleElsewhere(estate, key, live.ruleId)) {
        errors.add(`rule-would-be-lost ${key}`)
      }
    }
  }

  // ---- workspace-endpoint, regional-endpoint
  for (const { endpoint } of automatic.values()) {
    claim(endpoint.id, 'workspace-endpoint')
    if (!called.has(low(endpoint.id))) called.set(low(endpoint.id), 'workspace-endpoint')
  }
  for (const endpoint of configured.values()) claim(endpoint, 'regional-endpoint')

  // ---- rules of the targets
  const files = new Set(
    [...topology.azureMonitorWorkspaces, ...topology.logAnalyticsWorkspaces].map(
      (one) => one.id.key,
    ),
  )
  const sends = new Map<string, { rule: Rule; endpoint?: string }[]>()
  const ruleKeys = new Map<string, readonly string[]>()
  const isUnreadableRule = (rule: string) => estate.rules.get(rule)?.state === 'unreadable'
  // The needs of an unresolved target are unknown; scale sets that a select skips don't matter.
  let blind = named.some((one) => {
    const reading = estate.targets.get(one.key)
    return reading?.state !== 'found' || (one.explicit && isFlexible(reading.value))
  })
  for (const { key, target } of targets) {
    const list: { rule: Rule; endpoint?: string }[] = []
    const associated = estate.ruleAssociations.get(key) ?? []
    // An association that is not replaced stays, even one with a rule under the reserved name.
    const held = configured.has(key) ? undefined : estate.associations.get(key)?.ruleId
    const all = [...new Set(held === undefined ? associated : [...associated, low(held)])]
    ruleKeys.set(key, all)
    for (const { workspaceId } of target.addons ?? []) {
      if (workspaceId !== undefined && !files.has(low(workspaceId))) {
        warnings.add('destination-not-linked')
      }
    }
    for (const ruleKey of all) {
      const reading = estate.rules.get(ruleKey) ?? { state: 'missing' }
      if (reading.state === 'unreadable') {
        errors.add(`unreadable-resource ${ruleKey}`)
        blind = true
      }
      if (reading.state !== 'found') continue
      const rule = reading.value
      list.push({ rule, ...(rule.endpointId !== undefined && { endpoint: low(rule.endpointId) }) })
      if (isPathless(rule)) warnings.add('rule-without-endpoint')
      for (const destination of [...rule.logDestinations, ...rule.metricsDestinations]) {
        if (!files.has(low(destination))) warnings.add('destination-not-linked')
      }
    }
    sends.set(key, list)
  }
  const linkSent = (endpoint: string, rule: string) => {
    const reading = endpointOf(endpoint)
    if (reading.state === 'missing') {
      warnings.add('unknown-resource')
      return
    }
    if (reading.state === 'unreadable') {
      errors.add(`unreadable-resource ${endpoint}`)
      either.add(`scopedResource ${linkIdOf(topology, estate, endpoint)}`)
      return
    }
    claim(endpoint, rule)
    if (!called.has(endpoint)) called.set(endpoint, rule)
  }

  // ---- cluster-ingestion
  for (const { key, kind, metrics, target } of targets) {
    if (kind !== 'cluster' || metrics === undefined) continue
    const prometheus = (sends.get(key) ?? []).filter(({ rule }) =>
      rule.streams.includes('Microsoft-PrometheusMetrics'),
    )
    const lost = estate.rules.get(low(estate.associations.get(key)?.ruleId ?? ''))
    const losesOne =
      lost?.state === 'found' && lost.value.streams.includes('Microsoft-PrometheusMetrics')
    if (
      (prometheus.length === 0 && !losesOne) ||
      (prometheus.length > 0 && target.prometheusEnabled === false)
    ) {
      warnings.add(`prometheus-not-enabled ${key}`)
    }
    for (const { endpoint } of prometheus) if (endpoint) linkSent(endpoint, 'cluster-ingestion')
  }

  // ---- machine-ingestion
  for (const { key, kind, metrics, target } of targets) {
    if (kind !== 'machine' || metrics === undefined || settings.machineIngestion === 'none')
      continue
    const region = regionOf.get(metrics)
    if (region === undefined) continue
    const values = {
      topology: topology.name,
      region,
      machine: last(target.id).toLowerCase(),
      hash: sha(key, 6),
    }
    const perMachine = settings.machineIngestion === 'perMachine'
    const name = endpointName(
      perMachine
        ? fill(settings.machineName, values)
        : `${fill(settings.regionalName, { topology: topology.name, region })}-ingest`,
    )
    const who = perMachine ? `ingestion of ${key}` : `ingestion in ${region}`
    const endpoint = place(name, region, who, 'machine-ingestion')
    if (endpoint === undefined) continue
    claim(endpoint, 'machine-ingestion')
    if (!called.has(endpoint)) called.set(endpoint, 'machine-ingestion')
    if (!(sends.get(key) ?? []).some((one) => one.endpoint === endpoint)) {
      warnings.add('ingestion-endpoint-unused')
    }
  }

  // ---- rule-endpoint
  for (const { key } of targets) {
    for (const { endpoint } of sends.get(key) ?? [])
      if (endpoint) linkSent(endpoint, 'rule-endpoint')
  }

  // ---- log-analytics
  for (const { id } of topology.logAnalyticsWorkspaces) {
    const reading = estate.logWorkspaces.get(id.key) ?? { state: 'missing' }
    if (reading.state === 'missing') errors.add(`unknown-resource ${id.key}`)
    if (reading.state === 'unreadable') errors.add(`unreadable-resource ${id.key}`)
    if (reading.state === 'found') claim(id.key, 'log-analytics')
    else either.add(`scopedResource ${linkIdOf(topology, estate, id.key)}`)
  }

  // ---- endpoints: created, or ours and kept as the file says
  const tags = { ...settings.tags, [mark]: markOf(topology) }
  for (const { id, location, rule } of creations.values()) {
    const wanted = {
      kind: 'dataCollectionEndpoint',
      location,
      tags,
      publicNetworkAccess: settings.publicNetworkAccess,
    }
    changes.set(`dataCollectionEndpoint ${id}`, { action: 'create', rule, wanted })
  }
  for (const key of called.keys()) {
    const reading = endpointOf(key)
    if (reading.state !== 'found' || !isOurs(reading.value, topology)) continue
    const endpoint = reading.value
    const right =
      endpoint.publicNetworkAccess === settings.publicNetworkAccess &&
      Object.entries(tags).every(([name, value]) => tagOf(endpoint, name) === value)
    if (right) unchanged++
    else {
      const wanted = {
        kind: 'dataCollectionEndpoint',
        location: endpoint.location,
        tags,
        publicNetworkAccess: settings.publicNetworkAccess,
      }
      changes.set(`dataCollectionEndpoint ${key}`, { action: 'update', wanted })
    }
  }

  // ---- links: wanted
  for (const [key, rule] of wantedLinks) {
    const live = estate.links.find((link) => low(link.linkedResourceId) === key)
    const wanted = { kind: 'scopedResource', linkedResourceId: key }
    if (!live) {
      const id = linkIdOf(topology, estate, key)
      changes.set(`scopedResource ${id}`, { action: 'create', rule, wanted })
    } else if (live.provisioningState === 'Failed') {
      changes.set(`scopedResource ${low(live.id)}`, { action: 'update', rule, wanted })
    } else unchanged++
  }

  // ---- associations of ours on resources that the file no longer names
  const current = new Set([...named.map((one) => one.key)])
  const ends = new Set<string>() // targets whose association the plan deletes
  for (const [carrier, association] of estate.associations) {
    if (current.has(carrier)) continue
    const endpoint =
      association.endpointId === undefined ? undefined : endpointOf(association.endpointId)
    const marked = association.description === description(markOf(topology))
    const marksOther = /^Managed by azure-monitor-private-link \(/.test(
      association.description ?? '',
    )
    // Endpoints that this plan creates are ours too.
    const points =
      (endpoint?.state === 'found' && isOurs(endpoint.value, topology)) ||
      creations.has(low(association.endpointId ?? ''))
    if (!marked && !points) continue
    const change = `association ${associationOf(carrier)}`
    if (points && marksOther && !marked) continue // another topology's mark wins
    if (maySelect(topology, estate, carrier)) continue
    ends.add(carrier)
    const had = low(association.endpointId ?? association.ruleId ?? '')
    changes.set(change, { action: 'delete', had })
    const { ruleId } = association
    if (ruleId !== undefined && !hasRuleElsewhere(estate, carrier, ruleId)) {
      errors.add(`rule-would-be-lost ${carrier}`)
    }
  }

  // ---- selects that match nothing: an error if a target of their type loses our association
  for (const [index, select] of topology.selects.entries()) {
    if ((estate.selected[index] ?? []).length > 0) continue
    const meant = [...ends].some(
      (carrier) =>
        select.subscriptions.some((one) => carrier.startsWith(`/subscriptions/${one}/`)) &&
        select.types.some((type) => carrier.includes(`/providers/${type}/`)),
    )
    if (meant) errors.add('select-matches-nothing')
    else warnings.add('select-matches-nothing')
  }

  // ---- users of each endpoint after the plan
  const staysAssociated = (endpoint: string) =>
    (estate.uses.get(endpoint)?.associations ?? []).some((association) => {
      const carrier = low(association.target)
      if (ends.has(carrier)) return false
      const next = configured.get(carrier)
      return next === undefined || next === endpoint
    })
  const sentThrough = (endpoint: string) => (estate.uses.get(endpoint)?.rules ?? []).length > 0

  // It is unknown whether an endpoint is needed while something that may need it is unreadable.
  const hidden =
    named.some((one) => estate.targets.get(one.key)?.state === 'unreadable') ||
    topology.azureMonitorWorkspaces.some(
      ({ id }) => estate.monitorWorkspaces.get(id.key)?.state === 'unreadable',
    ) ||
    targets.some(({ key }) => (ruleKeys.get(key) ?? []).some(isUnreadableRule))

  // ---- links of ours that nothing needs
  const gone = new Set<string>()
  for (const link of estate.links) {
    const key = low(link.linkedResourceId)
    const ours = low(link.name) === low(linkName(topology.name, link.linkedResourceId))
    if (!ours || wantedLinks.has(key)) continue
    const change = `scopedResource ${low(link.id)}`
    const isEndpoint = key.includes('/datacollectionendpoints/')
    const unread = isEndpoint ? endpointOf(key) : estate.logWorkspaces.get(key)
    const gone404 = isEndpoint && endpointOf(key).state === 'missing'
    if (
      (isEndpoint && (hidden || (!gone404 && staysAssociated(key)))) ||
      unread?.state === 'unreadable'
    ) {
      warnings.add('link-kept')
      continue
    }
    gone.add(low(link.id))
    changes.set(change, { action: 'delete', had: key })
  }

  // ---- endpoints of ours that nothing needs, if their links are known
  for (const [key, reading] of scope.state === 'found' ? estate.endpoints : []) {
    if (reading.state !== 'found' || !isOurs(reading.value, topology) || called.has(key)) continue
    // An endpoint that the file names stays, whether by a template or under `existing`.
    if (demanded.has(key) || settings.existing.some((one) => one.id.key === key)) continue
    const change = `dataCollectionEndpoint ${key}`
    if (hidden) {
      warnings.add('link-kept')
      continue
    }
    const linked = reading.value.links.some((link) => !gone.has(low(link.scopedResourceId)))
    if (staysAssociated(key) || sentThrough(key) || linked) {
      errors.add(`endpoint-in-use ${key}`)
    } else changes.set(change, { action: 'delete' })
  }

  // ---- access-modes
  if (scope.state === 'found') {
    // A scope without modes counts as Open.
    const modes = scope.value.modes ?? { ingestion: 'Open', query: 'Open' }
    const { ingestion, query } = topology.accessModes
    const next = { ingestion: ingestion ?? modes.ingestion, query: query ?? modes.query }
    const writes: (typeof next)[] = []
    const moves = [
      { mode: 'ingestion', to: next.ingestion, changed: next.ingestion !== modes.ingestion },
      { mode: 'query', to: next.query, changed: next.query !== modes.query },
    ].filter((move) => move.changed)
    if (moves.length === 2 && moves[0]?.to !== moves[1]?.to) {
      const opens = moves.find((move) => move.to === 'Open')
      writes.push({
        ...modes,
        ...next,
        ...(opens?.mode === 'ingestion' ? { query: modes.query } : { ingestion: modes.ingestion }),
      })
    }
    if (moves.length > 0) writes.push(next)
    writes.forEach((write, index) => {
      changes.set(`accessModes ${index + 1} ${scopeId.key}`, {
        action: 'update',
        rule: 'access-modes',
        wanted: { kind: 'accessModes', ...write },
      })
    })
    const asked = ingestion !== undefined || query !== undefined
    if (asked && moves.length === 0) unchanged++
    const undecided = targets.some(({ key }) => !configured.has(key))
    const remains = (linked: string) =>
      wantedLinks.has(linked) ||
      estate.links.some(
        (link) =>
          low(link.linkedResourceId) === linked &&
          link.provisioningState === 'Succeeded' &&
          !gone.has(low(link.id)),
      )
    const dark = targets.some(({ key, target }) => {
      const sent = sends.get(key) ?? []
      return (
        (target.addons ?? []).some((one) => one.workspaceId && !remains(low(one.workspaceId))) ||
        sent.some(({ rule }) => isPathless(rule)) ||
        sent.some(({ rule }) => rule.logDestinations.some((one) => !remains(low(one)))) ||
        sent.some(
          ({ endpoint }) =>
            endpoint !== undefined &&
            ((endpointOf(endpoint).state !== 'found' && !creations.has(endpoint)) ||
              !remains(endpoint)),
        )
      )
    })
    const closesIngestion = ingestion === 'PrivateOnly' && modes.ingestion === 'Open'
    const closesQuery = query === 'PrivateOnly' && modes.query === 'Open'
    if ((closesIngestion || closesQuery) && (blind || undecided)) errors.add('blackout')
    if (closesIngestion && dark) errors.add('blackout')
  }

  // ---- static addresses
  if (estate.privateEndpoints.some((one) => one.staticAddresses)) {
    const linking = [...changes].filter(([key]) => key.startsWith('scopedResource'))
    const sure = linking.filter(([key, { action }]) => !either.has(key) && action !== 'update')
    if (sure.length > 0) errors.add('static-ip-private-endpoint')
    else if (either.size === 0) warnings.add('static-ip-private-endpoint')
    else {
      errors.add('?static-ip-private-endpoint')
      warnings.add('?static-ip-private-endpoint')
    }
  }

  return { changes, either, errors, warnings, unchanged, comparable }
}

/** True for an unreadable resource of a type that a select covers: the select may match it. */
function maySelect(topology: Topology, estate: Estate, key: string): boolean {
  return (
    estate.targets.get(key)?.state === 'unreadable' &&
    topology.selects.some(
      ({ subscriptions, types }) =>
        subscriptions.some((one) => key.startsWith(`/subscriptions/${one}/`)) &&
        types.some((type) => key.includes(`/providers/${type}/`)),
    )
  )
}

/** True if the target also has the rule of the reserved name under another name. */
function hasRuleElsewhere(estate: Estate, target: string, rule: string): boolean {
  return (estate.ruleAssociations.get(target) ?? []).some((one) => one === low(rule))
}

/** Contract section 5, `rule-without-endpoint`: rules to an Azure Monitor workspace, or with a stream from Microsoft's list. */
export function isPathless(rule: Rule): boolean {
  const needy = [
    'Microsoft-PrometheusMetrics',
    'Microsoft-OtelPerfMetrics',
    'Microsoft-WindowsFirewall',
    'Microsoft-ContainerLogV2-HighScale',
  ]
  const needs = rule.metricsDestinations.length > 0 || rule.streams.some((s) => needy.includes(s))
  return needs && rule.endpointId === undefined
}

/** True for flexible scale sets, for which Azure allows no association. */
export function isFlexible(target: Target): boolean {
  return target.orchestrationMode?.toLowerCase() === 'flexible'
}

/** Id of the link of a resource: the existing one, or else the one that we would create. */
function linkIdOf(topology: Topology, estate: Estate, linked: string): string {
  const live = estate.links.find((link) => low(link.linkedResourceId) === low(linked))
  if (live) return low(live.id)
  return low(
    `${topology.privateLinkScope.id.text}/scopedResources/${linkName(topology.name, linked)}`,
  )
}

function associationOf(target: string): string {
  return low(
    `${target}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`,
  )
}

export function isOurs(endpoint: Endpoint, topology: Topology): boolean {
  return tagOf(endpoint, mark) === markOf(topology)
}

/** Contract section 2, "Ownership": the name, and eight digits that identify the scope. */
export function markOf({ name, privateLinkScope }: Topology): string {
  return `${name}/${sha(low(privateLinkScope.id.text), 8)}`
}

function tagOf(endpoint: Endpoint, name: string): string | undefined {
  return Object.entries(endpoint.tags).find(
    ([tag]) => tag.toLowerCase() === name.toLowerCase(),
  )?.[1]
}

export function description(whose: string): string {
  return `Managed by azure-monitor-private-link (${whose})`
}

export function linkName(topology: string, linked: string): string {
  return `${topology}-${last(linked)}-${sha(low(linked), 8)}`
}

export function sha(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits)
}

export function fill(template: string, values: Record<string, string>): string {
  let text = template
  for (const [name, value] of Object.entries(values)) text = text.split(`{${name}}`).join(value)
  return text
}

/** At most 44 characters, first and last alphanumeric. */
export function endpointName(raw: string): string | undefined {
  let name = raw.replace(/./gu, (character) => (/^[A-Za-z0-9-]$/.test(character) ? character : '-'))
  while (name.startsWith('-')) name = name.slice(1)
  while (name.endsWith('-')) name = name.slice(0, -1)
  if (name.length === 0) return undefined
  if (name.length <= 44) return name
  let cut = name.slice(0, 37)
  while (cut.endsWith('-')) cut = cut.slice(0, -1)
  return `${cut}-${sha(name, 6)}`
}
