import type { Endpoint, Estate, Link, MonitorWorkspace } from '../estate/estate.ts'
import { lookUp } from '../estate/reading.ts'
import { compareText, idKey, parseResourceId } from '../resources/id.ts'
import { foundIn, listed, type Notebook } from './notebook.ts'

/** The resources that the scope links, by type. */
export interface Linked {
  /** Endpoints that exist and can be read, by key, in order. */
  readonly endpoints: ReadonlyMap<string, Endpoint>
  /** Keys of all linked endpoints, including those that can't be read. */
  readonly endpointKeys: ReadonlySet<string>
  /** Keys of linked Log Analytics workspaces. */
  readonly logKeys: ReadonlySet<string>
  /** Azure Monitor workspaces, by the key of their automatic endpoint. */
  readonly automatic: ReadonlyMap<string, MonitorWorkspace>
}

const endpointType = 'microsoft.insights/datacollectionendpoints'
const logType = 'microsoft.operationalinsights/workspaces'
const componentType = 'microsoft.insights/components'

/** Sorts the links of the scope by type, and notes those that can't be in the file. */
export function readLinks(estate: Estate, notebook: Notebook): Linked {
  const links = estate.links.toSorted((a, b) =>
    compareText(idKey(a.linkedResourceId), idKey(b.linkedResourceId)),
  )
  const ofType = (type: string) =>
    links.filter((link) => parseResourceId(link.linkedResourceId)?.type === type)
  if (links.length === 0) notebook.remarks.privateLinkScope.push('The scope links nothing yet.')
  const keysOf = (some: readonly Link[]) => new Set(some.map((l) => idKey(l.linkedResourceId)))
  const endpointLinks = ofType(endpointType)
  const logLinks = ofType(logType)
  noteComponents(ofType(componentType), notebook)
  noteOthers(links, notebook)
  const endpoints = new Map<string, Endpoint>()
  for (const link of endpointLinks) {
    const reading = lookUp(estate, 'endpoint', link.linkedResourceId)
    const endpoint = foundIn(reading, notebook)
    if (endpoint !== undefined) endpoints.set(idKey(endpoint.id), endpoint)
    else noteLost(link, 'endpoint', reading.state, notebook)
  }
  for (const link of logLinks) {
    const reading = lookUp(estate, 'logWorkspace', link.linkedResourceId)
    if (foundIn(reading, notebook) === undefined)
      noteLost(link, 'Log Analytics workspace', reading.state, notebook)
  }
  return {
    endpoints,
    endpointKeys: keysOf(endpointLinks),
    logKeys: keysOf(logLinks),
    automatic: findAutomatic(estate),
  }
}

function findAutomatic(estate: Estate): ReadonlyMap<string, MonitorWorkspace> {
  const automatic = new Map<string, MonitorWorkspace>()
  for (const reading of estate.monitorWorkspaces.values()) {
    if (reading.state !== 'found' || reading.value.endpointId === undefined) continue
    automatic.set(idKey(reading.value.endpointId), reading.value)
  }
  return automatic
}

function noteComponents(components: readonly Link[], { remarks, shortId }: Notebook): void {
  if (components.length === 0) return
  const who = listed(components.map((link) => shortId(link.linkedResourceId)))
  const what =
    components.length === 1
      ? 'an Application Insights component'
      : `${components.length} Application Insights components`
  remarks.privateLinkScope.push(
    `The scope also links ${what}, which this file can't express; ${components.length === 1 ? 'it stays' : 'they stay'} linked: ${who}.`,
  )
}

/** Notes links to resource types that a scope may support one day. */
function noteOthers(links: readonly Link[], { remarks, shortId }: Notebook): void {
  const known = [endpointType, logType, componentType]
  const others = links.filter((link) => {
    const type = parseResourceId(link.linkedResourceId)?.type
    return type === undefined || !known.includes(type)
  })
  if (others.length === 0) return
  const who = listed(others.map((link) => shortId(link.linkedResourceId)))
  remarks.privateLinkScope.push(
    `The scope also links resources that this file has no section for; they stay linked: ${who}.`,
  )
}

function noteLost(
  { linkedResourceId: id }: Link,
  what: 'endpoint' | 'Log Analytics workspace',
  state: 'found' | 'missing' | 'unreadable' | 'unseen',
  { remarks, leftOut, shortId }: Notebook,
): void {
  if (state !== 'missing' && state !== 'unreadable') return
  const place = what === 'endpoint' ? 'dataCollectionEndpoints' : 'logAnalyticsWorkspaces'
  leftOut.add(idKey(id))
  remarks[place].push(
    state === 'missing'
      ? `The scope links the ${what} ${shortId(id)}, which no longer exists.`
      : `The scope links the ${what} ${shortId(id)}, which this identity cannot read.`,
  )
}
