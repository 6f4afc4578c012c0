/** `monitor.azure.com`'s cloud, read from a host name of Azure's: `com`, `us`, `cn`. */
export type CloudSuffix = string

/**
 * The host of an address that Azure gave, in lower case. `undefined` when it isn't `https://` and a
 * host name: nothing else is ever printed into a table, a firewall rule or a command.
 */
export function hostOf(address: string | undefined): string | undefined {
  const match = /^https:\/\/([a-z0-9.-]+)(?::443)?\/?$/i.exec(address?.trim() ?? '')
  const host = match?.[1]?.toLowerCase()
  return host !== undefined && isHostName(host) ? host : undefined
}

/** True for a host name of at least two labels (RFC 1123). */
export function isHostName(host: string): boolean {
  const labels = host.split('.')
  return (
    host.length <= 253 &&
    labels.length > 1 &&
    labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(label))
  )
}

/** The cloud of a data collection endpoint's host name: what follows `.monitor.azure.`. */
export function cloudOf(host: string): CloudSuffix | undefined {
  return /\.monitor\.azure\.([a-z]{2,}(?:\.[a-z]{2,})*)$/.exec(host)?.[1]
}

/** True for a GUID, which is what Azure gives as a workspace's customer id. */
export function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}
