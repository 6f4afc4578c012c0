import type { Diagnostic } from '../diagnostics.ts'
import { type Question, questionKey } from '../estate/question.ts'
import { heldRuleOf } from '../estate/heldRule.ts'
import type { Rule } from '../estate/estate.ts'
import type { ResolvedTarget } from '../estate/resolved.ts'
import {
  type Derived,
  linkTo,
  metricsWorkspaceOf,
  pointAt,
  type Want,
  type World,
} from './world.ts'
import { foundEndpoint } from '../estate/live.ts'

/** How many clusters without a Prometheus rule are looked at once more, so that reads stay bounded. */
const mostSecondLooks = 16

/**
 * Rule `cluster-ingestion`: for a cluster with `metrics`, the endpoint that its Prometheus rule sends
 * through is linked (article, "Cluster DCE"). Found by walking cluster → associations → rule →
 * endpoint, never by name: names are cut and vary (facts, section 0, fact 6).
 */
export function clusterIngestion(world: World): Derived {
  const wants: Want[] = []
  const diagnostics: Diagnostic[] = []
  const questions: Question[] = []
  for (const target of world.targets) {
    if (target.kind !== 'cluster' || target.metrics === undefined) continue
    const rules = target.rules.filter(sendsPrometheus)
    if (rules.length > 0 && target.target.prometheusEnabled === false) {
      diagnostics.push(explainTurnedOff(world, target))
    }
    // One under the reserved name is there as long as that association is: rule-would-be-lost tells of it.
    const held = heldRuleOf(target, world.estate)?.rule
    if (rules.length === 0 && !(held !== undefined && sendsPrometheus(held))) {
      diagnostics.push(explainNoPrometheus(world, target))
      const question = { what: 'ruleAssociations', id: target.target.id } as const
      if (questions.length < mostSecondLooks && !world.estate.confirmed.has(questionKey(question)))
        questions.push(question)
    }
    for (const rule of rules) {
      const endpoint =
        rule.endpointId === undefined ? undefined : foundEndpoint(world.estate, rule.endpointId)
      if (endpoint === undefined) continue
      wants.push({
        resource: linkTo(world.topology, endpoint.id),
        rule: 'cluster-ingestion',
        reason: `The Prometheus rule ${rule.name} of ${target.target.name} sends through it.`,
      })
    }
  }
  return { wants, diagnostics, questions }
}

/** True when the rule carries managed Prometheus metrics. */
export function sendsPrometheus(rule: Rule): boolean {
  return rule.streams.some((stream) => stream.toLowerCase() === 'microsoft-prometheusmetrics')
}

function explainNoPrometheus(world: World, target: ResolvedTarget): Diagnostic {
  const { name, prometheusEnabled } = target.target
  const workspace = metricsWorkspaceOf(world, target)?.workspace.name ?? target.metrics ?? ''
  const remedy =
    prometheusEnabled === true
      ? `Managed Prometheus is on and lacks its rule, as Terraform and Bicep leave it: make a data collection rule with the stream Microsoft-PrometheusMetrics to ${workspace}, with an endpoint, and associate it with ${name} (az monitor data-collection rule association create), then plan again; or take its metrics out of the file.`
      : `Enable managed Prometheus on ${name} (az aks update --enable-azure-monitor-metrics), then plan again; or take its metrics out of the file.`
  return {
    severity: 'warning',
    code: 'prometheus-not-enabled',
    message: `${name} is to send metrics to ${target.metrics ?? ''}, and no rule with the stream Microsoft-PrometheusMetrics is associated with it; its ingestion endpoint can't be linked.`,
    remedy,
    resource: target.target.id,
    ...pointAt(world.topology, target.at),
  }
}

/** The rule may be a leftover: Azure says that the cluster itself sends no metrics. */
function explainTurnedOff(world: World, target: ResolvedTarget): Diagnostic {
  const { name } = target.target
  return {
    severity: 'warning',
    code: 'prometheus-not-enabled',
    message: `${name} is to send metrics to ${target.metrics ?? ''} and has a Prometheus rule, but managed Prometheus is turned off on it.`,
    remedy: `Enable managed Prometheus on ${name} (az aks update --enable-azure-monitor-metrics), or take its metrics out of the file.`,
    resource: target.target.id,
    ...pointAt(world.topology, target.at),
  }
}
