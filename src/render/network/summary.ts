import type { NetworkCheck } from '../../egress/inside/networkCheck.ts'
import type { Report } from '../../report.ts'
import type { RenderContext } from '../context.ts'
import { findingsFooter } from '../parts/findingsFooter.ts'
import { maxSummaryBytes } from '../summary.ts'
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
  return `${fit(sections, maxSummaryBytes - 1, elsewhere, bytes)}\n`
}

interface Verdict {
  readonly sign: string
  readonly title: string
  readonly lines: readonly string[]
}

/** The result of the check: a heading and the lines below it. */
export function verdictOf(check: NetworkCheck): Verdict {
  const expected = check.names.filter(({ isPublic }) => isPublic === 'never')
  const wrong = expected.filter(({ state }) => state !== 'private')
  const tail = [describeMethod(check), ...describePending(check)]
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
      title: `${wrong.length} of ${plural(expected.length, 'name')} not private or not reachable from here`,
      lines: [
        'This runner is in the network, because other names are private here. Agents in this network see the same.',
        ...tail,
      ],
    }
  }
  return { sign: '❔', title: notKnown(check), lines: [...describeUnknown(check), ...tail] }
}

function notKnown({ inside, names }: NetworkCheck): string {
  if (names.length === 0) return 'there is no name to check yet'
  if (inside === false) return 'this runner is not in the network'
  return inside === true
    ? 'not everything could be checked'
    : 'the network of this runner is unknown'
}

function describeUnknown({ inside, isHosted, names }: NetworkCheck): readonly string[] {
  if (names.length === 0) return ['No target has an endpoint or workspace with a host name.']
  if (isHosted && inside === null) {
    return [
      'This runner is hosted by GitHub, but names are private here: it may run in one of your virtual networks. The check is conclusive only on a self-hosted runner.',
    ]
  }
  if (isHosted) {
    return [
      'This runner is not in the network: it is hosted by GitHub. Run the check on a self-hosted runner in the network of the targets.',
    ]
  }
  if (inside === false) {
    return [
      'This runner is not in the network: every name that should be private is public here. If it is in the network of the targets, no private DNS zone is linked to that network.',
    ]
  }
  if (inside === true)
    return ['The table below shows what could not be checked; unknown is not counted as good.']
  return [
    'No name that should be private has an address here, so nothing shows whether this runner is in the network.',
  ]
}

function describeMethod({ askedBy, knowsAzure }: NetworkCheck): string {
  const how =
    askedBy.server === undefined
      ? 'the way programs on this machine resolve them'
      : `by the DNS server ${code(askedBy.server, 100)}`
  const against = knowsAzure
    ? "compared with the addresses of the scope's private endpoint"
    : 'counted as private if in RFC 1918 or `fc00::/7`, because Azure was not read'
  return `Names were resolved ${how}, and their addresses were ${against}. Then the check connected to each name on port 443.`
}

function describePending({ pending }: NetworkCheck): readonly string[] {
  if (pending.length === 0) return []
  const name = shortNames(pending)
  const all = listed(pending.map((id) => text(name(id), 200)))
  return [`Not checked, because Azure has not assigned host names yet: ${all}.`]
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
