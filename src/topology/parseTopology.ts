import { type Diagnostic, sortDiagnostics } from '../diagnostics.ts'
import type { ResourceId } from '../resources/id.ts'
import type { AccessMode } from '../resources/resource.ts'
import { checkCreatedEndpoints } from './created.ts'
import { readDocument } from './yamlDocument.ts'
import { readEndpoints } from './endpoints.ts'
import { childOf, type Node, textOf } from './node.ts'
import { diagnosticOf, type Report } from './problem.ts'
import { Problems } from './problems.ts'
import { readFormerNames } from './formerNames.ts'
import { readReference } from './references.ts'
import { readRemoteWriters } from './remoteWriters.ts'
import { checkShape } from './shape.ts'
import { readTargets } from './readTargets.ts'
import type { Position, Topology } from './topology.ts'
import { readWaivers } from './waivers.ts'
import { readWorkspaces } from './readWorkspaces.ts'

export interface ParsedTopology {
  /** Present only when the file has no error. */
  readonly topology?: Topology
  /** All problems of the file, in display order. */
  readonly diagnostics: readonly Diagnostic[]
  /** What the file claims for itself; also present, as far as readable, for a file with errors. */
  readonly claims: Claims
}

/** The name and the scope, which must each be unique among the files of a repository. */
export interface Claims {
  readonly name?: { readonly text: string; readonly at: Position }
  readonly scope?: { readonly id: ResourceId; readonly at: Position }
}

export interface ParseOptions {
  /** Path of the file, relative to the workspace, with forward slashes. */
  readonly file: string
  /** Day of the run, `YYYY-MM-DD` in UTC; decides which waivers have expired. */
  readonly today: string
}

/** Placeholder for a missing or invalid subscription, so that the rest of the file can be checked. */
const noSubscription = '00000000-0000-0000-0000-000000000000'

/**
 * Parses a topology file (contract section 1). Never throws because of a file's content: returns all
 * problems that can be found without Azure at once, each with its line and column.
 */
export function parseTopology(text: string, options: ParseOptions): ParsedTopology {
  const problems = new Problems()
  const report: Report = (problem) => {
    problems.add(problem)
  }
  const document = readDocument(text, report)
  const root = document && checkShape(document, report)
  const topology = root && readTopology(root, options, report)
  const diagnostics = sortDiagnostics(
    problems.shown().map((problem) => diagnosticOf(problem, options.file)),
  )
  const claims = root === undefined ? {} : readClaims(root)
  const isSound = topology !== undefined && problems.count === 0
  return isSound ? { topology, diagnostics, claims } : { diagnostics, claims }
}

function readClaims(root: Node): Claims {
  const name = childOf(root, 'name')
  const text = textOf(name)
  const subscription = textOf(childOf(root, 'subscription'))?.toLowerCase() ?? noSubscription
  const scope = readReference(childOf(root, 'privateLinkScope'), 'privateLinkScope', {
    subscription,
    report: () => undefined,
  })
  return {
    ...(name !== undefined && text !== undefined && { name: { text, at: name.at } }),
    ...(scope && { scope: { id: scope.id, at: scope.at } }),
  }
}

/** Reads the valid parts of the file; `undefined` if an essential key is missing. */
function readTopology(
  root: Node,
  { file, today }: ParseOptions,
  report: Report,
): Topology | undefined {
  const name = textOf(childOf(root, 'name'))
  const subscription = textOf(childOf(root, 'subscription'))?.toLowerCase()
  const context = { subscription: subscription ?? noSubscription, report }
  const privateLinkScope = readReference(
    childOf(root, 'privateLinkScope'),
    'privateLinkScope',
    context,
  )
  const workspaces = readWorkspaces(root, context)
  const { targets, selects } = readTargets(root, workspaces, context)
  const formerNames = readFormerNames(root, report)
  const remoteWrite = readRemoteWriters(root, workspaces, report)
  const endpoints = readEndpoints(root, context)
  const waivers = readWaivers(root, today, context)
  checkCreatedEndpoints(root, name ?? 'topology', targets, endpoints, report)
  if (name === undefined || subscription === undefined || !privateLinkScope) return undefined
  return {
    file,
    name,
    formerNames,
    subscription,
    privateLinkScope,
    accessModes: readAccessModes(root),
    azureMonitorWorkspaces: workspaces.monitor,
    logAnalyticsWorkspaces: workspaces.logs,
    targets,
    selects,
    remoteWrite,
    endpoints,
    existingAssociations:
      textOf(childOf(root, 'existingAssociations')) === 'replace' ? 'replace' : 'adopt',
    waivers,
  }
}

function readAccessModes(root: Node): Topology['accessModes'] {
  const section = childOf(root, 'accessModes')
  const mode = (key: string): AccessMode | undefined => {
    const text = textOf(childOf(section, key))
    return text === 'Open' || text === 'PrivateOnly' ? text : undefined
  }
  const ingestion = mode('ingestion')
  const query = mode('query')
  return {
    ...(ingestion && { ingestion }),
    ...(query && { query }),
    at: section?.keyAt ?? root.at,
  }
}
