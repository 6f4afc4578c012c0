import type { Position } from './topology.ts'

/**
 * One value of the topology file with its place, so that whatever is found wrong with it later can
 * point there.
 */
export interface Node {
  /** The plain value: text, number, boolean, `null`, an array, or an object without prototype. */
  readonly value: unknown
  /** Where the value begins; that of its key where it is empty. */
  readonly at: Position
  /** Where its key stands, in a mapping; else where the value begins. */
  readonly keyAt: Position
  /** By key, or by index for a list; empty for a scalar. */
  readonly children: ReadonlyMap<string, Node>
}

/** The values of a list; none when it isn't one. */
export function itemsOf(node: Node | undefined): readonly Node[] {
  return node && Array.isArray(node.value) ? [...node.children.values()] : []
}

/** The entries of a mapping in file order; none when it isn't one. */
export function entriesOf(node: Node | undefined): readonly (readonly [string, Node])[] {
  return node && isMapping(node.value) ? [...node.children] : []
}

/** The value of one key of a mapping. */
export function childOf(node: Node | undefined, key: string): Node | undefined {
  return node && isMapping(node.value) ? node.children.get(key) : undefined
}

/** The text of a scalar; `undefined` when it is anything else. */
export function textOf(node: Node | undefined): string | undefined {
  return typeof node?.value === 'string' ? node.value : undefined
}

/** The texts of a list of texts with their places. */
export function textsOf(node: Node | undefined): { text: string; at: Position }[] {
  return itemsOf(node).flatMap((item) => {
    const text = textOf(item)
    return text === undefined ? [] : [{ text, at: item.at }]
  })
}

/** True when the file gives this key in this mapping, whether what it holds is sound or not. */
export function hasKey(node: Node, key: string): boolean {
  return isMapping(node.value) && Object.hasOwn(node.value, key)
}

/** True for the value of a mapping. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
