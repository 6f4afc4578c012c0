import type { Change } from '../../plan/plan.ts'
import { pushTo } from '../../resources/group.ts'
import { idKey } from '../../resources/id.ts'
import { text } from '../text/markdown.ts'
import { namesOf } from '../text/shortNames.ts'
import { subjectOf } from '../text/words.ts'
import { sayChange } from './changeLine.ts'
import type { ShownGroup } from './changesIn.ts'
import { differences } from './differences.ts'

/** How changes stand in the visible part of a comment. */
export interface Standing {
  /** Keys of those that have a line of their own, with that line. */
  readonly lines: ReadonlyMap<string, string>
  /** Keys of those that have none, in a comment that was cut and had that many more. */
  readonly cut: ReadonlySet<string>
}

/**
 * Looks for each change where the comment shows it, as its line says it, each line for one change. What moves by
 * itself isn't compared: reasons, what became of it, how long a name is.
 */
export function findStanding(changes: readonly Change[], groups: readonly ShownGroup[]): Standing {
  const shelves = new Map<string, Line[]>()
  for (const line of groups.flatMap((group) => group.lines.map(readLine))) {
    pushTo(shelves, line.start, line)
  }
  let left = groups.reduce((all, group) => all + group.cut, 0)
  const lines = new Map<string, string>()
  const cut = new Set<string>()
  for (const change of changes) {
    const line = findLine(change, shelves)
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
  /** Without mark and links. */
  readonly plain: string
  /** What it does to what. */
  readonly start: string
  /** Key of the resource that its subject is linked to. */
  readonly linked: string | undefined
  isTaken: boolean
}

/** What stands before a change: its sign, or what became of it. */
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
    // No address of ours.
    return undefined
  }
}

/** What it does and the first bold name; of access modes only what it does, since their values are bold. */
function startOf(plain: string): string {
  return /^(?:Set|Reset) /.exec(plain)?.[0] ?? /^[^*]*\*\*.+?\*\*/.exec(plain)?.[0] ?? ''
}

function findLine(change: Change, shelves: ReadonlyMap<string, readonly Line[]>): Line | undefined {
  const key = idKey(subjectOf(change))
  for (const head of headsOf(change)) {
    const found = shelves
      .get(startOf(head))
      ?.find(
        (line) =>
          !line.isTaken &&
          (line.linked === undefined || line.linked === key) &&
          (line.plain.startsWith(`${head} — `) || saysWanted(change, head, line.plain)),
      )
    if (found !== undefined) return found
  }
  return undefined
}

/** The line of a change up to its reason, with each name that its resources may be shown by. */
function headsOf(change: Change): readonly string[] {
  const ids = [...new Set([subjectOf(change), ...endpointsOf(change)])]
  const combinations = ids.reduce<readonly ReadonlyMap<string, string>[]>(
    (all, id) => all.flatMap((known) => namesOf(id).map((name) => new Map([...known, [id, name]]))),
    [new Map<string, string>()],
  )
  const heads = combinations.flatMap((names) => {
    const name = (id: string) => text(names.get(id) ?? id, 300)
    return asReviewed(change).map((one) => sayChange(one, { show: name, label: name }))
  })
  return [...new Set(heads)]
}

/** A link that failed is written again: for who reviewed it that is the same link (plan/fingerprint.ts). */
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
 * An update whose old values moved since is the same to who reviewed it, as long as every value that would be
 * written now stands there as wanted.
 */
function saysWanted(change: Change, head: string, line: string): boolean {
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
