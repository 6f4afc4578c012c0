import type { Diagnostic } from '../diagnostics.ts'
import type { Question } from '../estate/question.ts'
import type { Rule } from '../estate/estate.ts'
import { explainReading, lookUp } from '../estate/reading.ts'
import { needsEndpoint, streamNeedingEndpoint } from '../estate/streams.ts'
import type { ResolvedTarget } from '../estate/resolved.ts'
import { nameOf } from '../resources/id.ts'
import { type Derived, linkTo, pointAt, type Want, type World } from './world.ts'

/**
 * Rule `rule-endpoint`: every endpoint that a target's rules refer to is linked, because under private
 * link an agent can't send through an endpoint that isn't linked (facts, section 4.5).
 */
export function ruleEndpoint(world: World): Derived {
  const wants: Want[] = []
  const diagnostics: Diagnostic[] = []
  const questions: Question[] = []
  for (const target of world.targets) {
    for (const rule of target.rules) {
      if (rule.endpointId === undefined) {
        if (needsEndpoint(rule)) diagnostics.push(explainNoEndpoint(world, target, rule))
        continue
      }
      const reading = lookUp(world.estate, 'endpoint', rule.endpointId)
      if (reading.state === 'unseen') questions.push(reading.question)
      else if (reading.state === 'found') {
        wants.push({
          resource: linkTo(world.topology, reading.value.id),
          rule: 'rule-endpoint',
          reason: `The rule ${rule.name} of ${target.target.name} sends through it.`,
        })
      } else if (reading.state === 'unreadable') {
        diagnostics.push(
          explainReading(reading, {
            what: `endpoint "${nameOf(rule.endpointId)}"`,
            id: rule.endpointId,
            neededBy: `the rule ${rule.name} of ${target.target.name} sends through it`,
            file: world.topology.file,
            at: target.at,
          }),
        )
      } else diagnostics.push(explainGone(world, target, rule, rule.endpointId))
    }
  }
  return { wants, diagnostics, questions }
}

function explainNoEndpoint(world: World, target: ResolvedTarget, rule: Rule): Diagnostic {
  const stream = streamNeedingEndpoint(rule)
  const [workspace = ''] = [...rule.metricsDestinations, ...rule.logDestinations].map(nameOf)
  const sends =
    stream === undefined
      ? `sends to the Azure Monitor workspace ${workspace}`
      : `sends ${stream} to ${workspace === '' ? 'its workspace' : workspace}`
  return {
    severity: 'warning',
    code: 'rule-without-endpoint',
    message: `The rule ${rule.name} of ${target.target.name} ${sends}, which requires an endpoint, but names none: its data has no private path.`,
    remedy: `Set dataCollectionEndpointId of ${rule.name} to an endpoint in the region of ${workspace === '' ? 'its workspace' : workspace}; the next plan links it.`,
    resource: rule.id,
    ...pointAt(world.topology, target.at),
  }
}

function explainGone(
  world: World,
  target: ResolvedTarget,
  rule: Rule,
  endpointId: string,
): Diagnostic {
  return {
    severity: 'warning',
    code: 'unknown-resource',
    message: `The rule ${rule.name} of ${target.target.name} sends through ${endpointId}, which does not exist: its data is lost.`,
    remedy: `Set dataCollectionEndpointId of ${rule.name} to an existing endpoint, or remove the rule's association with ${target.target.name}.`,
    resource: endpointId,
    ...pointAt(world.topology, target.at),
  }
}
