import type { Rule } from './estate.ts'

/**
 * Streams for which a rule must name an endpoint, by Microsoft's list (facts, section 4.5; facts-2,
 * section E): Prometheus, OpenTelemetry, Windows firewall, high-scale container logs.
 */
const through =
  /^microsoft-(prometheusmetrics|otel|otlp-|windowsfirewall|containerlogv2-highscale)/i

/** The first stream of a rule that requires an endpoint, if any. */
export function streamNeedingEndpoint({ streams }: Rule): string | undefined {
  return streams.find((stream) => through.test(stream))
}

/** True if the rule needs an endpoint but names none: its data then has no private path. */
export function needsEndpoint(rule: Rule): boolean {
  if (rule.endpointId !== undefined) return false
  return rule.metricsDestinations.length > 0 || streamNeedingEndpoint(rule) !== undefined
}
