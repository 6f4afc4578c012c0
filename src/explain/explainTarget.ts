import { type Chain, type Finding, type LinkName, linkNames } from './chain.ts'
import { agentLink } from './agentLink.ts'
import { associationLink, endpointLink, scopeLink } from './configurationLinks.ts'
import { destinationsLink } from './destinationsLink.ts'
import { type Facts, type Subject, subjectOf } from './facts.ts'
import { existsLink, fileLink } from './fileLinks.ts'
import { networkLink, privateEndpointLink } from './networkLinks.ts'
import { rulesLink } from './rulesLink.ts'
import { telemetryLink } from './telemetryLink.ts'

/** Makes the chain of one target from the facts that were read. A link that can't be judged is `unknown`, and the chain continues. */
export function explainTarget(facts: Facts): Chain {
  const subject = subjectOf(facts)
  return {
    kind: 'chain',
    target: subject.live?.id ?? facts.target.text,
    topology: facts.topology.name,
    links: linkNames.map((link) => ({ link, ...links[link](subject) })),
  }
}

const links: Readonly<Record<LinkName, (subject: Subject) => Finding>> = {
  'in the file': fileLink,
  exists: existsLink,
  'agent and identity': agentLink,
  association: associationLink,
  'endpoint exists, in its region': endpointLink,
  'linked, Succeeded': scopeLink,
  'private endpoint approved': privateEndpointLink,
  'zones and network': networkLink,
  rules: rulesLink,
  'destinations linked': destinationsLink,
  telemetry: telemetryLink,
}
