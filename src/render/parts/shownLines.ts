import type { Change } from '../../plan/plan.ts'
import { pushTo } from '../../resources/group.ts'
import { idKey } from '../../resources/id.ts'
import { text } from '../text/markdown.ts'
import { namesOf } from '../text/shortNames.ts'
import { subjectOf } from '../text/words.ts'
import { describeChange } from './changeLine.ts'
import type { ShownGroup } from './changesIn.ts'
import { differences } from './differences.ts'

/** The lines of changes in the visible part of a comment. */
export interface ShownLines {
  /** The line of each change that has one, by the change's key. */
  readonly lines: ReadonlyMap<string, string>
  /** Keys of changes without a line that may be among those that were cut. */
  readonly cut: ReadonlySet<string>
}

/**
 * Finds the line of each change in the comment; each line matches one change. Reasons, results and
 * the length of names are not compared, because they can vary.
 */
export function findShownLines(
  changes: readonly Change[],
  groups: readonly ShownGroup[],
): ShownLines {
  const linesByStart = new Map<string, Line[]>()
  for (const line of groups.flatMap((group) => group.lines.map(readLine))) {
    pushTo(linesByStart, line.start, line)
  }
  let left = groups.reduce((all, group) => all + group.cut, 0)
  const lines = new Map<string, string>()
  const cut = new Set<string>()
  for (const change of changes) {
    const line = findLine(change, linesByStart)
    if (line !== undefined) {
      line.isTaken = true
      lines.set(change.key, line.raw)
    } else if (left > 0) {
      left -= 1
      cut.add(change.key)
    }
  }
  return { lines, cut }
}

interface Line {
  readonly raw: string
  /** Without sign and links. */
  readonly plain: string
  /** The verb and the resource. */
  readonly start: string
  /** Key of the resource in the portal link of its subject. */
  readonly linked: string | undefined
  isTaken: boolean
}

/** The sign or result before a change. */
const mark = /^(?:(?:✅|☑️|❌|⚠️|⏭️|⏹️|❓) [^:*[]*: |(?:⏳|▫️|➕|✏️|🔀|🗑️) )/u

function readLine(raw: string): Line {
  const item = raw.slice(2).replace(mark, '')
  const url = /^[^*]*\*\*\[[^\]]*\]\((https:[^)\s]*)\)\*\*/.exec(item)?.[1]
  const plain = item.replace(/\[([^\]]*)\]\(https:[^)\s]*\)/g, '$1')
  return { raw, plain, start: startOf(plain), linked: url && linkedKey(url), isTaken: false }
}

/** `https://portal.azure.com/#resource/subscriptions/…` → the key of the id. */
function linkedKey(url: string): string | undefined {
  try {
    return idKey(decodeURIComponent(url.slice(url.indexOf('#resource') + '#resource'.length)))
  } catch {
    // Not a URL that we wrote.
    return undefined
  }
}

/**
 * The verb and the first bold name; for access modes only the verb, since their values are bold.
 */
function startOf(plain: string): string {
  return /^(?:Set|Reset) /.exec(plain)?.[0] ?? /^[^*]*\*\*.+?\*\*/.exec(plain)?.[0] ?? ''
}

function findLine(
  change: Change,
  linesByStart: ReadonlyMap<string, readonly Line[]>,
): Line | undefined {
  const key = idKey(subjectOf(change))
  for (const head of headsOf(change)) {
    const found = linesByStart
      .get(startOf(head))
      ?.find(
        (line) =>
          !line.isTaken &&
          (line.linked === undefined || line.linked === key) &&
          (line.plain.startsWith(`${head} — `) || showsWanted(change, head, line.plain)),
      )
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * The possible lines of a change up to its reason, for every name by which its resources may be
 * shown.
 */
function headsOf(change: Change): readonly string[] {
  const ids = [...new Set([subjectOf(change), ...endpointsOf(change)])]
  const combinations = ids.reduce<readonly ReadonlyMap<string, string>[]>(
    (all, id) => all.flatMap((known) => namesOf(id).map((name) => new Map([...known, [id, name]]))),
    [new Map<string, string>()],
  )
  const heads = combinations.flatMap((names) => {
    const name = (id: string) => text(names.get(id) ?? id, 300)
    return asReviewed(change).map((one) => describeChange(one, { show: name, label: name }))
  })
  return [...new Set(heads)]
}

/** A failed link is written again: for the reviewer it is the same link (plan/fingerprint.ts). */
function asReviewed(change: Change): readonly Change[] {
  if (change.kind !== 'scopedResource' || change.after === null) return [change]
  const { after } = change
  return [
    { ...change, action: 'create', before: null, after },
    { ...change, action: 'update', before: after, after },
  ]
}

function endpointsOf({ before, after }: Change): readonly string[] {
  return [before, after].flatMap((resource) =>
    resource?.kind === 'association' ? (resource.endpointId ?? resource.ruleId ?? []) : [],
  )
}

/**
 * An update whose old values have changed since is the same for the reviewer, as long as the line
 * shows every value that would be written now.
 */
function showsWanted(change: Change, head: string, line: string): boolean {
  if (change.action !== 'update' || change.kind === 'association') return false
  const wanted = differences(change.before, change.after)
  const subject = head.slice(0, Math.max(0, head.indexOf(`${wanted[0]?.field ?? ' '} `)))
  if (wanted.length === 0 || !line.startsWith(subject)) return false
  return wanted.every(({ field, after }) => {
    const from = `, ${line.slice(subject.length)}`
    const at = from.indexOf(`, ${field} `)
    const arrow = from.indexOf(' → **', at)
    return at >= 0 && arrow >= 0 && from.startsWith(` → **${after}**`, arrow)
  })
}
