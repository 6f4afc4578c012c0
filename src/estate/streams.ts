import type { Rule } from './estate.ts'

/**
 * Streams that can only be sent through an endpoint that the rule names: Microsoft's list (facts, section
 * 4.5; facts-2, section E): Prometheus, OpenTelemetry, Windows firewall, high-scale container logs.
 */
const through =
  /^microsoft-(prometheusmetrics|otel|otlp-|windowsfirewall|containerlogv2-highscale)/i

/** The stream for which a rule needs an endpoint, if it carries one that does. */
export function streamNeedingEndpoint({ streams }: Rule): string | undefined {
  return streams.find((stream) => through.test(stream))
}

/** True when the rule needs an endpoint and names none: what it collects has no private path. */
export function needsEndpoint(rule: Rule): boolean {
  if (rule.endpointId !== undefined) return false
  return rule.metricsDestinations.length > 0 || streamNeedingEndpoint(rule) !== undefined
}
