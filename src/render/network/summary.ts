import type { NetworkCheck } from '../../egress/inside/networkCheck.ts'
import type { Report } from '../../report.ts'
import type { RenderContext } from '../context.ts'
import { findingsFooter } from '../parts/findingsFooter.ts'
import { mostSummaryBytes } from '../summary.ts'
import { shortNames } from '../text/shortNames.ts'
import { fit, type Section } from '../text/limit.ts'
import { code, text } from '../text/markdown.ts'
import { listed, plural } from '../text/words.ts'
import { nameRows } from './nameTable.ts'
import { renderCauses } from './causes.ts'

/** `check-network` in the step summary: whether the runner is inside, what is wrong and why, and every name. */
export function renderNetworkSummary(
  check: NetworkCheck,
  report: Report,
  context: RenderContext,
): string {
  const { sign, title, lines } = verdictOf(check)
  const heading = `## ${sign} ${text(check.topology, 200)}: ${title}`
  const sections: Section[] = [
    { type: 'whole', text: [heading, ...lines].join('\n\n') },
    ...renderCauses(check),
    ...namesOf(check),
    { type: 'whole', text: findingsFooter(report, context) },
  ]
  const elsewhere = `the file that the output ${code('network-json')} names`
  const bytes = (part: string) => Buffer.byteLength(part)
  return `${fit(sections, mostSummaryBytes - 1, elsewhere, bytes)}\n`
}

interface Verdict {
  readonly sign: string
  readonly title: string
  readonly lines: readonly string[]
}

/** What the check came to, in a heading and the lines below it. */
export function verdictOf(check: NetworkCheck): Verdict {
  const expected = check.names.filter(({ isPublic }) => isPublic === 'never')
  const wrong = expected.filter(({ state }) => state !== 'private')
  const tail = [sayHow(check), ...sayPending(check)]
  if (check.result === 'reachable') {
    return {
      sign: '✅',
      title: `${plural(expected.length, 'name')} private and reachable from here`,
      lines: tail,
    }
  }
  if (check.result === 'unreachable') {
    return {
      sign: '❌',
      title: `${wrong.length} of ${plural(expected.length, 'name')} not as they must be here`,
      lines: [
        'This runner is in the network: other names are private here, so agents in it meet the same.',
        ...tail,
      ],
    }
  }
  return { sign: '❔', title: notKnown(check), lines: [...sayUnknown(check), ...tail] }
}

function notKnown({ inside, names }: NetworkCheck): string {
  if (names.length === 0) return 'there is no name to check yet'
  if (inside === false) return 'this runner is not in the network'
  return inside === true ? 'not everything could be told' : 'where this runner is can’t be told'
}

function sayUnknown({ inside, isHosted, names }: NetworkCheck): readonly string[] {
  if (names.length === 0) return ['No target has an endpoint or workspace with a host name.']
  if (isHosted && inside === null) {
    return [
      'This runner is hosted by GitHub, and names are private here: it may be one in a virtual network of yours. The check counts on a self-hosted runner only.',
    ]
  }
  if (isHosted) {
    return [
      'This runner is not in the network: it is hosted by GitHub. Run the check on a self-hosted runner in the network of the targets.',
    ]
  }
  if (inside === false) {
    return [
      'This runner is not in the network: every name that should be private is public here. If it is in the network of the targets, no private DNS zone is linked to that.',
    ]
  }
  if (inside === true) return ['What is open is told below; nothing is taken for good.']
  return [
    'No name that should be private has an address here, so nothing shows whether this runner is in the network.',
  ]
}

function sayHow({ askedBy, knowsAzure }: NetworkCheck): string {
  const how =
    askedBy.server === undefined
      ? 'as programs of this machine resolve them'
      : `by the DNS server ${code(askedBy.server, 100)}`
  const against = knowsAzure
    ? "compared with the addresses of the scope's private endpoint"
    : 'taken for private where RFC 1918 or `fc00::/7` says so: nothing was asked of Azure'
  return `Names were resolved ${how}, and their addresses ${against}. Then each was connected to on port 443.`
}

function sayPending({ pending }: NetworkCheck): readonly string[] {
  if (pending.length === 0) return []
  const name = shortNames(pending)
  const all = listed(pending.map((id) => text(name(id), 200)))
  return [`Not checked, since Azure has given no host names yet: ${all}.`]
}

function namesOf(check: NetworkCheck): readonly Section[] {
  if (check.names.length === 0) return []
  return [
    {
      type: 'list',
      head: '### Every name',
      items: nameRows(check.names),
      tail: '',
      weight: 3,
    },
  ]
}
