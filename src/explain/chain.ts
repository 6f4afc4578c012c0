/**
 * What `explain` finds of one target: every link between the topology file and the record that arrives, in the
 * order in which each needs the one before it (contract section 12).
 */
export interface Chain {
  readonly kind: 'chain'
  /** Resource id of the machine or cluster. */
  readonly target: string
  /** Name of the topology. */
  readonly topology: string
  readonly links: readonly ChainLink[]
}

/** One link, and how it is. */
export interface ChainLink {
  readonly link: LinkName
  readonly state: LinkState
  /** The facts, in whole sentences. */
  readonly detail: string
  /** What to do, in whole sentences; empty where nothing is to be done. */
  readonly remedy: string
  /** The command that the remedy ends with, where it ends in one. */
  readonly command?: string
}

/** `unknown`: it could not be told. It is never counted as `ok`. */
export type LinkState = 'ok' | 'broken' | 'unknown'

/** The links, in order: as they are shown, and as programs know them. */
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

/** A link before it has its name. */
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

/** Several findings of one link as one: the worst state, and what is to be said of those that have it. */
export function together(findings: readonly Finding[]): Finding {
  const worst = (['broken', 'unknown', 'ok'] as const).find((state) =>
    findings.some((finding) => finding.state === state),
  )
  const those = findings.filter(({ state }) => state === worst)
  const [first] = those
  if (first === undefined) throw new Error('A link has a finding.')
  if (those.length === 1) return first
  const say = (texts: readonly string[]) =>
    [...new Set(texts.filter((text) => text !== ''))].join(' ')
  return {
    state: first.state,
    detail: say(those.map(({ detail }) => detail)),
    remedy: say(those.map(({ remedy }) => remedy)),
  }
}

/** The link to look at first: what comes after it may well be a consequence. */
export function firstBroken({ links }: Chain): ChainLink | undefined {
  return links.find(({ state }) => state === 'broken')
}

/** What a run of `explain` comes to. */
export function resultOf({ links }: Chain): 'clean' | 'unknown' | 'broken' {
  if (links.some(({ state }) => state === 'broken')) return 'broken'
  return links.every(({ state }) => state === 'ok') ? 'clean' : 'unknown'
}
