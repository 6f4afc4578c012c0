import type { Held, Violation } from './specification.ts'

/** An intended violation: Azure was observed to do this, whatever the specification says. */
export interface Meant {
  readonly side: Violation['side']
  readonly operation: RegExp
  readonly code: string
  readonly at: RegExp
  /** The paragraph of simulator/README.md about it. */
  readonly paragraph: string
  readonly why: string
}

const notListed = 'OBJECT_ADDITIONAL_PROPERTIES'

/** All remaining violations. The test fails if one no longer occurs, or if another one does. */
export const meant: readonly Meant[] = [
  {
    side: 'response',
    operation: /^PrivateLinkScopes_/,
    code: notListed,
    at: /^(value\[\]\.)?(kind|etag|properties\.scopeId|properties\.privateEndpointConnections\[\]\.etag)$/,
    paragraph: 'G1',
    why: 'In every recorded answer (`test_monitor_private_link_scope_scenario` #1, #3, #25; quirks 19 and 23); the file forbids unlisted properties.',
  },
  {
    side: 'response',
    operation: /^PrivateEndpointConnections_/,
    code: notListed,
    at: /^(value\[\]\.)?etag$/,
    paragraph: 'G8',
    why: 'In every recorded answer (same recording #26, #27; quirk 19).',
  },
  {
    side: 'response',
    operation: /^PrivateLinkScopedResources_/,
    code: notListed,
    at: /^(value\[\]\.)?etag$/,
    paragraph: 'H1',
    why: 'In every recorded answer (same recording #9–#14; quirk 19).',
  },
  {
    side: 'response',
    operation: /^PrivateLinkScopedResources_Get$/,
    code: 'INVALID_RESPONSE_BODY',
    at: /^body$/,
    paragraph: 'C3',
    why: 'A 404 of a link has an empty body (quirk 12), but the file requires an error in it.',
  },
]

/** Violations that only one scenario may have. */
export const meantInScenarios: readonly (Meant & { readonly scenario: string })[] = [
  {
    scenario: 'an-old-scope-without-access-modes',
    side: 'response',
    operation: /^PrivateLinkScopes_/,
    code: 'OBJECT_MISSING_REQUIRED_PROPERTY',
    at: /^(value\[\]\.)?properties\.accessModeSettings$/,
    paragraph: 'G3',
    why: 'A scope from before 2021-07 without modes (README G3, assumed), the subject of `an-old-scope-without-access-modes`, because the SDK fails on such an answer (toolchain 1.5).',
  },
  {
    scenario: 'ingestion-becomes-private-only',
    side: 'response',
    operation: /^PrivateLinkScopes_/,
    code: notListed,
    at: /^(value\[\]\.)?properties\.futureSetting$/,
    paragraph: 'G5',
    why: 'An unknown field, on purpose: `ingestion-becomes-private-only` proves that it is kept.',
  },
  {
    scenario: 'ingestion-becomes-private-only',
    side: 'request',
    operation: /^PrivateLinkScopes_CreateOrUpdate$/,
    code: notListed,
    at: /^properties\.futureSetting$/,
    paragraph: 'G5',
    why: 'The same field, sent back as it was read, because a PUT replaces everything (facts 1.4).',
  },
]

/** The violations that only this scenario may have. */
export function meantIn(scenario: string): readonly Meant[] {
  return meantInScenarios.filter((one) => one.scenario === scenario)
}

/** The entry that covers a violation; `undefined` if it is not intended. */
export function meaning(
  violation: Violation,
  entries: readonly Meant[] = meant,
): Meant | undefined {
  return entries.find(
    ({ side, operation, code, at }) =>
      side === violation.side &&
      operation.test(violation.operation) &&
      code === violation.code &&
      at.test(violation.at),
  )
}

/**
 * Unintended violations, one per line. In a scenario, those that only it may have are intended too.
 */
export function strange(held: readonly Held[], scenario?: string): readonly string[] {
  const entries = scenario === undefined ? meant : [...meant, ...meantIn(scenario)]
  const lines = held.flatMap(({ request, violations }) =>
    violations
      .filter((violation) => meaning(violation, entries) === undefined)
      .map(
        ({ side, operation, code, at, message }) =>
          `${request.method} ${request.path} → ${request.status}: ${side} of ${operation}: ${code} at ${at}: ${message}`,
      ),
  )
  return [...new Set(lines)].sort()
}
