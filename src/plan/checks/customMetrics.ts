import type { Diagnostic } from '../../diagnostics.ts'
import type { ResolvedTarget } from '../../estate/resolved.ts'
import { compareText, idKey } from '../../resources/id.ts'
import type { Desired } from '../../rules/derive.ts'
import { pointAt } from '../../rules/world.ts'

/**
 * Rules that send to the destination `azureMonitorMetrics` too. Custom metrics go to the region's public address whatever is
 * linked, so of these a private network sees nothing: said once for each rule, since many targets share one.
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
        message: `The rule ${name} of ${who} sends to Azure Monitor Metrics (destination azureMonitorMetrics) too: custom metrics never go over a private link scope, only over public addresses.`,
        remedy:
          'Let the way to the public address be open if they are needed, or take that destination out of the rule.',
        resource,
        ...(first === undefined ? {} : pointAt(topology, first.at)),
      }
    })
}
