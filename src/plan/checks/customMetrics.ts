import type { Diagnostic } from '../../diagnostics.ts'
import type { ResolvedTarget } from '../../estate/resolved.ts'
import { compareText, idKey } from '../../resources/id.ts'
import type { Desired } from '../../rules/derive.ts'
import { pointAt } from '../../rules/world.ts'

/**
 * Notes rules that also send to the destination `azureMonitorMetrics`. Custom metrics always go to the
 * region's public address, whatever is linked. One notice per rule, since many targets share one.
 */
export function inspectCustomMetrics({
  world: { topology, targets },
}: Desired): readonly Diagnostic[] {
  const senders = new Map<string, { readonly name: string; readonly targets: ResolvedTarget[] }>()
  for (const target of targets) {
    for (const rule of target.rules) {
      if (rule.sendsCustomMetrics !== true) continue
      const known = senders.get(idKey(rule.id)) ?? { name: rule.name, targets: [] }
      known.targets.push(target)
      senders.set(idKey(rule.id), known)
    }
  }
  return [...senders]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([resource, { name, targets: those }]) => {
      const [first] = those
      const who = those.length === 1 ? (first?.target.name ?? '') : `${those.length} targets`
      return {
        severity: 'notice' as const,
        code: 'custom-metrics-public' as const,
        message: `The rule ${name} of ${who} also sends to Azure Monitor Metrics (destination azureMonitorMetrics): custom metrics never go over a private link scope, only over public addresses.`,
        remedy:
          'If you need them, allow traffic to the public address; otherwise remove that destination from the rule.',
        resource,
        ...(first === undefined ? {} : pointAt(topology, first.at)),
      }
    })
}
