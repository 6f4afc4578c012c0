import type { Position } from './topology.ts'

/** One value of the topology file with its position, so that later checks can point at it. */
export interface Node {
  /** The plain value: text, number, boolean, `null`, an array, or an object without prototype. */
  readonly value: unknown
  /** Start of the value; for an empty value, start of its key. */
  readonly at: Position
  /** Start of the key, for a value in a mapping; otherwise the same as `at`. */
  readonly keyAt: Position
  /** Children by key, or by index for a list; empty for a scalar. */
  readonly children: ReadonlyMap<string, Node>
}

/** The items of a list; empty if the node is not a list. */
export function itemsOf(node: Node | undefined): readonly Node[] {
  return node && Array.isArray(node.value) ? [...node.children.values()] : []
}

/** The entries of a mapping in file order; empty if the node is not a mapping. */
export function entriesOf(node: Node | undefined): readonly (readonly [string, Node])[] {
  return node && isMapping(node.value) ? [...node.children] : []
}

/** The value of one key of a mapping. */
export function childOf(node: Node | undefined, key: string): Node | undefined {
  return node && isMapping(node.value) ? node.children.get(key) : undefined
}

/** The value of a text scalar; `undefined` for any other node. */
export function textOf(node: Node | undefined): string | undefined {
  return typeof node?.value === 'string' ? node.value : undefined
}

/** The text items of a list, with their positions. */
export function textsOf(node: Node | undefined): { text: string; at: Position }[] {
  return itemsOf(node).flatMap((item) => {
    const text = textOf(item)
    return text === undefined ? [] : [{ text, at: item.at }]
  })
}

/** True if the mapping has this key in the file, even with an invalid value. */
export function hasKey(node: Node, key: string): boolean {
  return isMapping(node.value) && Object.hasOwn(node.value, key)
}

/** True if the value is that of a mapping. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
