import { idKey, nameOf, sha256Hex } from './id.ts'

/** Azure's limit for the name of a data collection endpoint (facts, section 1.1). */
const longest = 44

/** Longer names are cut to this length, which leaves room for `-` and six digits of a hash. */
const cutTo = 37

/**
 * Name of the endpoint for configuration access in one region. It depends on nothing else in the
 * file, so adding a target renames nothing (contract section 2).
 *
 * @returns `undefined` if the filled template has no character that Azure allows in a name
 */
export function regionalEndpointName(
  template: string,
  values: { readonly topology: string; readonly region: string },
): string | undefined {
  return endpointName(fill(template, values))
}

/** Name of the ingestion endpoint that the machines of one region share: the regional name with `-ingest` appended. */
export function regionalIngestionName(
  template: string,
  values: { readonly topology: string; readonly region: string },
): string | undefined {
  return endpointName(`${fill(template, values)}-ingest`)
}

/**
 * Name of the ingestion endpoint of one machine.
 *
 * @param values.region region of the endpoint, which is the region of the machine's Azure Monitor workspace
 * @param values.machineId full resource id of the machine, in any case
 * @returns `undefined` if the filled template has no character that Azure allows in a name
 */
export function machineEndpointName(
  template: string,
  values: { readonly topology: string; readonly region: string; readonly machineId: string },
): string | undefined {
  const { topology, region, machineId } = values
  const machine = nameOf(machineId).toLowerCase()
  const hash = sha256Hex(idKey(machineId), 6)
  return endpointName(fill(template, { topology, region, machine, hash }))
}

/** Name of the link that we create for a resource; a link with this name is ours (contract section 2). */
export function linkName(topology: string, linkedId: string): string {
  return `${topology}-${nameOf(linkedId)}-${sha256Hex(idKey(linkedId), 8)}`
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{([a-z]+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  )
}

function endpointName(text: string): string | undefined {
  const clean = text.replace(/[^A-Za-z0-9-]/gu, '-').replace(/^-+|-+$/g, '')
  if (clean === '') return undefined
  if (clean.length <= longest) return clean
  return `${clean.slice(0, cutTo).replace(/-+$/, '')}-${sha256Hex(clean, 6)}`
}
