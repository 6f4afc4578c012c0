import { parseSeedId } from '../azure/path.ts'
import type { AzureState } from '../azure/state.ts'
import type { StoredResource } from '../azure/store.ts'
import { sha256Hex } from '../../src/resources/id.ts'
import type { Column } from '../resourceGraph/tables.ts'
import type { Row } from '../resourceGraph/tabular.ts'
import type { Stretch } from './history.ts'

/** The columns of the agents' tables: for Heartbeat those recorded (facts-2 A.5), for the others the common ones. */
export const tableColumns: readonly Column[] = [
  { name: 'TenantId', type: 'string' },
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Computer', type: 'string' },
  { name: 'ComputerIP', type: 'string' },
  { name: 'Category', type: 'string' },
  { name: 'Operation', type: 'string' },
  { name: 'Level', type: 'string' },
  { name: 'Detail', type: 'string' },
  { name: 'Type', type: 'string' },
  { name: '_ResourceId', type: 'string' },
]

/** The workspace's function for its own operations. */
export const operations = '_LogOperation'

const minute = 60_000
/** Every minute of the last half hour, and before that every tenth minute: enough to count, few enough to store. */
const fineMs = 30 * minute
const coarseMs = 10 * minute
const lookBackMs = 86_400_000

/**
 * The tables of a workspace with their rows (V5, V7): a table exists once a target has sent to it.
 *
 * @param now by the simulated clock
 */
export function workspaceTables(
  azure: AzureState,
  workspace: StoredResource,
  stretches: readonly Stretch[],
  now: number,
): ReadonlyMap<string, readonly Row[]> {
  const tables = new Map<string, Row[]>([[operations, []]])
  const { knobs } = azure
  const cap = knobs.dailyCaps[workspace.path.name]
  const capped = cap === undefined ? Infinity : now - cap * minute
  const add = (table: string, row: Row): void => {
    const rows = tables.get(table) ?? []
    rows.push({ Type: table, ...row })
    tables.set(table, rows)
  }
  for (const stretch of stretches) {
    if (stretch.destination !== workspace.path.key) continue
    for (const table of stretch.brings) {
      if (!tables.has(table)) tables.set(table, [])
      const to = Math.min(stretch.to ?? now, capped, now)
      for (const sender of sendersOf(azure, stretch)) {
        for (const at of times(Math.max(stretch.from, now - lookBackMs), to, now)) {
          add(table, {
            TimeGenerated: at + knobs.agentSkewMinutes * minute,
            Computer: sender.name,
            ComputerIP: table === 'Heartbeat' ? addressOf(sender.id, stretch.path) : '',
            _ResourceId: sender.id,
          })
        }
      }
    }
  }
  if (cap !== undefined) {
    add(operations, {
      TimeGenerated: capped,
      Category: 'Ingestion',
      Operation: 'Data collection stopped',
      Level: 'Warning',
      Detail:
        'Data collection stopped due to daily limit of free data reached. Ingestion status = OverQuota',
    })
  }
  for (const row of knobs.extraRows) {
    if (row.workspace !== workspace.path.name) continue
    add(row.table, {
      TimeGenerated: now - row.minutesAgo * minute,
      ComputerIP: row.address ?? '',
      _ResourceId: row.resource,
    })
  }
  return tables
}

/** The ids that write the records of a target: its own, or those of the instances of a scale set. */
function sendersOf(
  { knobs }: AzureState,
  { target }: Stretch,
): readonly { readonly id: string; readonly name: string }[] {
  const { type, name } = parseSeedId(target)
  // Agents write ids in lower case.
  const id = knobs.casing === 'upper' ? target.toUpperCase() : target.toLowerCase()
  if (type !== 'microsoft.compute/virtualmachinescalesets') return [{ id, name }]
  return Array.from({ length: knobs.scaleSetInstances }, (_, index) => ({
    id: `${id}/virtualmachines/${index}`,
    name: `${name}_${index}`,
  }))
}

function times(from: number, to: number, now: number): readonly number[] {
  const all: number[] = []
  for (let at = to - (to % minute); at >= from;) {
    all.push(at)
    at -= now - at < fineMs ? minute : coarseMs
  }
  return all
}

/** Over a private endpoint, an address of `fd40::/16` that ends with the sender's own; else its gateway's address (V6). */
function addressOf(id: string, path: Stretch['path']): string {
  const digit = (at: number): number => parseInt(sha256Hex(id).slice(at * 2, at * 2 + 2), 16)
  if (path === 'public') return `203.0.113.${digit(0)}`
  const [third, fourth] = [digit(0), digit(1)]
  return `fd40:1085:12:6d79:7712:100:c0a8:${((third << 8) | fourth).toString(16)}`
}
