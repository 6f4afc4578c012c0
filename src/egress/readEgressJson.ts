import { parseResourceId } from '../resources/id.ts'
import type { EgressEndpoint, EgressFqdns, EgressRegion, EgressWorkspace } from './egress.ts'
import { isHostName } from './hosts.ts'

/** Size limit; larger than any file that this action writes for 10,000 targets. */
export const mostEgressBytes = 64 * 1024 * 1024

/**
 * Reads the file that an earlier run wrote as output `egress-fqdns`. It may come from an artifact or a
 * copy, so everything in it is validated: only host names and resource ids are accepted.
 *
 * @throws Error with one clause that says what is wrong
 */
export function readEgressJson(json: string): EgressFqdns {
  const root = object(parse(json), 'the file')
  if (root['formatVersion'] !== 1) {
    throw new Error(`its formatVersion is ${shown(root['formatVersion'])}, but only 1 is supported`)
  }
  return {
    formatVersion: 1,
    topology: topologyName(root['topology']),
    scope: resourceId(root['scope'], 'scope'),
    private: root['private'] === true,
    regions: array(root['regions'], 'regions').map(readRegion),
    endpoints: array(root['endpoints'], 'endpoints').map(readEndpoint),
    logWorkspaces: array(root['logWorkspaces'], 'logWorkspaces').map(readWorkspace),
  }
}

function readRegion(value: unknown): EgressRegion {
  const region = object(value, 'regions[]')
  return {
    region: regionName(region['region']),
    hosts: hosts(region['hosts'], 'regions[].hosts'),
    targets: array(region['targets'], 'regions[].targets').map((each) => {
      const target = object(each, 'regions[].targets[]')
      return {
        id: resourceId(target['id'], 'regions[].targets[].id'),
        hosts: hosts(target['hosts'], 'regions[].targets[].hosts'),
        wildcards: [],
        pending: array(target['pending'] ?? [], 'regions[].targets[].pending').map((id) =>
          resourceId(id, 'regions[].targets[].pending[]'),
        ),
      }
    }),
  }
}

function readEndpoint(value: unknown): EgressEndpoint {
  const endpoint = object(value, 'endpoints[]')
  const names = (['configurationAccess', 'logsIngestion', 'metricsIngestion'] as const).flatMap(
    (key) =>
      endpoint[key] === undefined ? [] : [[key, host(endpoint[key], `endpoints[].${key}`)]],
  )
  return {
    id: resourceId(endpoint['id'], 'endpoints[].id'),
    ...(Object.fromEntries(names) as Omit<EgressEndpoint, 'id'>),
  }
}

function readWorkspace(value: unknown): EgressWorkspace {
  const workspace = object(value, 'logWorkspaces[]')
  return {
    id: resourceId(workspace['id'], 'logWorkspaces[].id'),
    hosts: hosts(workspace['hosts'], 'logWorkspaces[].hosts'),
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new Error('it is not valid JSON', { cause: error })
  }
}

function object(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${where} is not an object`)
  }
  return value as Readonly<Record<string, unknown>>
}

function array(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${where} is not a list`)
  return value
}

function hosts(value: unknown, where: string): readonly string[] {
  return array(value, where).map((each) => host(each, `${where}[]`))
}

function host(value: unknown, where: string): string {
  if (typeof value === 'string' && isHostName(value)) return value.toLowerCase()
  throw new Error(`${where} has ${shown(value)}, which is not a host name`)
}

function resourceId(value: unknown, where: string): string {
  const id = typeof value === 'string' ? parseResourceId(value)?.text : undefined
  if (id !== undefined) return id
  throw new Error(`${where} has ${shown(value)}, which is not a resource id`)
}

function topologyName(value: unknown): string {
  if (typeof value === 'string' && /^[a-z][a-z0-9-]{0,18}[a-z0-9]$/.test(value)) return value
  throw new Error(`topology has ${shown(value)}, which is not a topology name`)
}

function regionName(value: unknown): string {
  if (typeof value === 'string' && /^[a-z0-9]{1,40}$/.test(value)) return value
  throw new Error(`regions[].region has ${shown(value)}, which is not a region`)
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) as string | undefined
  if (json === undefined) return 'nothing'
  return json.length > 80 ? `${json.slice(0, 79)}…` : json
}
