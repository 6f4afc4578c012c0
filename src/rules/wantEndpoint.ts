import type { Diagnostic } from '../diagnostics.ts'
import type { Question } from '../estate/question.ts'
import { explainReading, lookUp } from '../estate/reading.ts'
import type { RuleId } from './ruleIds.ts'
import { resourceId } from '../resources/id.ts'
import { marksOf, ownershipTag } from '../resources/ownership.ts'
import type { DataCollectionEndpoint } from '../resources/resource.ts'
import type { Position, Topology } from '../topology/topology.ts'
import { pointAt, type Want, type World } from './world.ts'

/** An endpoint that a rule wants under a name from our template. */
export interface WantedEndpoint {
  /** Absent if the endpoint can't be used or created; a diagnostic then says why. */
  readonly id?: string
  /** Present if it must be created; `keepOurs` handles an existing endpoint of ours. */
  readonly want?: Want
  readonly diagnostics: readonly Diagnostic[]
  readonly questions: readonly Question[]
}

/**
 * Wants an endpoint by name. An existing endpoint with that name is used if its region fits, whoever
 * created it. Otherwise it is an error, since a location can't be changed (contract sections 2, 7).
 */
export function wantEndpoint(
  world: World,
  wanted: {
    /** `undefined` if the template gives no valid name. */
    readonly name: string | undefined
    readonly location: string
    readonly rule: RuleId
    readonly reason: string
    readonly at: Position
  },
): WantedEndpoint {
  const { topology } = world
  const { resourceGroup } = topology.endpoints
  const none = { diagnostics: [], questions: [] }
  if (wanted.name === undefined) return { ...none, diagnostics: [explainEmptyName(topology)] }
  if (resourceGroup === undefined) {
    return { ...none, diagnostics: [explainNoResourceGroup(topology, wanted.name, wanted)] }
  }
  const id = resourceId(
    resourceGroup.subscription,
    resourceGroup.name,
    'Microsoft.Insights/dataCollectionEndpoints',
    wanted.name,
  ).text
  const reading = lookUp(world.estate, 'endpoint', id)
  switch (reading.state) {
    case 'unseen':
      return { ...none, questions: [reading.question] }
    case 'missing': {
      const resource = endpointToCreate(topology, id, wanted.location)
      return { ...none, id, want: { resource, rule: wanted.rule, reason: wanted.reason } }
    }
    case 'unreadable': {
      const what = `endpoint "${wanted.name}"`
      const neededBy = wanted.reason
      const { file } = topology
      return {
        ...none,
        diagnostics: [explainReading(reading, { what, id, neededBy, file, at: wanted.at })],
      }
    }
    case 'found':
      return reading.value.location === wanted.location
        ? { ...none, id: reading.value.id }
        : {
            ...none,
            diagnostics: [
              {
                severity: 'error',
                code: 'endpoint-in-other-region',
                message: `Endpoint "${wanted.name}" is needed in ${wanted.location}, but already exists in ${reading.value.location}, and the region of an endpoint can't be changed. ${wanted.reason}`,
                remedy:
                  'Change the name template (dataCollectionEndpoints.regionalName or machineName), or delete that endpoint when nothing uses it any more.',
                resource: reading.value.id,
                ...pointAt(topology, wanted.at),
              },
            ],
          }
  }
}

/** An endpoint with the settings of the file: public access, tags and our mark. */
export function endpointToCreate(
  topology: Topology,
  id: string,
  location: string,
): DataCollectionEndpoint {
  return {
    kind: 'dataCollectionEndpoint',
    id,
    location,
    publicNetworkAccess: topology.endpoints.publicNetworkAccess,
    tags: { ...topology.endpoints.tags, [ownershipTag]: marksOf(topology).own },
  }
}

function explainEmptyName(topology: Topology): Diagnostic {
  return {
    severity: 'error',
    code: 'duplicate-name',
    message:
      'A name template of dataCollectionEndpoints gives a name without any of A-Z, a-z and 0-9.',
    remedy: 'Use letters or digits in the template, for example dce-{topology}-{region}.',
    ...pointAt(topology, topology.endpoints.at),
  }
}

function explainNoResourceGroup(
  topology: Topology,
  name: string,
  wanted: { readonly reason: string; readonly at: Position },
): Diagnostic {
  return {
    severity: 'error',
    code: 'resource-group-missing',
    message: `Endpoint "${name}" must be created, but dataCollectionEndpoints.resourceGroup is missing. ${wanted.reason}`,
    remedy:
      'Add dataCollectionEndpoints: { resourceGroup: <name> } to the topology file, or name an existing endpoint in that region under existing.',
    ...pointAt(topology, wanted.at),
  }
}
