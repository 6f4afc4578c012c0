import { nameOf } from '../resources/id.ts'
import { printReference } from '../topology/print/reference.ts'
import { type TargetKind, targetTypes } from '../topology/topology.ts'
import { broken, type Finding, ok, unknown } from './chain.ts'
import type { Subject } from './facts.ts'

/** The file names the target, or has it by a select. */
export function fileLink({ place, topology, target, resolved }: Subject): Finding {
  const at = place.how === 'absent' ? '' : `${topology.file}:${place.line}`
  const section = sectionOf(target.type)
  const line = `- ${printReference(target, section, topology.subscription)}`
  switch (place.how) {
    case 'named':
      return ok(`Line ${place.line} names it${saysWhere(resolved)} (${at}).`)
    case 'selected':
      return ok(`The select in line ${place.line} matches it${saysWhere(resolved)} (${at}).`)
    case 'excluded':
      return broken(
        `The select in line ${place.line} leaves it out by its exclude, and nothing else names it (${at}).`,
        `Take it out of that exclude, or name it under ${section}: ${line}`,
      )
    case 'hidden':
      return unknown(
        `Nothing names it, and whether the select in line ${place.line} matches it is unknown: its subscription may not be searched. ${place.why}`,
        'Give the identity the Reader role on that subscription.',
      )
    case 'absent':
      return broken(
        `${topology.file} does not name it, and no select matches it.`,
        `Add it under ${section}: ${line}`,
      )
  }
}

/** The section of the file that holds targets of a type. */
export function sectionOf(type: string): 'clusters' | 'machines' {
  return kindOf(type) === 'cluster' ? 'clusters' : 'machines'
}

export function kindOf(type: string): TargetKind {
  return targetTypes.cluster.includes(type) ? 'cluster' : 'machine'
}

function saysWhere(resolved: Subject['resolved']): string {
  if (resolved === undefined) return ''
  const parts = [
    ...(resolved.metrics === undefined ? [] : [`metrics to ${resolved.metrics}`]),
    ...(resolved.logs.length === 0 ? [] : [`logs to ${resolved.logs.join(' and ')}`]),
  ]
  return parts.length === 0 ? '' : `, ${parts.join(' and ')}`
}

/** Azure has it. */
export function existsLink({ live, gone, target, inFile }: Subject): Finding {
  if (live !== undefined) return ok(`${live.name} is in ${live.location}.`)
  if (gone?.state === 'missing') {
    return broken(
      `Azure has no ${target.text}.`,
      inFile
        ? 'Correct subscription, resource group and name in the file, or take it out.'
        : 'Check subscription, resource group and name.',
    )
  }
  return unknown(
    `Whether ${nameOf(target.text)} exists is unknown: it may not be read by this identity. ${gone?.why ?? ''}`.trim(),
    'Give the identity the Reader role there.',
  )
}
