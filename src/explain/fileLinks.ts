import { nameOf } from '../resources/id.ts'
import { printReference } from '../topology/print/reference.ts'
import { type TargetKind, targetTypes } from '../topology/topology.ts'
import { broken, type Finding, ok, unknown } from './chain.ts'
import type { Subject } from './facts.ts'

/** Checks that the file names the target, or that a select matches it. */
export function fileLink({ place, topology, target, resolved }: Subject): Finding {
  const at = place.how === 'absent' ? '' : `${topology.file}:${place.line}`
  const section = sectionOf(target.type)
  const line = `- ${printReference(target, section, topology.subscription)}`
  switch (place.how) {
    case 'named':
      return ok(`Line ${place.line} names it${describeDestinations(resolved)} (${at}).`)
    case 'selected':
      return ok(
        `The select on line ${place.line} matches it${describeDestinations(resolved)} (${at}).`,
      )
    case 'excluded':
      return broken(
        `The select on line ${place.line} excludes it, and no other entry covers it (${at}).`,
        `Remove it from that exclude, or name it under ${section}: ${line}`,
      )
    case 'hidden':
      return unknown(
        `No entry names it, and it is unknown whether the select on line ${place.line} matches it, because this identity can't search its subscription. ${place.why}`,
        'Give the identity the Reader role on that subscription.',
      )
    case 'absent':
      return broken(
        `${topology.file} does not name it, and no select matches it.`,
        `Add it under ${section}: ${line}`,
      )
  }
}

/** The section of the file for targets of a type. */
export function sectionOf(type: string): 'clusters' | 'machines' {
  return kindOf(type) === 'cluster' ? 'clusters' : 'machines'
}

export function kindOf(type: string): TargetKind {
  return targetTypes.cluster.includes(type) ? 'cluster' : 'machine'
}

function describeDestinations(resolved: Subject['resolved']): string {
  if (resolved === undefined) return ''
  const parts = [
    ...(resolved.metrics === undefined ? [] : [`metrics to ${resolved.metrics}`]),
    ...(resolved.logs.length === 0 ? [] : [`logs to ${resolved.logs.join(' and ')}`]),
  ]
  return parts.length === 0 ? '' : `, ${parts.join(' and ')}`
}

/** Checks that the target exists in Azure. */
export function existsLink({ live, gone, target, inFile }: Subject): Finding {
  if (live !== undefined) return ok(`${live.name} is in ${live.location}.`)
  if (gone?.state === 'missing') {
    return broken(
      `${target.text} does not exist in Azure.`,
      inFile
        ? 'Correct subscription, resource group and name in the file, or remove the entry.'
        : 'Check subscription, resource group and name.',
    )
  }
  return unknown(
    `It is unknown whether ${nameOf(target.text)} exists: this identity can't read it. ${gone?.why ?? ''}`.trim(),
    'Give the identity the Reader role there.',
  )
}
