import type { Diagnostic } from './diagnostics.ts'
import type { Failure } from './errors.ts'
import type { Chain } from './explain/chain.ts'
import type { AccessMode } from './resources/resource.ts'
import type { EgressFqdns } from './egress/egress.ts'
import type { NetworkCheck } from './egress/inside/networkCheck.ts'
import type { NetworkReport } from './network/judge.ts'
import type { Outcome } from './plan/schedule/outcome.ts'
import type { Change, Plan } from './plan/plan.ts'
import type { Telemetry } from './telemetry/telemetry.ts'
import type { RemoteWriteTarget } from './egress/remoteWrite.ts'

/** The result of running a command on one topology file, as data. */
export type Report = ReportFacts & Ending

/** A report of a command about a plan, whether or not a plan could be made. */
export type PlanReport = Exclude<Report, { readonly situation: 'found' }>

/** What any report may hold; `Ending` says which fields each situation guarantees. */
export interface ReportFacts {
  /** Path of the topology file. */
  readonly file: string
  /** Absent when the file could not be read. */
  readonly topology?: string
  readonly command: Command
  readonly failure?: Failure
  /** Absent when nothing could be planned. */
  readonly plan?: Plan
  /** Diagnostics of the plan, the file and the run. */
  readonly diagnostics: readonly Diagnostic[]
  /** For an apply: in the order of the plan. */
  readonly outcomes?: readonly Outcome[]
  /** The changes still needed after an apply that did not converge. */
  readonly remaining?: readonly Change[]
  /** The reviewed changes compared with those needed now, if an apply compared them. */
  readonly review?: ReviewComparison
  readonly egress?: EgressFqdns
  /** The scope's ingestion mode before the plan. */
  readonly ingestion?: AccessMode
  /**
   * Keys of the resources that the scope links before the plan. Others that are in use are not
   * reached through the scope.
   */
  readonly linked?: ReadonlySet<string>
  readonly remoteWrite?: readonly RemoteWriteTarget[]
  /** The network around the scope; absent if it was not read. */
  readonly network?: NetworkReport
  /** For an import: what it wrote. */
  readonly imported?: Imported
  /** The estimated duration of an apply of the plan, in seconds. */
  readonly expectedSeconds?: number
  /** For a command that is not about a plan: what it found. */
  readonly findings?: Findings
}

/** How the run ended. The command decides it; no code infers it later from other fields. */
export type Ending =
  /**
   * `invalid`: the file has errors, so there is no plan. `unplanned`: something else prevented a
   * plan: sign-in, permissions, Azure, GitHub, an input.
   */
  | Ended<'invalid' | 'unplanned', 'failed', { readonly failure: Failure }>
  /** The file was checked and Azure was not asked. */
  | Ended<'validated', 'validated'>
  | Ended<'nothing', 'no-changes', WithPlan>
  | Ended<'planned', 'changes', WithPlan>
  /** There is a plan, but errors block it. */
  | Ended<'blocked', 'failed', WithPlan & { readonly failure: Failure }>
  | Ended<'clean', 'clean', WithPlan>
  | Ended<'drift', 'drift', WithPlan>
  /** A file was written from a live scope, and this is its plan. */
  | Ended<'imported', 'imported', WithPlan & { readonly imported: Imported }>
  /** An apply is in progress and has no final result yet. */
  | Ended<'applying', 'changes', WithPlan>
  | Ended<'applied', 'applied', WithOutcomes>
  | Ended<'partial', 'partial', WithOutcomes & { readonly failure: Failure }>
  /** Every write succeeded, but Azure does not match the file. */
  | Ended<'not-converged', 'partial' | 'failed', WithOutcomes & { readonly failure: Failure }>
  /** An apply wrote nothing: it could not start, or its first writes failed. */
  | Ended<'failed', 'failed', WithPlan & { readonly failure: Failure }>
  /** An apply was refused: the changes needed now were not reviewed. */
  | Ended<'plan-changed' | 'plan-not-found', 'failed', WithPlan & { readonly failure: Failure }>
  /** The branch has a newer version of the file, which its own run applies. */
  | Ended<'superseded', 'superseded'>
  /** The command was not about a plan. */
  | Ended<'found', Found, { readonly findings: Findings }>

/** The situation that a comment describes. */
export type Situation = PlanReport['situation']

/** The results of commands that are not about a plan. */
type Found = Extract<
  Result,
  'receiving' | 'reachable' | 'clean' | 'unknown' | 'broken' | 'silent' | 'unreachable'
>

type Ended<B extends string, R extends Result, More = unknown> = {
  readonly situation: B
  readonly result: R
} & More

interface WithPlan {
  readonly plan: Plan
}

type WithOutcomes = WithPlan & { readonly outcomes: readonly Outcome[] }

/** A topology file that was written from a live scope. */
export interface Imported {
  readonly clusters: number
  readonly machines: number
  readonly workspaces: number
  /**
   * What the file can't express and what could not be determined, one sentence each: also comments
   * in the file.
   */
  readonly remarks: readonly string[]
}

/**
 * The findings of commands that are not about a plan; `render/findings.ts` has a renderer for each.
 */
export type Findings =
  { readonly kind: 'telemetry'; readonly telemetry: Telemetry } | NetworkCheck | Chain

/** All commands; `commands/commands.ts` has a row for each. */
export const commandNames = [
  'plan',
  'apply',
  'drift',
  'verify',
  'check-network',
  'import',
  'explain',
] as const
export type Command = (typeof commandNames)[number]

/**
 * What code outside `commands/` must know about a command. It comes from the command's row in
 * `commands/commands.ts`, and the run carries it. No code tests for a command by name.
 */
export interface CommandTraits {
  /**
   * How the command uses the input `topology-file`: it reads existing files, it writes a new one,
   * or it reads files unless the input `egress-json` is given.
   */
  readonly files: 'read' | 'made' | 'read or egress-json'
  /** Takes the input `target`. */
  readonly takesTarget?: true
  /** May write to Azure: its transport allows writes, and it needs an approval. */
  readonly writes: boolean
  /**
   * What it does with a pull request's comment: writes the plan comment, completes it, adds a
   * section to it, or nothing.
   */
  readonly comment: 'writes' | 'ends' | 'adds' | 'none'
  /** The issue that it keeps up to date, if any. */
  readonly issue: 'drift' | 'telemetry' | 'none'
  /** Its possible results, from best to worst. */
  readonly results: readonly Result[]
}

/** From best to worst; the worst result of several files is the run's (contract section 9). */
export const results = [
  'no-changes',
  'clean',
  'validated',
  'receiving',
  'reachable',
  'imported',
  'superseded',
  'changes',
  'applied',
  'unknown',
  'broken',
  'drift',
  'silent',
  'unreachable',
  'partial',
  'failed',
] as const
export type Result = (typeof results)[number]

/** Whether a result fails the step: always, never, or depending on an input. */
export const failsTheStep: Readonly<
  Record<Result, 'always' | 'never' | 'failOnDrift' | 'failOnSilent'>
> = {
  'no-changes': 'never',
  clean: 'never',
  validated: 'never',
  receiving: 'never',
  reachable: 'never',
  imported: 'never',
  superseded: 'never',
  changes: 'never',
  applied: 'never',
  unknown: 'never',
  broken: 'never',
  drift: 'failOnDrift',
  silent: 'failOnSilent',
  unreachable: 'always',
  partial: 'always',
  failed: 'always',
}

/** The changes in the merged pull request's comment, compared with those needed now. */
export interface ReviewComparison {
  readonly pullRequest: number
  readonly commentUrl?: string
  /** Changes needed now that the comment did not show. */
  readonly unreviewed: readonly Change[]
  /** How many reviewed changes are no longer needed. */
  readonly gone: number
}
