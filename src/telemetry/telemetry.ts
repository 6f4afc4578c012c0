import { idKey } from '../resources/id.ts'

/** What a run of `verify` found: every target at every destination (contract section 9). */
export interface Telemetry {
  /** Name of the topology. */
  readonly topology: string
  /** ISO 8601, by Azure's clock. */
  readonly checkedAt: string
  readonly windowMinutes: number
  /** In order of id. */
  readonly destinations: readonly DestinationReach[]
  /** By destination, then silent before unknown before the rest, then by id. */
  readonly targets: readonly TargetTelemetry[]
}

/** One target at one destination. */
export interface TargetTelemetry {
  /** Resource id of the machine or cluster. */
  readonly id: string
  /** Resource id of the workspace. */
  readonly destination: string
  readonly kind: DestinationKind
  readonly state: TelemetryState
  /** ISO 8601; the newest record within 24 h, if there is one and its time is known. */
  readonly lastSeen?: string
  readonly witnesses: readonly Witness[]
  readonly path: TelemetryPath
  /** The address that the path was judged by, its host part masked. */
  readonly address?: string
  /** Only for `unknown`. */
  readonly cause?: UnknownCause
  /** Remarks for the user, as whole sentences. */
  readonly notes: readonly string[]
  /** Objects of the chain that changed after the last record, newest first; only for `silent`. */
  readonly changedSince: readonly ChainChange[]
}

export type DestinationKind = 'logs' | 'metrics'

/** Worst first: the display order. */
export const telemetryStates = ['silent', 'unknown', 'receiving', 'nothing-expected'] as const
export type TelemetryState = (typeof telemetryStates)[number]

/** Why verify could not determine whether a target sends. */
export type UnknownCause =
  'network-restricted' | 'forbidden' | 'throttled' | 'partial-answer' | 'ambiguous-name' | 'error'

/** Which way the newest heartbeat came. Evidence, not proof (facts-2 A.5). */
export type TelemetryPath = 'private' | 'public' | 'unknown'

/** A table or metric that has records of the target. */
export interface Witness {
  readonly name: string
  /** ISO 8601; absent if all we know is that it arrived within the window. */
  readonly lastSeen?: string
  readonly records: number
}

/** An object between a target and its destination that was changed. */
export interface ChainChange {
  readonly id: string
  /** ISO 8601. */
  readonly at: string
  readonly by: string
}

/** Whether a destination could be queried. */
export interface DestinationReach {
  readonly id: string
  readonly kind: DestinationKind
  readonly reachable: Reach
  /** One or two sentences on why not, or on what limits the answer; may be empty. */
  readonly detail: string
}

export type Reach = 'yes' | 'network-restricted' | 'forbidden' | 'throttled' | 'error'

/** The number of rows in each state. */
export type TelemetryCounts = Readonly<Record<TelemetryState, number>>

export function countStates(targets: readonly TargetTelemetry[]): TelemetryCounts {
  const counts = { receiving: 0, silent: 0, unknown: 0, 'nothing-expected': 0 }
  for (const { state } of targets) counts[state] += 1
  return counts
}

/**
 * The worst state, which becomes the run's result. A target of which nothing is expected counts as
 * fine.
 */
export function worstState(
  targets: readonly TargetTelemetry[],
): 'receiving' | 'unknown' | 'silent' {
  const counts = countStates(targets)
  return counts.silent > 0 ? 'silent' : counts.unknown > 0 ? 'unknown' : 'receiving'
}

/** The telemetry of one target, one row per destination; for `explain`. */
export function telemetryOf(telemetry: Telemetry, target: string): readonly TargetTelemetry[] {
  const key = idKey(target)
  return telemetry.targets.filter(({ id }) => idKey(id) === key)
}
