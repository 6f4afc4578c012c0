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

/** At most this many clusters without a Prometheus rule are read again, to bound the number of requests. */
const mostRereads = 16

/**
 * Rule `cluster-ingestion`: for a cluster with `metrics`, the endpoint that its Prometheus rule sends
 * through is linked (article, "Cluster DCE"). It is found by following cluster → associations → rule
 * → endpoint, never by name: names are truncated and vary (facts, section 0, fact 6).
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
    // A Prometheus rule under the reserved name counts; `rule-would-be-lost` reports it.
    const held = heldRuleOf(target, world.estate)?.rule
    if (rules.length === 0 && !(held !== undefined && sendsPrometheus(held))) {
      diagnostics.push(explainNoPrometheus(world, target))
      const question = { what: 'ruleAssociations', id: target.target.id } as const
      if (questions.length < mostRereads && !world.estate.confirmed.has(questionKey(question)))
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

/** True if the rule collects managed Prometheus metrics. */
export function sendsPrometheus(rule: Rule): boolean {
  return rule.streams.some((stream) => stream.toLowerCase() === 'microsoft-prometheusmetrics')
}

function explainNoPrometheus(world: World, target: ResolvedTarget): Diagnostic {
  const { name, prometheusEnabled } = target.target
  const workspace = metricsWorkspaceOf(world, target)?.workspace.name ?? target.metrics ?? ''
  const remedy =
    prometheusEnabled === true
      ? `Managed Prometheus is enabled but has no rule, which is common with Terraform and Bicep. Create a data collection rule with the stream Microsoft-PrometheusMetrics to ${workspace}, with an endpoint, and associate it with ${name} (az monitor data-collection rule association create), then plan again. Or remove "metrics" of the cluster from the file.`
      : `Enable managed Prometheus on ${name} (az aks update --enable-azure-monitor-metrics), then plan again. Or remove "metrics" of the cluster from the file.`
  return {
    severity: 'warning',
    code: 'prometheus-not-enabled',
    message: `${name} should send metrics to ${target.metrics ?? ''}, but no rule with the stream Microsoft-PrometheusMetrics is associated with it, so there is no ingestion endpoint to link.`,
    remedy,
    resource: target.target.id,
    ...pointAt(world.topology, target.at),
  }
}

/** Reports a Prometheus rule that may be a leftover: Azure says that the cluster sends no metrics. */
function explainTurnedOff(world: World, target: ResolvedTarget): Diagnostic {
  const { name } = target.target
  return {
    severity: 'warning',
    code: 'prometheus-not-enabled',
    message: `${name} should send metrics to ${target.metrics ?? ''} and has a Prometheus rule, but managed Prometheus is disabled on it.`,
    remedy: `Enable managed Prometheus on ${name} (az aks update --enable-azure-monitor-metrics), or remove "metrics" of the cluster from the file.`,
    resource: target.target.id,
    ...pointAt(world.topology, target.at),
  }
}
