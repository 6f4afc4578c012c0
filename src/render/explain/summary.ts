import { type Chain, type ChainLink, firstBroken, resultOf } from '../../explain/chain.ts'
import type { Report } from '../../report.ts'
import { nameOf } from '../../resources/id.ts'
import type { RenderContext } from '../context.ts'
import { renderAttention, renderFolded } from '../parts/attention.ts'
import { findingsFooter } from '../parts/findingsFooter.ts'
import { maxSummaryBytes } from '../summary.ts'
import { fit, type Section } from '../text/limit.ts'
import { bold, code, link, text } from '../text/markdown.ts'
import { plural, sentence } from '../text/words.ts'
import { portalUrl, viewOf } from '../view.ts'
import { linkSigns } from './words.ts'

/**
 * `explain` in the step summary: the chain with its first broken link marked, what to do, and the
 * plan's diagnostics.
 */
export function renderExplainSummary(chain: Chain, report: Report, context: RenderContext): string {
  const { file, command, diagnostics } = report
  const whose = { file, command, diagnostics }
  const view = viewOf({ ...whose, situation: 'validated', result: 'validated' }, context)
  const sections: Section[] = [
    { type: 'whole', text: headOf(chain, context) },
    { type: 'whole', text: chain.links.map((one) => row(one, chain)).join('\n') },
    ...renderAttention(view, `The plan of ${text(chain.topology, 100)} says`),
    ...renderFolded(view),
    { type: 'whole', text: findingsFooter(report, context) },
  ]
  const bytes = (part: string) => Buffer.byteLength(part)
  const elsewhere = 'the output of a plan'
  return `${fit(sections, maxSummaryBytes - 1, elsewhere, bytes)}\n`
}

function headOf(chain: Chain, context: RenderContext): string {
  const { target } = chain
  const signs = { clean: '✅', unknown: '❔', broken: '❌' } as const
  const heading = `## ${signs[resultOf(chain)]} ${text(nameOf(target), 200)}: ${verdictOf(chain)}`
  const id = link(target, portalUrl(target, context.portal) ?? '', 800)
  return `${heading}\n\n${id}`
}

/** The verdict on the chain. */
function verdictOf(chain: Chain): string {
  const { links } = chain
  const count = (state: ChainLink['state']) => links.filter((one) => one.state === state).length
  const first = firstBroken(chain)
  const open = count('unknown')
  const left =
    open === 0 ? '' : `, and ${plural(open, 'link')} ${open === 1 ? 'is' : 'are'} unknown`
  if (first === undefined) {
    return open === 0 ? `all ${links.length} links are OK` : `no broken link found${left}`
  }
  return `the chain breaks at “${first.link}”`
}

function row(one: ChainLink, chain: Chain): string {
  const { link: name, state, detail, remedy } = one
  const isFirst = one === firstBroken(chain)
  const mark = isFirst ? ` ${bold('← first broken')}` : ''
  const lines = [`- ${linkSigns[state]} ${bold(name)}${mark}: ${text(sentence(detail), 1500)}`]
  if (remedy !== '')
    lines.push(`  - ${isFirst ? `${bold('What to do:')} ` : ''}${describeRemedy(one)}`)
  return lines.join('\n')
}

function describeRemedy({ remedy, command }: ChainLink): string {
  if (command === undefined) return text(sentence(remedy), 1500)
  const words = remedy.endsWith(command) ? remedy.slice(0, -command.length) : remedy
  return `${text(words, 1500)} ${code(command, 3000)}`
}
