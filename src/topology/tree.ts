import {
  type AliasEvent,
  EVENT_ID,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml'
import {
  beginBuild,
  type Build,
  emptyItemPlace,
  type Events,
  maxRepeated,
  refuse,
  tagOf,
  takeEvent,
} from './build.ts'
import type { Node } from './node.ts'
import { quoted, type Report } from './problem.ts'
import { resolveScalar } from './scalar.ts'
import type { Position } from './topology.ts'

/**
 * Builds the tree of values from the events of one document. Reports duplicate keys and keeps the
 * first; reports violations of YAML itself and then returns no tree.
 */
export function buildTree(events: Events, report: Report): Node | undefined {
  const build = beginBuild(events, report)
  const root = buildNode(build, { line: 1, column: 1 })
  return build.broken ? undefined : root
}

/** @param owner position to report for an empty value: its key, or the collection that contains it */
function buildNode(build: Build, owner: Position): Node {
  const event = takeEvent(build)
  switch (event?.type) {
    case EVENT_ID.ALIAS:
      return repeatNode(build, event, owner)
    case EVENT_ID.SCALAR:
      return withAnchor(build, event, () => buildScalar(build, event, owner))
    case EVENT_ID.SEQUENCE:
      return withAnchor(build, event, () => buildList(build, event))
    case EVENT_ID.MAPPING:
      return withAnchor(build, event, () => buildMapping(build, event))
    case EVENT_ID.DOCUMENT:
    case EVENT_ID.POP:
    case undefined:
      throw new Error(`The YAML parser gave no value at event ${build.index - 1}.`)
  }
}

function withAnchor(
  build: Build,
  event: ScalarEvent | SequenceEvent | MappingEvent,
  make: () => Node,
): Node {
  const before = build.size++
  if (event.anchorStart === -1) return make()
  const name = build.source.slice(event.anchorStart, event.anchorEnd)
  build.anchors.set(name, 'open')
  const node = make()
  // A nested anchor with the same name was defined later, so it wins.
  if (build.anchors.get(name) === 'open') {
    build.anchors.set(name, { node, size: build.size - before })
  }
  return node
}

function repeatNode(build: Build, event: AliasEvent, owner: Position): Node {
  const name = build.source.slice(event.anchorStart, event.anchorEnd)
  const at = build.place(event.anchorStart - 1)
  const anchor = build.anchors.get(name)
  if (anchor === undefined || anchor === 'open') {
    refuse(build, {
      at,
      message: anchor
        ? `The alias *${name} is inside the value that it repeats.`
        : `The alias *${name} has no anchor &${name} before it.`,
      remedy: anchor
        ? 'Write the value out.'
        : `Mark the value to repeat with &${name}, or write it out.`,
    })
    return { value: null, at, keyAt: owner, children: new Map() }
  }
  const before = build.repeated
  build.size += anchor.size
  build.repeated += anchor.size
  if (build.repeated > maxRepeated && before <= maxRepeated) {
    refuse(build, {
      code: 'file-too-large',
      at,
      message: `The aliases of the file repeat more than ${maxRepeated} values.`,
      remedy: 'Write the values out instead of nesting aliases.',
    })
  }
  return { ...anchor.node, at, keyAt: at }
}

function buildScalar(build: Build, event: ScalarEvent, owner: Position): Node {
  const { SINGLE_QUOTED, DOUBLE_QUOTED } = SCALAR_STYLE
  const quote = event.style === SINGLE_QUOTED || event.style === DOUBLE_QUOTED ? 1 : 0
  const at = event.valueStart === -1 ? owner : build.place(event.valueStart - quote)
  const text = getScalarValue(build.source, event)
  const resolved = resolveScalar(text, tagOf(build, event), event.style)
  if ('problem' in resolved) refuse(build, { at, ...resolved.problem })
  const value = 'value' in resolved ? resolved.value : null
  return { value, at, keyAt: at, children: new Map() }
}

function buildList(build: Build, event: SequenceEvent): Node {
  const at = build.place(event.start)
  checkTag(build, event, '!!seq')
  const children = new Map<string, Node>()
  while (build.events[build.index]?.type !== EVENT_ID.POP) {
    children.set(String(children.size), buildNode(build, emptyItemPlace(build, at)))
  }
  build.index++
  return { value: [...children.values()].map((child) => child.value), at, keyAt: at, children }
}

function buildMapping(build: Build, event: MappingEvent): Node {
  const at = build.place(event.start)
  checkTag(build, event, '!!map')
  const children = new Map<string, Node>()
  while (build.events[build.index]?.type !== EVENT_ID.POP) {
    const key = buildKey(build, at)
    const child = buildNode(build, key.at)
    if (key.text === undefined) continue
    const first = children.get(key.text)
    if (!first) children.set(key.text, { ...child, keyAt: key.at })
    else {
      build.report({
        code: 'duplicate-key',
        at: key.at,
        message: `The key ${quoted(key.text)} appears twice; the first is on line ${first.keyAt.line}.`,
        remedy: 'Keep one of them.',
      })
    }
  }
  build.index++
  return { value: valueOf(children), at, keyAt: at, children }
}

/** Builds an object without prototype, so that no key of a file collides with an inherited property. */
function valueOf(children: ReadonlyMap<string, Node>): Record<string, unknown> {
  const value = Object.create(null) as Record<string, unknown>
  for (const [key, child] of children) value[key] = child.value
  return value
}

function buildKey(build: Build, owner: Position): { text?: string; at: Position } {
  const event = build.events[build.index]
  const { at } = buildNode(build, owner)
  if (event?.type === EVENT_ID.SCALAR) {
    return { text: getScalarValue(build.source, event), at }
  }
  refuse(build, {
    at,
    message: 'A key must be plain text, not a list, a mapping or an alias.',
    remedy: 'Write the key as text, in quotes if it starts with {, [ or *.',
  })
  return { at }
}

function checkTag(build: Build, event: SequenceEvent | MappingEvent, usual: string): void {
  const tag = tagOf(build, event)
  if (tag === '' || tag === '!' || tag === usual) return
  refuse(build, {
    at: build.place(event.tagStart),
    message: `The YAML tag ${quoted(tag)} is not supported.`,
    remedy: 'Remove it.',
  })
}
