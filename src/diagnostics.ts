/** A diagnostic: one problem, where it is, and what to do about it (contract section 5). */
export interface Diagnostic {
  readonly severity: Severity
  readonly code: DiagnosticCode
  /** What is wrong, in one sentence, with the names and numbers that matter. */
  readonly message: string
  /** What to do about it, in one sentence. */
  readonly remedy: string
  /** The command that ends the remedy, if any; renderers show it as a code block to copy. */
  readonly command?: string
  /** Id of the resource that the diagnostic is about, spelled as in Azure or in the file. */
  readonly resource?: string
  /** Path of the topology file, relative to the workspace. */
  readonly file?: string
  /** 1-based line in `file`. */
  readonly line?: number
  /** 1-based column in `file`. */
  readonly column?: number
  /** Set when a waiver in the file downgraded this error to a warning. */
  readonly waived?: { readonly reason: string; readonly expires: string }
}

/** `error` blocks the plan; `warning` and `notice` don't. */
export type Severity = 'error' | 'warning' | 'notice'

/** Codes that block a plan unless they are waived (contract section 5). */
export const blockingCodes = [
  'unknown-resource',
  'unreadable-resource',
  'wrong-type',
  'duplicate-name',
  'duplicate-target',
  'waiver-expired',
  'flexible-scale-set',
  'scope-not-ready',
  'static-ip-private-endpoint',
  'endpoint-in-other-region',
  'rule-would-be-lost',
  'link-name-taken',
  'blackout',
  'limit-exceeded',
  'endpoint-in-use',
] as const

/** Codes that only warn (contract section 5). */
export const warningCodes = [
  'no-private-endpoint',
  'prometheus-not-enabled',
  'agent-missing',
  'identity-missing',
  'rule-without-endpoint',
  'nothing-sends',
  'addon-legacy-auth',
  'ingestion-endpoint-unused',
  'destination-not-linked',
  'endpoint-public',
  'workspace-public',
  'no-query-private-endpoint',
  'association-contested',
  'select-matches-nothing',
  'marked-by-unknown-topology',
] as const

/** Warnings that become errors when this plan itself would do the harm; they can be waived. */
export const sometimesBlocking = ['select-matches-nothing'] as const

/** Codes of errors in the file itself, of notices, and of cases for which the contract names no code. */
export const otherCodes = [
  'syntax',
  'invalid-value',
  'unknown-key',
  'missing-key',
  'duplicate-key',
  'duplicate-scope',
  'superseded',
  'unknown-alias',
  'file-too-large',
  'file-unreadable',
  'resource-group-missing',
  'link-kept',
  'waiver-unused',
  'waiver-added',
  'scale-set-skipped',
  'not-confirmed',
  'no-review',
  'duration',
  'public-path',
  'private-endpoint-not-approved',
  'custom-metrics-public',
  'too-many-problems',
] as const

/**
 * Codes about the network around the scope. They block a plan that sets ingestion to PrivateOnly
 * despite them (contract section 8).
 */
export const networkCodes = [
  'dns-zone-missing',
  'dns-zone-not-linked',
  'dns-zone-of-another-scope',
  'subnet-nearly-full',
  'neighbour-unserved',
  'scope-nearly-full',
  'network-not-visible',
] as const

export type DiagnosticCode =
  | (typeof blockingCodes)[number]
  | (typeof warningCodes)[number]
  | (typeof networkCodes)[number]
  | (typeof otherCodes)[number]

/** True when at least one diagnostic blocks the plan. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error')
}

const rank: Record<Severity, number> = { error: 0, warning: 1, notice: 2 }

/** Root causes: a resource that the file names is missing, unreadable or of the wrong type. */
const causes: readonly DiagnosticCode[] = ['unknown-resource', 'unreadable-resource', 'wrong-type']

/** Follow-up diagnostics about targets and rules while a resource that the file names is unavailable. */
const consequences: readonly string[] = ['blackout', 'destination-not-linked', 'nothing-sends']

/** The diagnostics that most likely disappear once the root causes are fixed; empty without a root cause. */
export function consequencesOf(diagnostics: readonly Diagnostic[]): ReadonlySet<Diagnostic> {
  const isCaused = diagnostics.some((d) => d.severity === 'error' && causes.includes(d.code))
  return new Set(isCaused ? diagnostics.filter((d) => consequences.includes(d.code)) : [])
}

/** Display order: severity, root causes before consequences, then place in the file, code and resource. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const following = consequencesOf(diagnostics)
  return diagnostics.toSorted(
    (a, b) =>
      rank[a.severity] - rank[b.severity] ||
      Number(following.has(a)) - Number(following.has(b)) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0) ||
      compare(a.code, b.code) ||
      compare(a.resource?.toLowerCase() ?? '', b.resource?.toLowerCase() ?? '') ||
      compare(a.message, b.message),
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
