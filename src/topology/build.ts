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

/** How many values aliases may repeat in all; a file of honest size repeats a few hundred. */
export const maxRepeated = 100_000

/** The parser's events, with what turns them into places. */
export interface Events {
  readonly source: string
  readonly events: readonly Event[]
  readonly place: (offset: number) => Position
}

/** How far the tree has been built. */
export interface Build extends Events {
  readonly report: Report
  readonly anchors: Map<string, Anchored | 'open'>
  /** Of the event that comes next. */
  index: number
  /** The furthest offset that an event so far told. */
  reached: number
  /** Values so far, those that aliases repeat included. */
  size: number
  /** Values that aliases repeat. */
  repeated: number
  /** True once something was found that leaves no tree. */
  broken: boolean
}

export interface Anchored {
  readonly node: Node
  readonly size: number
}

/** What a tree is begun with. */
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

/** The event that comes next, taken. */
export function takeEvent(build: Build): Event | undefined {
  const event = build.events[build.index++]
  build.reached = Math.max(build.reached, endOf(event))
  return event
}

/** Where the next item of a list is shown if it is empty: its dash, of which the events tell nothing. */
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

/** The tag of a value as written; empty when it has none. */
export function tagOf(build: Build, event: ScalarEvent | SequenceEvent | MappingEvent): string {
  return event.tagStart === -1 ? '' : build.source.slice(event.tagStart, event.tagEnd)
}

/** Reports what YAML itself forbids; there is no tree then. */
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
