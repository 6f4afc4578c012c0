import { countStates, type Telemetry } from '../../telemetry/telemetry.ts'

/**
 * The file of the output `verify-json`, format version 1 (contract section 9). Unknown values are
 * `null`.
 */
export function renderVerifyJson(telemetry: Telemetry): string {
  const { topology, checkedAt, windowMinutes, destinations, targets } = telemetry
  const json = {
    formatVersion: 1,
    topology,
    checkedAt,
    windowMinutes,
    destinations: destinations.map(({ id, kind, reachable, detail }) => ({
      id,
      kind,
      reachable,
      detail,
    })),
    targets: targets.map((row) => ({
      id: row.id,
      destination: row.destination,
      state: row.state,
      lastSeen: row.lastSeen ?? null,
      witnesses: row.witnesses.map(({ name, lastSeen, records }) => ({
        name,
        lastSeen: lastSeen ?? null,
        records,
      })),
      path: row.path,
      reason: row.cause ?? (row.notes.join(' ') || null),
      changedSince: row.changedSince.map(({ id, at, by }) => ({ id, at, by })),
    })),
    counts: countStates(targets),
  }
  return `${JSON.stringify(json, null, 2)}\n`
}
