import { lookUp } from '../estate/reading.ts'
import { compareText, idKey, nameOf } from '../resources/id.ts'
import { broken, type Finding, mergeFindings, unknown } from './chain.ts'
import { linkTo, scopeNotReadable } from './configurationLinks.ts'
import type { Subject } from './facts.ts'
import { liveRules } from './rulesLink.ts'

/**
 * Checks that the destinations of its rules are linked to the scope: for logs each workspace, for
 * metrics the endpoint of the rule, since an Azure Monitor workspace itself is never linked.
 */
export function destinationsLink(subject: Subject): Finding {
  const { resolved } = subject
  if (resolved === undefined) return unknown('Its destinations are unknown, because the target is.')
  const hidden = scopeNotReadable(subject)
  if (hidden !== undefined) {
    return unknown("The links are unknown, because the scope can't be read.")
  }
  const findings = [
    ...workspacesOf(subject).map((id) => workspaceLink(subject, id)),
    ...endpointsOf(subject).map((id) => throughLink(subject, id)),
    ...(resolved.hasHiddenRule
      ? [unknown('The destinations of an unreadable rule are unknown.')]
      : []),
  ]
  if (findings.length === 0) return unknown('None of its rules sends anywhere yet.')
  return mergeFindings(findings)
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
      `The Log Analytics workspace ${nameOf(id)} does not exist: data sent there is lost.`,
      'Change the rule that sends there, or restore the workspace.',
    )
  }
  return linkTo(subject, id, 'workspace')
}

function throughLink(subject: Subject, id: string): Finding {
  const { state } = lookUp(subject.estate, 'endpoint', id)
  if (state === 'missing') {
    return unknown(`The endpoint ${nameOf(id)} of a rule does not exist, so neither does its link.`)
  }
  return linkTo(subject, id, 'endpoint')
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Map(ids.map((id) => [idKey(id), id])).values()].toSorted((a, b) =>
    compareText(idKey(a), idKey(b)),
  )
}
