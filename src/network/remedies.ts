import { nameOf, parseResourceId } from '../resources/id.ts'
import type { ServingZone } from './serving.ts'

/**
 * Azure CLI commands that fix a finding. Names come from Azure: a name that a shell could interpret
 * becomes `<NAME>`, for the reader to fill in.
 */

/** The command that links a virtual network to zones. */
export function linkZones(virtualNetwork: string, zones: readonly ServingZone[]): string {
  return eachZone(zones, (zone, group) =>
    [
      `az network private-dns link vnet create ${group} --zone-name ${zone}`,
      `--name ${word(nameOf(virtualNetwork))} --virtual-network ${word(virtualNetwork)}`,
      '--registration-enabled false',
    ].join(' '),
  )
}

/** The command that adds zones to the zone group of a private endpoint, and creates the group if there is none. */
export function addZones(
  privateEndpoint: string,
  group: string | undefined,
  zones: readonly { readonly name: string; readonly id?: string }[],
): string {
  const command = (zone: string, verb: 'add' | 'create') =>
    [
      `az network private-endpoint dns-zone-group ${verb} ${whereabouts(privateEndpoint)}`,
      `--endpoint-name ${word(nameOf(privateEndpoint))} --name ${word(group ?? 'default')}`,
      `--private-dns-zone ${zone} --zone-name ${zone.includes('$') ? '"$(basename $zone | tr . -)"' : `'${dashed(zone)}'`}`,
    ].join(' ')
  const names = zones.map(({ id, name }) => word(id ?? name))
  const [first = ''] = names
  if (group === undefined && names.length === 1) return command(first, 'create')
  if (names.length === 1) return command(first, 'add')
  const loop = (all: readonly string[]) =>
    `for zone in ${all.join(' ')}; do ${command('"$zone"', 'add')}; done`
  return group === undefined ? `${command(first, 'create')}; ${loop(names.slice(1))}` : loop(names)
}

function eachZone(
  zones: readonly ServingZone[],
  command: (zone: string, group: string) => string,
): string {
  const [first] = zones
  if (first === undefined) return ''
  const home = whereabouts(first.id)
  const here = zones.filter((zone) => whereabouts(zone.id) === home)
  const names = here.map((zone) => word(nameOf(zone.id)))
  const text =
    names.length === 1
      ? command(names[0] ?? '', home)
      : `for zone in ${names.join(' ')}; do ${command('$zone', home)}; done`
  const elsewhere = zones.length - here.length
  return elsewhere === 0
    ? text
    : `${text} (and the same for ${zones
        .filter((zone) => !here.includes(zone))
        .map((zone) => word(zone.id))
        .join(', ')})`
}

/** Subscription and resource group as command-line options. */
function whereabouts(id: string): string {
  const parsed = parseResourceId(id)
  return `--subscription ${word(parsed?.subscription ?? '')} --resource-group ${word(parsed?.resourceGroup ?? '')}`
}

function dashed(zone: string): string {
  return nameOf(zone.replace(/'/g, '')).replace(/[^A-Za-z0-9-]/g, '-')
}

/** A single shell word: safe text as it is, spaces and parentheses in quotes, `<NAME>` for everything else. */
function word(text: string): string {
  if (/^[\w./-]+$/.test(text)) return text
  return /^[\w./() -]+$/.test(text) ? `'${text}'` : '<NAME>'
}
