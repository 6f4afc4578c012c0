import type { Endpoint, Estate, Link, MonitorWorkspace } from '../estate/estate.ts'
import { lookUp } from '../estate/reading.ts'
import { compareText, idKey, parseResourceId } from '../resources/id.ts'
import { foundIn, listed, type Notebook } from './notebook.ts'

/** What the scope links, by what it is. */
export interface Linked {
  /** Endpoints that exist and can be read, by key, in order. */
  readonly endpoints: ReadonlyMap<string, Endpoint>
  /** Keys of all linked endpoints, also of those that can't be read. */
  readonly endpointKeys: ReadonlySet<string>
  /** Keys of linked Log Analytics workspaces. */
  readonly logKeys: ReadonlySet<string>
  /** The Azure Monitor workspace whose automatic endpoint it is, by the key of the endpoint. */
  readonly automatic: ReadonlyMap<string, MonitorWorkspace>
}

const endpointType = 'microsoft.insights/datacollectionendpoints'
const logType = 'microsoft.operationalinsights/workspaces'
const componentType = 'microsoft.insights/components'

/** Sorts the links of the scope, and says which of them can't be in the file. */
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
  sayComponents(ofType(componentType), notebook)
  sayOthers(links, notebook)
  const endpoints = new Map<string, Endpoint>()
  for (const link of endpointLinks) {
    const reading = lookUp(estate, 'endpoint', link.linkedResourceId)
    const endpoint = foundIn(reading, notebook)
    if (endpoint !== undefined) endpoints.set(idKey(endpoint.id), endpoint)
    else sayLost(link, 'endpoint', reading.state, notebook)
  }
  for (const link of logLinks) {
    const reading = lookUp(estate, 'logWorkspace', link.linkedResourceId)
    if (foundIn(reading, notebook) === undefined)
      sayLost(link, 'Log Analytics workspace', reading.state, notebook)
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

function sayComponents(components: readonly Link[], { remarks, say }: Notebook): void {
  if (components.length === 0) return
  const who = listed(components.map((link) => say(link.linkedResourceId)))
  const what =
    components.length === 1
      ? 'an Application Insights component'
      : `${components.length} Application Insights components`
  remarks.privateLinkScope.push(
    `The scope also links ${what}, which this file can't hold and which stays as it is: ${who}.`,
  )
}

/** Anything else that a scope may come to link one day. */
function sayOthers(links: readonly Link[], { remarks, say }: Notebook): void {
  const known = [endpointType, logType, componentType]
  const others = links.filter((link) => {
    const type = parseResourceId(link.linkedResourceId)?.type
    return type === undefined || !known.includes(type)
  })
  if (others.length === 0) return
  const who = listed(others.map((link) => say(link.linkedResourceId)))
  remarks.privateLinkScope.push(
    `The scope also links what this file has no section for, and what stays as it is: ${who}.`,
  )
}

function sayLost(
  { linkedResourceId: id }: Link,
  what: 'endpoint' | 'Log Analytics workspace',
  state: 'found' | 'missing' | 'unreadable' | 'unseen',
  { remarks, leftOut, say }: Notebook,
): void {
  if (state !== 'missing' && state !== 'unreadable') return
  const place = what === 'endpoint' ? 'dataCollectionEndpoints' : 'logAnalyticsWorkspaces'
  leftOut.add(idKey(id))
  remarks[place].push(
    state === 'missing'
      ? `The scope links the ${what} ${say(id)}, which no longer exists.`
      : `The scope links the ${what} ${say(id)}, which may not be read by this identity.`,
  )
}
