import type { z } from 'zod'
import { type Complaint, complaintsAbout } from './complaint.ts'
import type { Node } from './node.ts'
import { quoted, type Report } from './problem.ts'
import { topologySchema } from './schema.ts'

type Path = readonly PropertyKey[]

/** One schema violation with its full path. */
interface Finding {
  readonly path: Path
  readonly complaint: Complaint
  /** True if the key is invalid rather than its value. */
  readonly onKey: boolean
}

/**
 * Validates a topology file against its schema and reports every violation.
 *
 * @returns the tree without the invalid keys and values, so that the rest can be read; `undefined`
 *   after `mostFindings` violations
 */
export function checkShape(root: Node, report: Report): Node | undefined {
  const faults = new Set<Node>()
  const reported = new Set<string>()
  for (const finding of findAll(root.value)) {
    const { path, complaint, onKey } = finding
    const node = nodeAt(root, path)
    const shown = node ?? nodeAt(root, path.slice(0, -1)) ?? root
    if (node && complaint.code !== 'missing-key') faults.add(node)
    const at = onKey ? shown.keyAt : shown.at
    // One report per place: YAML aliases repeat a violation, and pattern and length checks overlap.
    const key = `${at.line}:${at.column}:${complaint.code}${node ? '' : path.map(String).join('/')}`
    if (reported.has(key)) continue
    reported.add(key)
    if (reported.size > mostFindings) return undefined
    report({
      code: complaint.code,
      at,
      message: complaint.message(pathText(path)),
      remedy: complaint.remedy,
    })
  }
  return faults.size === 0 ? root : without(root, faults)
}

/** Validation stops after this many violations: each costs time and memory, and one megabyte can have a quarter of a million. */
export const mostFindings = 10_000

/** Number of list entries validated at a time: every violation costs memory until it is reported. */
const entriesAtATime = 2000

/** Yields the schema's violations, validating long lists in portions. */
function* findAll(value: unknown): Generator<Finding> {
  for (const { part, from } of portions(value)) {
    const complaints: (readonly Complaint[])[] = []
    // Zod keeps one text per issue. We use it as an index into `complaints`.
    const error: z.core.$ZodErrorMap = (issue) =>
      String(complaints.push(complaintsAbout(issue)) - 1)
    const result = topologySchema.safeParse(part, { error })
    for (const issue of result.error?.issues ?? []) {
      const [section = '', index, ...rest] = issue.path
      const path = typeof index === 'number' ? [section, index + from, ...rest] : issue.path
      yield* findings({ ...issue, path: [...path] }, [], complaints)
    }
  }
}

/** Splits the document: each part has one portion of every long list. */
function* portions(value: unknown): Generator<{ readonly part: unknown; readonly from: number }> {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  const lists = isMap ? Object.entries(value).filter(([, list]) => Array.isArray(list)) : []
  const longest = Math.max(0, ...lists.map(([, list]) => (list as unknown[]).length))
  if (!isMap || longest <= entriesAtATime) {
    yield { part: value, from: 0 }
    return
  }
  for (let from = 0; from < longest; from += entriesAtATime) {
    // A list that has ended is left out, so that it is not taken for an empty one.
    const parts = lists.map(([name, all]): [string, unknown] => {
      const portion = (all as unknown[]).slice(from, from + entriesAtATime)
      return [name, portion.length > 0 || from === 0 ? portion : undefined]
    })
    yield { part: withoutUndefined({ ...value, ...Object.fromEntries(parts) }), from }
  }
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, child]) => child !== undefined))
}

function findings(
  issue: z.core.$ZodIssue,
  above: Path,
  complaints: readonly (readonly Complaint[])[],
): Finding[] {
  const path = [...above, ...issue.path]
  const complaintsAt = (text: string) => complaints[Number(text)] ?? []
  if (issue.code === 'invalid_union') {
    const branch = fittingBranch(issue.errors)
    if (branch) return branch.flatMap((inner) => findings(inner, path, complaints))
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.flatMap((key, index) => {
      const complaint = complaintsAt(issue.message)[index]
      return complaint ? [{ path: [...path, key], complaint, onKey: true }] : []
    })
  }
  const inner = issue.code === 'invalid_key' ? issue.issues[0] : undefined
  const onKey = inner !== undefined
  return complaintsAt((inner ?? issue).message).map((complaint) => ({ path, complaint, onKey }))
}

/** The branch of a union that the author most likely meant: the one whose type fits. */
function fittingBranch(branches: readonly (readonly z.core.$ZodIssue[])[]) {
  return branches.find(
    (issues) => !issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0),
  )
}

function nodeAt(root: Node, path: Path): Node | undefined {
  let node: Node | undefined = root
  for (const step of path) node = node?.children.get(String(step))
  return node
}

/** A path for messages, such as `clusters[0].metrics`; "The file" for the root. */
function pathText(path: Path): string {
  if (path.length === 0) return 'The file'
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`
      const key = String(step)
      if (!/^\w[\w-]{0,63}$/.test(key)) return `[${quoted(key)}]`
      return index === 0 ? key : `.${key}`
    })
    .join('')
}

function without(node: Node, faults: ReadonlySet<Node>): Node {
  if (node.children.size === 0) return node
  const children = new Map<string, Node>()
  for (const [key, child] of node.children) {
    if (!faults.has(child)) children.set(key, without(child, faults))
  }
  return { ...node, children }
}
