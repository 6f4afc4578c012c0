import { InputError } from '../errors.ts'
import { printTopology } from '../topology/print/printTopology.ts'
import { maxBytes } from '../topology/yamlDocument.ts'
import type { Discovery } from './discover.ts'
import { foldGroups } from './proposals.ts'

/**
 * The topology file of a discovery: a line for each target, or selects in the place of groups that they match
 * exactly where the lines would be too many for a file.
 *
 * @throws InputError when even that is too long
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
    `scope: a file that names the ${machines.length} machines of this scope would have ${Buffer.byteLength(folded)} bytes, and at most ${maxBytes} (1 MiB) are read.`,
    'Write the file by hand, with a select for the machines; docs/adopting.md shows how.',
  )
}

function fits(text: string): boolean {
  return Buffer.byteLength(text, 'utf8') <= maxBytes
}
