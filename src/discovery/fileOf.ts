import { InputError } from '../errors.ts'
import { printTopology } from '../topology/print/printTopology.ts'
import { maxBytes } from '../topology/yamlDocument.ts'
import type { Discovery } from './discover.ts'
import { foldGroups } from './proposals.ts'

/**
 * Prints a discovery as a topology file: one line per target or, if that would be too long for a
 * file, selects for the groups that they match exactly.
 *
 * @throws InputError when the file with selects is too long too
 */
export function fileOf(discovery: Discovery): string {
  const { topology, proposals } = discovery
  const text = printTopology(topology)
  if (fits(text)) return text
  const machines = topology.machines.entries.flatMap(({ value }) =>
    'types' in value ? [] : [value],
  )
  const folded = printTopology({
    ...topology,
    machines: { ...topology.machines, entries: foldGroups(machines, proposals) },
  })
  if (fits(folded)) return folded
  throw new InputError(
    `scope: a file that names the ${machines.length} machines of this scope would have ${Buffer.byteLength(folded)} bytes; the limit is ${maxBytes} (1 MiB).`,
    'Write the file by hand, with a select for the machines; docs/adopting.md shows how.',
  )
}

function fits(text: string): boolean {
  return Buffer.byteLength(text, 'utf8') <= maxBytes
}
