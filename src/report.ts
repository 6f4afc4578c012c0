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

/** What the run of one topology file came to: what a command hands back, as data. */
export type Report = ReportFacts & Ending

/** A report of a run that was about a plan, whether or not there came to be one. */
export type PlanReport = Exclude<Report, { readonly situation: 'found' }>

/** What any report may hold; `Ending` says what is there for sure, and when. */
export interface ReportFacts {
  /** Path of the topology file. */
  readonly file: string
  /** Absent when the file could not be read. */
  readonly topology?: string
  readonly command: Command
  readonly failure?: Failure
  /** Absent when nothing could be planned. */
  readonly plan?: Plan
  /** Those of the plan, of the file and of the run. */
  readonly diagnostics: readonly Diagnostic[]
  /** Of an apply, in the order of the plan. */
  readonly outcomes?: readonly Outcome[]
  /** What was left after an apply, when it did not converge. */
  readonly remaining?: readonly Change[]
  /** What was reviewed beside what is wanted now, where an apply asked. */
  readonly review?: ReviewComparison
  readonly egress?: EgressFqdns
  /** The ingestion mode of the scope before the plan. */
  readonly ingestion?: AccessMode
  /** Keys of what the scope links before the plan; what is in use and isn't here isn't reached through it. */
  readonly linked?: ReadonlySet<string>
  readonly remoteWrite?: readonly RemoteWriteTarget[]
  /** The network around the scope; absent where it was not looked at. */
  readonly network?: NetworkReport
  /** Of an import: what it wrote. */
  readonly imported?: Imported
  /** How long an apply of the plan will take, in seconds. */
  readonly expectedSeconds?: number
  /** Of a command that is not about a plan: what it found. */
  readonly findings?: Findings
}

/** What became of the run, as the command that did it knows: nobody works it out later from what else is there. */
export type Ending =
  /** The file has errors: no plan. Or something else kept the run from planning: sign-in, permissions, Azure, GitHub, an input. */
  | Ended<'invalid' | 'unplanned', 'failed', { readonly failure: Failure }>
  /** The file was checked and Azure was not asked. */
  | Ended<'validated', 'validated'>
  | Ended<'nothing', 'no-changes', WithPlan>
  | Ended<'planned', 'changes', WithPlan>
  /** There is a plan, and errors keep it from being applied. */
  | Ended<'blocked', 'failed', WithPlan & { readonly failure: Failure }>
  | Ended<'clean', 'clean', WithPlan>
  | Ended<'drift', 'drift', WithPlan>
  /** A file was made of a live scope, and this is its plan. */
  | Ended<'imported', 'imported', WithPlan & { readonly imported: Imported }>
  /** An apply is under way; it has no result of its own yet. */
  | Ended<'applying', 'changes', WithPlan>
  | Ended<'applied', 'applied', WithOutcomes>
  | Ended<'partial', 'partial', WithOutcomes & { readonly failure: Failure }>
  /** All was written, and Azure is not as the file says. */
  | Ended<'not-converged', 'partial' | 'failed', WithOutcomes & { readonly failure: Failure }>
  /** An apply began, or could not begin, and wrote nothing. */
  | Ended<'failed', 'failed', WithPlan & { readonly failure: Failure }>
  /** An apply was refused: what is wanted now was not reviewed. */
  | Ended<'plan-changed' | 'plan-not-found', 'failed', WithPlan & { readonly failure: Failure }>
  /** The branch holds a newer file: its own run applies that. */
  | Ended<'superseded', 'superseded'>
  /** The command was not about a plan. */
  | Ended<'found', Found, { readonly findings: Findings }>

/** What a comment has to tell. */
export type Situation = PlanReport['situation']

/** What commands that are not about a plan can come to. */
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

/** A topology file that was made of a live scope. */
export interface Imported {
  readonly clusters: number
  readonly machines: number
  readonly workspaces: number
  /** What the file can't say, or nobody can know, one sentence each: comments of the file. */
  readonly remarks: readonly string[]
}

/** What commands find that are not about a plan; `render/findings.ts` has a renderer for each. */
export type Findings =
  { readonly kind: 'telemetry'; readonly telemetry: Telemetry } | NetworkCheck | Chain

/** The commands that there are; `commands/commands.ts` has a row for each. */
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
 * What is to be known of a command outside `commands/`: the row of `commands/commands.ts` says it, and a
 * run carries it with itself. Nobody asks for a command by its name.
 */
export interface CommandTraits {
  /**
   * What the input `topology-file` is to it: files that are there, one that it makes, or files that it does
   * without where the input `egress-json` is given.
   */
  readonly files: 'read' | 'made' | 'read or egress-json'
  /** Takes the input `target`. */
  readonly takesTarget?: true
  /** May write to Azure: its transport lets writes pass, and it needs somebody's approval. */
  readonly writes: boolean
  /**
   * Its part in a pull request's comment: it writes the comment on the plan, brings that comment to its
   * end, adds a section to it, or leaves comments alone.
   */
  readonly comment: 'writes' | 'ends' | 'adds' | 'none'
  /** Its one issue, which is kept up to date; or none. */
  readonly issue: 'drift' | 'telemetry' | 'none'
  /** What it can come to, from best to worst. */
  readonly results: readonly Result[]
}

/** From best to worst; the worst of several files is the run's (contract section 9). */
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

/** Which results fail the step: always, never, or unless an input says otherwise. */
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

/** What the merged pull request's comment showed, against what is wanted now. */
export interface ReviewComparison {
  readonly pullRequest: number
  readonly commentUrl?: string
  /** Changes wanted now that the comment did not show. */
  readonly unreviewed: readonly Change[]
  /** How many reviewed changes are no longer wanted. */
  readonly gone: number
}
