import type { Diagnostic } from '../diagnostics.ts'
import type { Topology } from '../topology/topology.ts'
import type { Absent, Estate } from './estate.ts'

/**
 * Warns of each subscription that a select looks in and this identity can't: the select matches nothing
 * there, which would otherwise look like nothing being there.
 */
export function explainHiddenSubscriptions(
  topology: Topology,
  estate: Estate,
): readonly Diagnostic[] {
  return [...estate.hiddenSubscriptions].flatMap(([subscription, reading]) => {
    const select = topology.selects.find((s) => s.subscriptions.includes(subscription))
    if (select === undefined) return []
    return [
      {
        severity: 'warning' as const,
        ...explainAbsence(subscription, reading),
        resource: `/subscriptions/${subscription}`,
        file: topology.file,
        line: select.at.line,
        column: select.at.column,
      },
    ]
  })
}

function explainAbsence(
  subscription: string,
  reading: Absent,
): Pick<Diagnostic, 'code' | 'message' | 'remedy'> {
  const start = `This select looks in subscription ${subscription}, and matches nothing there:`
  const meanwhile =
    'until then nothing that may be called for there is deleted, and no access mode is closed'
  return reading.state === 'missing'
    ? {
        code: 'unknown-resource',
        message: `${start} Azure knows no such subscription in the tenant of this identity.`,
        remedy: `Correct the id, or take it out of the select; ${meanwhile}.`,
      }
    : {
        code: 'unreadable-resource',
        message: `${start} the subscription may not be read by this identity: ${reading.why}`,
        remedy: `Give the identity the Reader role on it, or take it out of the select; ${meanwhile}.`,
      }
}
