/** Suffix of a cloud's domains: `com`, `us` or `cn` in `monitor.azure.com` and so on. */
export type CloudSuffix = string

/**
 * The host of a URL from Azure, in lower case. `undefined` unless it is `https://` and a host name,
 * so that nothing else is printed in a table, a firewall rule or a command.
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

/** The cloud suffix in a data collection endpoint's host name, after `.monitor.azure.`. */
export function cloudOf(host: string): CloudSuffix | undefined {
  return /\.monitor\.azure\.([a-z]{2,}(?:\.[a-z]{2,})*)$/.exec(host)?.[1]
}

/** True for a GUID, the form of a workspace's customer id. */
export function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}
