import {
  type Event,
  EVENT_ID,
  type MappingEvent,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml'
import type { Node } from './node.ts'
import type { Problem, Report } from './problem.ts'
import type { Position } from './topology.ts'

/** Limit on the values that aliases repeat in total; a normal file repeats a few hundred. */
export const maxRepeated = 100_000

/** The parser's events, and the function that turns an offset into a position. */
export interface Events {
  readonly source: string
  readonly events: readonly Event[]
  readonly place: (offset: number) => Position
}

/** State of the tree builder. */
export interface Build extends Events {
  readonly report: Report
  readonly anchors: Map<string, Anchored | 'open'>
  /** Index of the next event. */
  index: number
  /** The largest source offset of the events so far. */
  reached: number
  /** Number of values so far, including those that aliases repeat. */
  size: number
  /** Number of values that aliases repeat. */
  repeated: number
  /** True after an error that leaves no usable tree. */
  broken: boolean
}

export interface Anchored {
  readonly node: Node
  readonly size: number
}

/** Initial state of the tree builder. */
export function beginBuild(events: Events, report: Report): Build {
  const counts = { index: 1, reached: 0, size: 0, repeated: 0 }
  return {
    ...events,
    report,
    anchors: new Map<string, Anchored | 'open'>(),
    ...counts,
    broken: false,
  }
}

/** Consumes the next event. */
export function takeEvent(build: Build): Event | undefined {
  const event = build.events[build.index++]
  build.reached = Math.max(build.reached, endOf(event))
  return event
}

/** Position to report for the next list item if it is empty: its dash, which the parser's events don't include. */
export function emptyItemPlace(build: Build, list: Position): Position {
  const next = build.events[build.index]
  if (next?.type !== EVENT_ID.SCALAR || next.valueStart !== -1) return list
  const dash = /-[ \t]*(?:#.*)?$/gm
  dash.lastIndex = build.reached
  const match = dash.exec(build.source)
  if (!match) return list
  build.reached = match.index + match[0].length
  return build.place(match.index)
}

/** The YAML tag of a value as written; empty if it has none. */
export function tagOf(build: Build, event: ScalarEvent | SequenceEvent | MappingEvent): string {
  return event.tagStart === -1 ? '' : build.source.slice(event.tagStart, event.tagEnd)
}

/** Reports a violation of YAML itself; the file then yields no tree. */
export function refuse(
  build: Build,
  problem: Omit<Problem, 'code'> & { readonly code?: Problem['code'] },
): void {
  build.broken = true
  build.report({ code: 'syntax', ...problem })
}

function endOf(event: Event | undefined): number {
  if (!event) return 0
  if ('valueEnd' in event) return event.valueEnd
  if ('start' in event) return event.start
  return 'anchorEnd' in event ? event.anchorEnd : 0
}
