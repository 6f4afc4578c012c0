/** A diagnostic: one problem, where it is, and what to do about it (contract section 5). */
export interface Diagnostic {
  readonly severity: Severity
  readonly code: DiagnosticCode
  /** What is wrong, in one sentence, with the names and numbers that matter. */
  readonly message: string
  /** What to do about it, in one sentence. */
  readonly remedy: string
  /** The command at the end of the remedy, where it ends in one: it is shown so that it can be copied. */
  readonly command?: string
  /** Resource id the diagnostic is about, as written by Azure or by the file. */
  readonly resource?: string
  /** Path of the topology file, relative to the workspace. */
  readonly file?: string
  /** 1-based line in `file`. */
  readonly line?: number
  /** 1-based column in `file`. */
  readonly column?: number
  /** Set when a waiver of the file turned an error into this warning. */
  readonly waived?: { readonly reason: string; readonly expires: string }
}

/** `error` blocks the plan, `warning` and `notice` don't. */
export type Severity = 'error' | 'warning' | 'notice'

/** Codes of diagnostics that block a plan unless they are waived (contract section 5). */
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

/** Codes of diagnostics that only warn (contract section 5). */
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

/** Warnings that are errors where the harm is done by this plan: a waiver can be for them. */
export const sometimesBlocking = ['select-matches-nothing'] as const

/**
 * Codes of problems that the file alone shows, of things the contract names no code for, and of
 * what is only worth saying.
 */
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

/** Codes of the network around the scope: they block where the plan closes ingestion over them (contract section 8). */
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

/** True when any of them blocks. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error')
}

const rank: Record<Severity, number> = { error: 0, warning: 1, notice: 2 }

/** What other diagnostics come of: something that the file names can't be had. */
const causes: readonly DiagnosticCode[] = ['unknown-resource', 'unreadable-resource', 'wrong-type']

/** What is said of targets and rules as long as what the file names for them can't be had. */
const consequences: readonly string[] = ['blackout', 'destination-not-linked', 'nothing-sends']

/** Those that most likely are gone once the errors that come first are; none where there is no such error. */
export function consequencesOf(diagnostics: readonly Diagnostic[]): ReadonlySet<Diagnostic> {
  const isCaused = diagnostics.some((d) => d.severity === 'error' && causes.includes(d.code))
  return new Set(isCaused ? diagnostics.filter((d) => consequences.includes(d.code)) : [])
}

/**
 * The order in which diagnostics are shown: worst first, what follows from others after these, then
 * by place in the file, code, resource.
 */
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
