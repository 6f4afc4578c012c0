import { documentOf } from '../sections.ts'
import { fit } from '../text/limit.ts'
import { code } from '../text/markdown.ts'
import { renderRemoteWrite } from '../parts/remoteWrite.ts'
import { viewOf, type View } from '../view.ts'
import type { PlanReport, Situation } from '../../report.ts'
import { layOut } from './layOut.ts'
import type { Look } from './look.ts'

/**
 * The report of one topology file for a terminal: what the comment says, without its diagram and folded ids, and
 * with what comes next for somebody who sits at a terminal.
 */
export function renderReport(report: PlanReport, look: Look): string {
  const view = viewOf(report, {
    portal: 'https://portal.azure.com',
    rulesUrl: '',
    place: 'terminal',
  })
  const sections = documentOf(view, 'terminal')
  const markdown = [
    fit(sections, Infinity, ''),
    renderRemoteWrite(view),
    sayOrigin(view),
    nexts[view.situation],
  ]
  return layOut(markdown.filter((part) => part !== '').join('\n\n'), look)
}

function sayOrigin({ plan, report }: View): string {
  const file = code(report.file, 300)
  return plan === undefined ? '' : `Fingerprint ${code(plan.fingerprint, 100)} · ${file}`
}

/** What comes next, from a terminal. */
const nexts: Record<Situation, string> = {
  invalid: '**Next:** correct the file, and run this again.',
  unplanned: '**Next:** fix the cause, and run this again.',
  validated: '',
  nothing: '',
  clean: '',
  planned:
    '**To apply:** put the file into a pull request. Its plan comment is the review, and the merge applies it.',
  blocked:
    '**Next:** fix the errors, in the file or in Azure, and plan again. A blocked plan is never applied.',
  applying: '',
  applied: '',
  partial: '',
  failed: '',
  'plan-changed': '',
  'plan-not-found': '',
  superseded: '',
  'not-converged': '',
  imported:
    '**Next:** read the file and its comments, then put it into a pull request: its plan comment is the review.',
  drift:
    '**Next:** run the workflow with command: apply to make Azure as the file says, or change the file to keep what Azure has.',
}
