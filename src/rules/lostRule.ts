import type { Diagnostic } from '../diagnostics.ts'
import type { HeldRule } from '../estate/heldRule.ts'
import { nameOf } from '../resources/id.ts'
import type { Position, Topology } from '../topology/topology.ts'

/**
 * The diagnostic for a rule that a target has only through its configuration association: replacing or
 * deleting that association would stop the rule's data collection (contract section 2,
 * `config-association`).
 */
export function explainLostRule(
  topology: Topology,
  lost: {
    readonly target: string
    readonly held: HeldRule
    readonly becomes: 'replaced' | 'deleted'
    readonly at: Position
  },
): Diagnostic {
  const { target, held, becomes, at } = lost
  const name = nameOf(target)
  const rule = nameOf(held.id)
  const streams = held.rule?.streams ?? []
  const collects = streams.length === 0 ? '' : ` (${[...new Set(streams)].slice(0, 3).join(', ')})`
  return {
    severity: 'error',
    code: 'rule-would-be-lost',
    message: `The association configurationAccessEndpoint of ${name} refers to the rule "${rule}"${collects} instead of an endpoint, and no other association of ${name} has that rule: once it is ${becomes}, the rule collects nothing from ${name} any more.`,
    remedy: `First associate the rule under another name: ${associateCommand(target, held.id)}; then plan again. If the rule is no longer needed, add a waiver for rule-would-be-lost on ${name}.`,
    resource: target,
    file: topology.file,
    line: at.line,
    column: at.column,
  }
}

/** The command to copy. It contains an id only if the id has no character with a meaning to a shell. */
function associateCommand(target: string, rule: string): string {
  const plain = (id: string, what: string) =>
    /^[\w/.-]+$/.test(id) ? `"${id}"` : `<id of ${what}>`
  const name = /^[\w-]+$/.test(nameOf(rule)) ? `${nameOf(rule)}-association` : '<name>'
  return `az monitor data-collection rule association create --name ${name} --resource ${plain(target, 'the target')} --rule-id ${plain(rule, 'the rule')}`
}
