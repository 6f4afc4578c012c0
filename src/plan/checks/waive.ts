import { blockingCodes, type Diagnostic } from '../../diagnostics.ts'
import { idKey, parseResourceId } from '../../resources/id.ts'
import type { Topology, Waiver } from '../../topology/topology.ts'

/** Blocking codes that can't be waived: a blackout is not an acceptable risk (contract section 7, "Order"). */
const neverWaived = new Set(['blackout', 'waiver-expired'])

/**
 * Turns errors that a waiver in the file covers into warnings. A waiver that this pull request adds
 * counts only after the merge, and is reported as added.
 */
export function waive(
  topology: Topology,
  diagnostics: readonly Diagnostic[],
  pending: readonly number[],
): readonly Diagnostic[] {
  const used = new Set<Waiver>()
  const waived = diagnostics.map((diagnostic) => {
    const waiver = topology.waivers.find((w) => covers(w, diagnostic))
    if (waiver === undefined) return diagnostic
    used.add(waiver)
    if (pending.includes(topology.waivers.indexOf(waiver))) {
      const remedy = `This pull request adds a waiver for it (line ${waiver.at.line}), which counts after the merge. ${diagnostic.remedy}`
      return { ...diagnostic, remedy }
    }
    return {
      ...diagnostic,
      severity: 'warning' as const,
      waived: { reason: waiver.reason, expires: waiver.expires },
    }
  })
  return [
    ...waived,
    ...topology.waivers.flatMap((w, i) => noteWaiver(topology, w, i, pending, used)),
  ]
}

function covers(waiver: Waiver, diagnostic: Diagnostic): boolean {
  if (diagnostic.severity !== 'error' || waiver.code !== diagnostic.code) return false
  if (neverWaived.has(diagnostic.code)) return false
  const { resource } = waiver
  if (resource === undefined) return true
  if (diagnostic.resource === undefined) return false
  if (resource.key !== undefined) return resource.key === idKey(diagnostic.resource)
  const id = parseResourceId(diagnostic.resource)
  return (
    id !== undefined &&
    id.subscription === resource.subscription &&
    id.resourceGroup.toLowerCase() === resource.resourceGroup.toLowerCase() &&
    id.name.toLowerCase() === resource.name.toLowerCase()
  )
}

function noteWaiver(
  topology: Topology,
  waiver: Waiver,
  index: number,
  pending: readonly number[],
  used: ReadonlySet<Waiver>,
): readonly Diagnostic[] {
  const place = { file: topology.file, line: waiver.at.line, column: waiver.at.column }
  if (pending.includes(index)) {
    return [
      {
        severity: 'warning',
        code: 'waiver-added',
        message: `This pull request adds a waiver for ${waiver.code} (until ${waiver.expires}: ${waiver.reason}), which counts only after the merge.`,
        remedy: 'Review the risk that the waiver accepts.',
        ...place,
      },
    ]
  }
  if (used.has(waiver) || !(blockingCodes as readonly string[]).includes(waiver.code)) return []
  return [
    {
      severity: 'notice',
      code: 'waiver-unused',
      message: `The waiver for ${waiver.code} currently covers nothing (until ${waiver.expires}: ${waiver.reason}).`,
      remedy: 'Remove it from the file when it is no longer needed.',
      ...place,
    },
  ]
}
