import { documentOf } from '../sections.ts'
import { fit } from '../text/limit.ts'
import { code } from '../text/markdown.ts'
import { renderRemoteWrite } from '../parts/remoteWrite.ts'
import { viewOf, type View } from '../view.ts'
import type { PlanReport, Situation } from '../../report.ts'
import { layOut } from './layOut.ts'
import type { Look } from './look.ts'

/**
 * The report of one topology file for a terminal: the comment without its diagram and ids, and with
 * the next step for a terminal user.
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
    describeOrigin(view),
    nexts[view.situation],
  ]
  return layOut(markdown.filter((part) => part !== '').join('\n\n'), look)
}

function describeOrigin({ plan, report }: View): string {
  const file = code(report.file, 300)
  return plan === undefined ? '' : `Fingerprint ${code(plan.fingerprint, 100)} · ${file}`
}

/** The next step, for a terminal user. */
const nexts: Record<Situation, string> = {
  invalid: '**Next:** correct the file, and run this again.',
  unplanned: '**Next:** fix the cause, and run this again.',
  validated: '',
  nothing: '',
  clean: '',
  planned:
    '**To apply:** open a pull request with the file. Its plan comment is the review, and merging applies it.',
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
    '**Next:** read the file and its comments, then open a pull request with it: its plan comment is the review.',
  drift:
    '**Next:** run the workflow with command: apply to make Azure match the file, or change the file to keep what Azure has.',
}
