import { explainReading } from '../../estate/reading.ts'
import type { Diagnostic } from '../../diagnostics.ts'
import type { ConfigurationAssociation, Endpoint, Link } from '../../estate/estate.ts'
import { nameOf } from '../../resources/id.ts'
import type { Topology } from '../../topology/topology.ts'

/** Reports an endpoint of ours that no rule needs but others use. It blocks; if waived, the endpoint stays. */
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
    message: `No rule needs the endpoint ${endpoint.name} any more, but it can't be deleted while something outside this topology uses it: ${shown}${more}.`,
    remedy:
      'Point those to another endpoint first. Or accept that the endpoint stays, with a waiver for endpoint-in-use.',
    resource: endpoint.id,
    file: topology.file,
    line: topology.endpoints.at.line,
    column: topology.endpoints.at.column,
  }
}

/** Reports a link of ours that no rule needs, but that stays because something outside gets its configuration through it. */
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
    message: `No rule needs the link to ${nameOf(link.linkedResourceId)} any more, but it stays: ${names.join(', ')}${more} outside this topology ${others.length === 1 ? 'gets' : 'get'} configuration from it.`,
    remedy: 'Associate those with another endpoint, then plan again to delete the link.',
    resource: link.id,
    file: topology.file,
    line: topology.privateLinkScope.at.line,
    column: topology.privateLinkScope.at.column,
  }
}

/** Reports an object of ours that stays because it is unknown whether something needs it. */
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
    message: `${what} stays: it is unknown whether anything needs it while this identity can't read ${names}${more}.`,
    remedy: 'Give the identity the Reader role there, then plan again.',
    resource,
    file: topology.file,
    line: topology.privateLinkScope.at.line,
    column: topology.privateLinkScope.at.column,
  }
}

/** Reports an association of ours on an unreadable resource; it is not deleted unseen. */
export function explainHiddenStray(
  topology: Topology,
  { target }: ConfigurationAssociation,
  why: string,
): Diagnostic {
  return {
    severity: 'warning',
    code: 'unreadable-resource',
    message: `The file doesn't name ${nameOf(target)}, whose association is ours, but the association stays, because this identity can't read ${nameOf(target)}: ${why}`,
    remedy:
      'Give the identity the Reader role there, then plan again; or delete the association by hand.',
    resource: target,
    file: topology.file,
    line: topology.privateLinkScope.at.line,
    column: topology.privateLinkScope.at.column,
  }
}

/** Reports an endpoint that stays because its users can't be listed. */
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
      neededBy:
        'no rule needs the endpoint any more, but it can be deleted only if nothing uses it',
      file: topology.file,
      at: topology.endpoints.at,
    },
  )
}
