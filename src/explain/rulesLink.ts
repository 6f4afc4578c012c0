import type { Diagnostic } from '../diagnostics.ts'
import type { Rule } from '../estate/estate.ts'
import { heldRuleOf } from '../estate/heldRule.ts'
import { nameOf } from '../resources/id.ts'
import { clusterIngestion, sendsPrometheus } from '../rules/clusterIngestion.ts'
import { nothingSends } from '../rules/nothingSends.ts'
import { ruleEndpoint } from '../rules/ruleEndpoint.ts'
import type { World } from '../rules/world.ts'
import { broken, type Finding, ok, mergeFindings, unknown } from './chain.ts'
import type { Subject } from './facts.ts'
import { kindOf } from './fileLinks.ts'

/** Checks that it has rules that send as the file says, with a private path where needed. */
export function rulesLink(subject: Subject): Finding {
  const { resolved, estate, key, live } = subject
  if (resolved === undefined) return unknown('Its rules are unknown, because the target is.')
  const rules = liveRules(subject)
  const lost = (estate.ruleAssociations.get(key) ?? []).filter(
    (id) => estate.rules.get(id)?.state === 'missing',
  )
  const faults = [
    ...(rules.length === 0 && !resolved.hasHiddenRule && !sendsByKey(live)
      ? [noRule(subject, lost)]
      : []),
    ...diagnosed(subject),
  ]
  if (faults.length > 0) return mergeFindings(faults)
  if (resolved.hasHiddenRule) {
    return unknown(
      "This identity can't read one of its data collection rules, so the destinations of that rule are unknown.",
      'Give the identity the Reader role on its rules.',
    )
  }
  if (rules.length === 0) {
    return unknown(
      'No rule is associated with it: its monitoring add-on sends with the key of its workspace.',
    )
  }
  const gone =
    lost.length === 0
      ? ''
      : ` An association refers to ${lost.map(nameOf).join(', ')}, which does not exist.`
  return ok(`${rules.map(describeRule).join('; ')}.${gone}`)
}

/** The current rules of the target, including one that the configuration association holds by mistake. */
export function liveRules({ resolved, estate }: Subject): readonly Rule[] {
  if (resolved === undefined) return []
  const held = heldRuleOf(resolved, estate)?.rule
  return held === undefined ? resolved.rules : [...resolved.rules, held]
}

function sendsByKey(live: Subject['live']): boolean {
  return (live?.addons ?? []).some(({ usesKey }) => usesKey)
}

function noRule({ target, live }: Subject, lost: readonly string[]): Finding {
  const name = live?.name ?? nameOf(target.text)
  const gone = lost.length === 0 ? '' : ` (${lost.map(nameOf).join(', ')} does not exist)`
  return broken(
    `No data collection rule is associated with ${name}${gone}: it collects nothing.`,
    kindOf(target.type) === 'cluster'
      ? 'Enable managed Prometheus or the monitoring add-on, which create its rules (az aks update --enable-azure-monitor-metrics, az aks enable-addons -a monitoring).'
      : 'Associate one with it (az monitor data-collection rule association create).',
  )
}

/** The diagnostics of the derivation rules for this target. */
function diagnosed({ desired, resolved, live }: Subject): readonly Finding[] {
  if (resolved === undefined) return []
  const world: World = { ...desired.world, targets: [resolved] }
  const isTurnedOff = live?.prometheusEnabled === false && resolved.rules.some(sendsPrometheus)
  return [
    ...ruleEndpoint(world).diagnostics.map(findingOf),
    ...nothingSends(world).diagnostics.map(findingOf),
    // `agentLink` reports disabled Prometheus.
    ...(isTurnedOff ? [] : clusterIngestion(world).diagnostics.map(findingOf)),
  ]
}

function findingOf({ code, message, remedy }: Diagnostic): Finding {
  return code === 'unreadable-resource' ? unknown(message, remedy) : broken(message, remedy)
}

/** `dcr-vm sends logs to law-weu`. */
function describeRule({ name, logDestinations, metricsDestinations, endpointId }: Rule): string {
  const parts = [
    ...(logDestinations.length > 0 ? [`logs to ${logDestinations.map(nameOf).join(', ')}`] : []),
    ...(metricsDestinations.length > 0
      ? [`metrics to ${metricsDestinations.map(nameOf).join(', ')}`]
      : []),
  ]
  const through = endpointId === undefined ? '' : ` through ${nameOf(endpointId)}`
  return parts.length === 0
    ? `${name} sends nowhere`
    : `${name} sends ${parts.join(' and ')}${through}`
}
