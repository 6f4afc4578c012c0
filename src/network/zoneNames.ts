import { type ZoneNames, type ZoneRole, zoneRoles } from './network.ts'

/** The zones that Azure Monitor private link needs in a cloud (facts, section 4.8); for a cloud given by URL, those of the public cloud. */
export function zoneNamesOf(cloud: string): ZoneNames {
  return clouds[cloud] ?? publicZones
}

const publicZones: ZoneNames = {
  monitor: 'privatelink.monitor.azure.com',
  oms: 'privatelink.oms.opinsights.azure.com',
  ods: 'privatelink.ods.opinsights.azure.com',
  agentsvc: 'privatelink.agentsvc.azure-automation.net',
  blob: 'privatelink.blob.core.windows.net',
}

const clouds: Readonly<Record<string, ZoneNames>> = {
  AzureUSGovernment: {
    monitor: 'privatelink.monitor.azure.us',
    oms: 'privatelink.oms.opinsights.azure.us',
    ods: 'privatelink.ods.opinsights.azure.us',
    agentsvc: 'privatelink.agentsvc.azure-automation.us',
    blob: 'privatelink.blob.core.usgovcloudapi.net',
  },
  AzureChinaCloud: {
    monitor: 'privatelink.monitor.azure.cn',
    oms: 'privatelink.oms.opinsights.azure.cn',
    ods: 'privatelink.ods.opinsights.azure.cn',
    agentsvc: 'privatelink.agentsvc.azure-automation.cn',
    blob: 'privatelink.blob.core.chinacloudapi.cn',
  },
}

/** The role of a zone name; `undefined` for any other name. */
export function roleOf(names: ZoneNames, zoneName: string): ZoneRole | undefined {
  const name = zoneName.toLowerCase()
  return zoneRoles.find((role) => names[role] === name)
}

/**
 * The record name of a host in the zone of a role: `https://x.westeurope-1.ingest.monitor.azure.com`
 * has the record `x.westeurope-1.ingest` in `privatelink.monitor.azure.com`. `undefined` for a host
 * in another domain.
 */
export function recordOf(names: ZoneNames, role: ZoneRole, host: string): string | undefined {
  const name = (/^(?:https?:\/\/)?([^/:]+)/i.exec(host)?.[1] ?? '').toLowerCase()
  return relativeName(name, names[role])
}

/** A full host name, with or without `privatelink`, relative to a zone; `undefined` if it is not in the zone's domain. */
export function relativeName(name: string, zoneName: string): string | undefined {
  const tidy = name.toLowerCase().replace(/\.$/, '')
  const domain = zoneName.replace(/^privatelink\./, '')
  for (const suffix of [`.${zoneName}`, `.${domain}`]) {
    if (tidy.endsWith(suffix)) return tidy.slice(0, -suffix.length)
  }
  return undefined
}

/** Records that the private endpoint of every scope has, whatever is linked; their addresses show which scope a zone serves (facts-2, B.3). */
export const sharedRecords: Readonly<Partial<Record<ZoneRole, readonly string[]>>> = {
  monitor: ['api', 'global.handler.control', 'global.in.ai', 'live'],
  blob: ['scadvisorcontentpl'],
}
