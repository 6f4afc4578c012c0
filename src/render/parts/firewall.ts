import type { EgressFqdns, EgressRegion } from '../../egress/egress.ts'
import { groupBy } from '../../resources/group.ts'
import { isHostName } from '../../egress/hosts.ts'
import { code, details, fence, table, text } from '../text/markdown.ts'
import type { View } from '../view.ts'
import { listed, listedBy, plural } from '../text/words.ts'

/** Azure Firewall allows letters, digits, `-`, `_` and `.` in rule names. */
const ruleName = (region: string) => `monitor-${region.replace(/[^a-z0-9-]/gi, '-')}`

/** A rule collection of an Azure Firewall policy as JSON: one rule per region. */
export function firewallCollection(egress: EgressFqdns): object {
  return {
    ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
    name: collectionName(egress),
    priority: 500,
    action: { type: 'Allow' },
    rules: regionsWithHosts(egress).map((region) => ({
      ruleType: 'ApplicationRule',
      name: ruleName(region.region),
      protocols: [{ protocolType: 'Https', port: 443 }],
      sourceAddresses: ['*'],
      targetFqdns: safeHosts(region.hosts),
    })),
  }
}

/**
 * The same as Azure CLI commands: a collection with the first region's rule, then one rule per
 * further region.
 */
export function firewallCommands(egress: EgressFqdns): string {
  const where =
    '  --resource-group "$RESOURCE_GROUP" --policy-name "$POLICY" --rule-collection-group-name "$RULE_COLLECTION_GROUP"'
  return regionsWithHosts(egress)
    .map((region, index) => {
      const first = index === 0
      const verb = first ? 'collection add-filter-collection' : 'collection rule add'
      const name = collectionName(egress)
      return [
        `az network firewall policy rule-collection-group ${verb}`,
        where,
        first
          ? `  --name ${name} --collection-priority 500 --action Allow --rule-name ${ruleName(region.region)}`
          : `  --collection-name ${name} --name ${ruleName(region.region)}`,
        `  --rule-type ApplicationRule --protocols Https=443 --source-addresses '*'`,
        `  --target-fqdns ${safeHosts(region.hosts)
          .map((host) => `'${host}'`)
          .join(' ')}`,
      ].join(' \\\n')
    })
    .join('\n\n')
}

/** The host names section of the summary; empty if there are none. */
export function renderEgress(view: View): string {
  const egress = view.report.egress
  if (egress === undefined || egress.regions.length === 0) return ''
  const parts = [
    '### Host names',
    explain(egress),
    ...egress.regions.map((r) => renderRegion(r, view)),
  ]
  if (regionsWithHosts(egress).length > 0) parts.push(renderFirewall(egress))
  return parts.join('\n\n')
}

function explain(egress: EgressFqdns): string {
  const meaning = egress.private
    ? 'The scope has an approved private endpoint: in its networks, each name must resolve to a private address. If a firewall is in between, allow the names.'
    : 'The scope has no approved private endpoint, so these names resolve to public addresses: allow them, or connect the scope to your network first.'
  return `${meaning} Sign-in, agent updates and queries use other host names, which are not listed here.`
}

function renderRegion(region: EgressRegion, view: View): string {
  const alike = groupBy(region.targets, ({ hosts, wildcards, pending }) =>
    [...hosts, '', ...wildcards, '', ...pending].join('\n'),
  )
  const rows = [...alike.values()].flatMap((targets) => {
    const [first] = targets
    if (first === undefined) return []
    const names = listedBy(targets, (target) => view.show(target.id), maxNames)
    return [
      [
        names,
        cell([...first.hosts, ...first.wildcards]),
        listed(first.pending.map(view.show)) || '–',
      ],
    ]
  })
  const heading = `<b>${text(region.region, 60)}</b>: ${plural(region.targets.length, 'target')}, ${plural(region.hosts.length, 'host name')}`
  return details(heading, table(['Target', 'Host names (HTTPS, 443)', 'Not known yet'], rows))
}

/**
 * Targets with the same host names share a row, which lists this many of them; the file lists all.
 */
const maxNames = 25

function cell(hosts: readonly string[]): string {
  return (
    safeHosts(hosts)
      .map((host) => code(host))
      .join('<br>') || '–'
  )
}

function renderFirewall(egress: EgressFqdns): string {
  return details(
    'Azure Firewall application rules, ready to paste',
    [
      `Narrow ${code('sourceAddresses')} to the networks of the targets.`,
      fence('json', JSON.stringify(firewallCollection(egress), null, 2)),
      fence('bash', firewallCommands(egress)),
    ].join('\n\n'),
  )
}

function regionsWithHosts(egress: EgressFqdns): readonly EgressRegion[] {
  return egress.regions.filter((region) => safeHosts(region.hosts).length > 0)
}

/** Only host names, with or without a leading wildcard, may enter a rule or a command. */
function safeHosts(hosts: readonly string[]): string[] {
  return hosts.filter((host) => isHostName(host.replace(/^\*\./, '')))
}

function collectionName(egress: EgressFqdns): string {
  return `azure-monitor-${egress.topology.replace(/[^a-z0-9-]/gi, '-')}`
}
