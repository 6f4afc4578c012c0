import { idKey } from '../resources/id.ts'

/** What a run of `verify` found: every target at every destination (contract section 9). */
export interface Telemetry {
  /** Name of the topology. */
  readonly topology: string
  /** ISO 8601, by the clock of Azure. */
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
  /** ISO 8601; the newest record within 24 h, where there is one and it is known when it came. */
  readonly lastSeen?: string
  readonly witnesses: readonly Witness[]
  readonly path: TelemetryPath
  /** The address that the path was read from, its host part masked. */
  readonly address?: string
  /** Of `unknown`, and of no other. */
  readonly cause?: UnknownCause
  /** What else is to be said, as whole sentences; empty when nothing is. */
  readonly notes: readonly string[]
  /** What of the chain changed after the last record; of `silent` only. Newest first. */
  readonly changedSince: readonly ChainChange[]
}

export type DestinationKind = 'logs' | 'metrics'

/** Worst first: the order in which they are shown. */
export const telemetryStates = ['silent', 'unknown', 'receiving', 'nothing-expected'] as const
export type TelemetryState = (typeof telemetryStates)[number]

/** Why it could not be told whether a target sends. */
export type UnknownCause =
  'network-restricted' | 'forbidden' | 'throttled' | 'partial-answer' | 'ambiguous-name' | 'error'

/** Which way the newest heartbeat came. Evidence, not proof (facts-2 A.5). */
export type TelemetryPath = 'private' | 'public' | 'unknown'

/** A table or metric that has records of the target. */
export interface Witness {
  readonly name: string
  /** ISO 8601; absent where only the window is known. */
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

/** Whether a destination could be asked. */
export interface DestinationReach {
  readonly id: string
  readonly kind: DestinationKind
  readonly reachable: Reach
  /** One sentence or two on why not, or on what limits the answer; empty when there is nothing to say. */
  readonly detail: string
}

export type Reach = 'yes' | 'network-restricted' | 'forbidden' | 'throttled' | 'error'

/** How many rows have which state. */
export type TelemetryCounts = Readonly<Record<TelemetryState, number>>

export function countStates(targets: readonly TargetTelemetry[]): TelemetryCounts {
  const counts = { receiving: 0, silent: 0, unknown: 0, 'nothing-expected': 0 }
  for (const { state } of targets) counts[state] += 1
  return counts
}

/** The worst of the states: what the run comes to. Where nothing is expected, nothing is wrong. */
export function worstState(
  targets: readonly TargetTelemetry[],
): 'receiving' | 'unknown' | 'silent' {
  const counts = countStates(targets)
  return counts.silent > 0 ? 'silent' : counts.unknown > 0 ? 'unknown' : 'receiving'
}

/** The telemetry of one target, a row for each destination; for `explain`. */
export function telemetryOf(telemetry: Telemetry, target: string): readonly TargetTelemetry[] {
  const key = idKey(target)
  return telemetry.targets.filter(({ id }) => idKey(id) === key)
}
