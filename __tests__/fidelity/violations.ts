import type { Held, Violation } from './specification.ts'

/** A violation that is meant to be: Azure was seen to do so, whatever the specification says. */
export interface Meant {
  readonly side: Violation['side']
  readonly operation: RegExp
  readonly code: string
  readonly at: RegExp
  /** The paragraph of simulator/README.md that says so. */
  readonly paragraph: string
  readonly why: string
}

const notListed = 'OBJECT_ADDITIONAL_PROPERTIES'

/** Every violation that is left. One that no request shows any more fails the test, as does one that is not here. */
export const meant: readonly Meant[] = [
  {
    side: 'response',
    operation: /^PrivateLinkScopes_/,
    code: notListed,
    at: /^(value\[\]\.)?(kind|etag|properties\.scopeId|properties\.privateEndpointConnections\[\]\.etag)$/,
    paragraph: 'G1',
    why: 'In every recorded answer (`test_monitor_private_link_scope_scenario` #1, #3, #25; quirks 19 and 23); the file forbids what it does not list.',
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
    why: 'A 404 of a link has an empty body (quirk 12), where the file has an error in it.',
  },
]

/** The same for what one scenario does and no other may do. */
export const meantInScenarios: readonly (Meant & { readonly scenario: string })[] = [
  {
    scenario: 'an-old-scope-without-access-modes',
    side: 'response',
    operation: /^PrivateLinkScopes_/,
    code: 'OBJECT_MISSING_REQUIRED_PROPERTY',
    at: /^(value\[\]\.)?properties\.accessModeSettings$/,
    paragraph: 'G3',
    why: 'A scope of before 2021-07 that never got modes (README G3, assumed): `an-old-scope-without-access-modes` is about it, since the SDK fails on such an answer (toolchain 1.5).',
  },
  {
    scenario: 'ingestion-becomes-private-only',
    side: 'response',
    operation: /^PrivateLinkScopes_/,
    code: notListed,
    at: /^(value\[\]\.)?properties\.futureSetting$/,
    paragraph: 'G5',
    why: 'A field of the future, on purpose: `ingestion-becomes-private-only` proves that it is kept.',
  },
  {
    scenario: 'ingestion-becomes-private-only',
    side: 'request',
    operation: /^PrivateLinkScopes_CreateOrUpdate$/,
    code: notListed,
    at: /^properties\.futureSetting$/,
    paragraph: 'G5',
    why: 'The same field, sent back as it was read, since a PUT replaces everything (facts 1.4).',
  },
]

/** What only this scenario may do. */
export function meantIn(scenario: string): readonly Meant[] {
  return meantInScenarios.filter((one) => one.scenario === scenario)
}

/** Which entry a violation falls under; `undefined`: it is not meant to be. */
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

/** Violations that are not meant to be, one line each; in a scenario those are meant too that only it may have. */
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
