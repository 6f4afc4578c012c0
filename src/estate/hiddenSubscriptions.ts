import type { Diagnostic } from '../diagnostics.ts'
import type { Topology } from '../topology/topology.ts'
import type { Absent, Estate } from './estate.ts'

/**
 * Warns about each subscription of a select that this identity can't read. Without the warning, it
 * would look as if the subscription had no matching resources.
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
  const start = `This select matches nothing in subscription ${subscription}:`
  const meanwhile =
    'Until then, resources that this subscription may need are not deleted, and no access mode is set to PrivateOnly.'
  return reading.state === 'missing'
    ? {
        code: 'unknown-resource',
        message: `${start} the tenant of this identity has no such subscription.`,
        remedy: `Correct the id, or remove it from the select. ${meanwhile}`,
      }
    : {
        code: 'unreadable-resource',
        message: `${start} this identity can't read the subscription: ${reading.why}`,
        remedy: `Give the identity the Reader role on the subscription, or remove it from the select. ${meanwhile}`,
      }
}
