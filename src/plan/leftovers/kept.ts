import { explainReading } from '../../estate/reading.ts'
import type { Diagnostic } from '../../diagnostics.ts'
import type { ConfigurationAssociation, Endpoint, Link } from '../../estate/estate.ts'
import { nameOf } from '../../resources/id.ts'
import type { Topology } from '../../topology/topology.ts'

/** An endpoint of ours that no rule calls for and somebody else uses: blocks, or stays once waived. */
export function explainInUse(
  topology: Topology,
  endpoint: Endpoint,
  uses: readonly string[],
): Diagnostic {
  const shown = uses.slice(0, 3).join('; ')
  const more = uses.length > 3 ? `; and ${uses.length - 3} more` : ''
  return {
    severity: 'error',
    code: 'endpoint-in-use',
    message: `No rule calls for the endpoint ${endpoint.name} any more, but it can't be deleted while something outside this topology uses it: ${shown}${more}.`,
    remedy:
      'Point those elsewhere first; or accept that it stays, with a waiver for endpoint-in-use on it.',
    resource: endpoint.id,
    file: topology.file,
    line: topology.endpoints.at.line,
    column: topology.endpoints.at.column,
  }
}

/** A link of ours that no rule calls for stays while something outside gets its configuration through it. */
export function explainKept(
  topology: Topology,
  link: Link,
  others: readonly ConfigurationAssociation[],
): Diagnostic {
  const names = others.slice(0, 3).map((o) => o.target)
  const more = others.length > 3 ? ` and ${others.length - 3} more` : ''
  return {
    severity: 'warning',
    code: 'link-kept',
    message: `No rule calls for the link to ${nameOf(link.linkedResourceId)} any more, but it stays: ${names.join(', ')}${more} outside this topology gets configuration from it.`,
    remedy: 'Associate those with another endpoint, then plan again; the link then goes.',
    resource: link.id,
    file: topology.file,
    line: topology.privateLinkScope.at.line,
    column: topology.privateLinkScope.at.column,
  }
}

/** Something of ours that stays because it can't be told whether it is called for. */
export function explainHidden(
  topology: Topology,
  what: string,
  resource: string,
  hidden: readonly string[],
): Diagnostic {
  const names = hidden.slice(0, 3).join(', ')
  const more = hidden.length > 3 ? ` and ${hidden.length - 3} more` : ''
  return {
    severity: 'warning',
    code: 'link-kept',
    message: `${what} stays: whether anything calls for it can't be told while this identity may not read ${names}${more}.`,
    remedy: 'Give the identity the Reader role there, then plan again.',
    resource,
    file: topology.file,
    line: topology.privateLinkScope.at.line,
    column: topology.privateLinkScope.at.column,
  }
}

/** An association of ours on something that may not be read: it can't be taken off unseen. */
export function explainHiddenStray(
  topology: Topology,
  { target }: ConfigurationAssociation,
  why: string,
): Diagnostic {
  return {
    severity: 'warning',
    code: 'unreadable-resource',
    message: `The file doesn't name ${nameOf(target)}, whose association is ours, and it stays: it may not be read by this identity: ${why}`,
    remedy:
      'Give the identity the Reader role there, then plan again; or take the association off by hand.',
    resource: target,
    file: topology.file,
    line: topology.privateLinkScope.at.line,
    column: topology.privateLinkScope.at.column,
  }
}

/** Who uses it can't be known, so it stays. */
export function explainUnlisted(
  topology: Topology,
  endpointId: string,
  unlisted: { readonly what: 'associations' | 'rules'; readonly why: string },
): Diagnostic {
  const { what, why } = unlisted
  const name = nameOf(endpointId)
  return explainReading(
    { state: 'unreadable', why },
    {
      what:
        what === 'associations'
          ? `the list of associations of the endpoint "${name}"`
          : `the list of data collection rules in the subscription of the endpoint "${name}"`,
      id: endpointId,
      neededBy: 'no rule calls for it any more, and it can go only when nobody uses it',
      file: topology.file,
      at: topology.endpoints.at,
    },
  )
}
