import { lookUp } from '../estate/reading.ts'
import { compareText, idKey, nameOf } from '../resources/id.ts'
import { broken, type Finding, together, unknown } from './chain.ts'
import { linkTo, scopeOutOfSight } from './configurationLinks.ts'
import type { Subject } from './facts.ts'
import { liveRules } from './rulesLink.ts'

/**
 * What its rules send to, and through, is linked to the scope: for logs each workspace, for metrics the endpoint
 * that the rule names, since an Azure Monitor workspace itself is never linked.
 */
export function destinationsLink(subject: Subject): Finding {
  const { resolved } = subject
  if (resolved === undefined) return unknown('Where it sends is not known, since it is not.')
  const hidden = scopeOutOfSight(subject)
  if (hidden !== undefined) {
    return unknown('What is linked can not be seen, since the scope can not.')
  }
  const findings = [
    ...workspacesOf(subject).map((id) => workspaceLink(subject, id)),
    ...endpointsOf(subject).map((id) => throughLink(subject, id)),
    ...(resolved.hasHiddenRule
      ? [unknown('Where the rule sends that may not be read is not known.')]
      : []),
  ]
  if (findings.length === 0) return unknown('No rule of it sends anywhere yet.')
  return together(findings)
}

function workspacesOf(subject: Subject): readonly string[] {
  return unique([
    ...liveRules(subject).flatMap((rule) => rule.logDestinations),
    ...(subject.live?.addons ?? []).flatMap(({ workspaceId }) => workspaceId ?? []),
  ])
}

function endpointsOf(subject: Subject): readonly string[] {
  return unique(liveRules(subject).flatMap(({ endpointId }) => endpointId ?? []))
}

function workspaceLink(subject: Subject, id: string): Finding {
  if (lookUp(subject.estate, 'logWorkspace', id).state === 'missing') {
    return broken(
      `The Log Analytics workspace ${nameOf(id)} does not exist: what is sent there is lost.`,
      'Change the rule that sends there, or restore the workspace.',
    )
  }
  return linkTo(subject, id, 'workspace')
}

function throughLink(subject: Subject, id: string): Finding {
  const { state } = lookUp(subject.estate, 'endpoint', id)
  if (state === 'missing') {
    return unknown(
      `The endpoint ${nameOf(id)} that a rule sends through is gone, and with it its link.`,
    )
  }
  return linkTo(subject, id, 'endpoint')
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Map(ids.map((id) => [idKey(id), id])).values()].toSorted((a, b) =>
    compareText(idKey(a), idKey(b)),
  )
}
