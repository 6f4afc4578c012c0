/**
 * Result of `explain` for one target: every link between the topology file and the arriving records.
 * Each link depends on the one before it (contract section 12).
 */
export interface Chain {
  readonly kind: 'chain'
  /** Resource id of the machine or cluster. */
  readonly target: string
  /** Name of the topology. */
  readonly topology: string
  readonly links: readonly ChainLink[]
}

/** One link of the chain and its state. */
export interface ChainLink {
  readonly link: LinkName
  readonly state: LinkState
  /** The facts, in full sentences. */
  readonly detail: string
  /** What to do, in full sentences; empty if there is nothing to do. */
  readonly remedy: string
  /** The command at the end of the remedy, if any. */
  readonly command?: string
}

/** State of a link. `unknown` never counts as `ok`. */
export type LinkState = 'ok' | 'broken' | 'unknown'

/** The names of the links, in order, for display and for programs. */
export const linkNames = [
  'in the file',
  'exists',
  'agent and identity',
  'association',
  'endpoint exists, in its region',
  'linked, Succeeded',
  'private endpoint approved',
  'zones and network',
  'rules',
  'destinations linked',
  'telemetry',
] as const
export type LinkName = (typeof linkNames)[number]

/** A link without its name. */
export type Finding = Omit<ChainLink, 'link'>

export function ok(detail: string): Finding {
  return { state: 'ok', detail, remedy: '' }
}

export function broken(detail: string, remedy: string, command?: string): Finding {
  return { state: 'broken', detail, remedy, ...(command === undefined ? {} : { command }) }
}

export function unknown(detail: string, remedy = ''): Finding {
  return { state: 'unknown', detail, remedy }
}

/** Merges several findings of one link: the worst state, with the details and remedies of the findings in that state. */
export function mergeFindings(findings: readonly Finding[]): Finding {
  const worst = (['broken', 'unknown', 'ok'] as const).find((state) =>
    findings.some((finding) => finding.state === state),
  )
  const those = findings.filter(({ state }) => state === worst)
  const [first] = those
  if (first === undefined) throw new Error('A link needs at least one finding.')
  if (those.length === 1) return first
  const join = (texts: readonly string[]) =>
    [...new Set(texts.filter((text) => text !== ''))].join(' ')
  return {
    state: first.state,
    detail: join(those.map(({ detail }) => detail)),
    remedy: join(those.map(({ remedy }) => remedy)),
  }
}

/** The first broken link; later broken links may be its consequences. */
export function firstBroken({ links }: Chain): ChainLink | undefined {
  return links.find(({ state }) => state === 'broken')
}

/** Result of a run of `explain`. */
export function resultOf({ links }: Chain): 'clean' | 'unknown' | 'broken' {
  if (links.some(({ state }) => state === 'broken')) return 'broken'
  return links.every(({ state }) => state === 'ok') ? 'clean' : 'unknown'
}
