import type { Change, Plan } from '../../src/plan/plan.ts'
import type { EgressFqdns, EgressTargetHosts } from '../../src/egress/egress.ts'
import type { RenderContext } from '../../src/render/context.ts'
import type { NetworkReport } from '../../src/network/judge.ts'
import type { PlanReport } from '../../src/report.ts'
import {
  associationResource,
  change,
  cluster,
  context,
  endpoint,
  endpointResource,
  error,
  file,
  holdingRule,
  linkResource,
  logWorkspace,
  machine,
  modes,
  monitorWorkspace,
  outcome,
  plan,
  report,
  resource,
  rule,
  scope,
  warning,
  type SomeReport,
} from './builders.ts'

/** Reports in all situations of a comment, by the name of their golden file. */
export interface Case {
  readonly report: PlanReport
  readonly context?: Partial<RenderContext>
}

const dceWeu = resource(
  'MA_amw-weu_westeurope_managed',
  'Microsoft.Insights/dataCollectionEndpoints',
  'amw-weu',
)
const dceNeu = endpoint('dce-production-northeurope')
const msprom = endpoint('MSProm-westeurope-aks-neu', 'rg-aks')
const vm02Ingest = endpoint('dce-vm-02-5c1e9a')
const law = logWorkspace('law-weu')
const oldDce = endpoint('dce-legacy', 'rg-legacy')
const [aksWeu, aksNeu] = [cluster('aks-weu'), cluster('aks-neu')]
const [vm01, vm02, vm03] = [machine('vm-01'), machine('vm-02'), machine('vm-03')]

const createNeu = change(
  'config-endpoint',
  'aks-neu is in northeurope, where this file has no workspace.',
  null,
  endpointResource(dceNeu, 'northeurope'),
)
const createIngest = change(
  'machine-ingestion',
  'vm-02 sends metrics to amw-weu in westeurope.',
  null,
  endpointResource(vm02Ingest, 'westeurope'),
)
const linkWeu = change(
  'workspace-endpoint',
  'The automatic endpoint of workspace metrics-weu serves configuration and remote write.',
  null,
  linkResource(dceWeu),
)
const linkNeu = change(
  'regional-endpoint',
  'aks-neu gets its configuration from it.',
  null,
  linkResource(dceNeu),
  { dependsOn: [createNeu.key] },
)
const linkProm = change(
  'cluster-ingestion',
  'The Prometheus rule MSProm-westeurope-aks-neu of aks-neu sends through it.',
  null,
  linkResource(msprom),
)
const linkIngest = change(
  'machine-ingestion',
  'vm-02 sends metrics to amw-weu through it.',
  null,
  linkResource(vm02Ingest),
  { dependsOn: [createIngest.key] },
)
const linkLaw = change(
  'log-analytics',
  'Workspace logs of this file receives logs privately only if it is linked.',
  null,
  linkResource(law),
)
const weuReason = (name: string) => `${name} and its metrics workspace amw-weu are in westeurope.`
const associateAksWeu = change(
  'config-association',
  weuReason('aks-weu'),
  null,
  associationResource(aksWeu, dceWeu),
  { dependsOn: [linkWeu.key] },
)
const associateAksNeu = change(
  'config-association',
  'aks-neu is in northeurope, where this file has no workspace.',
  null,
  associationResource(aksNeu, dceNeu),
  { dependsOn: [linkNeu.key] },
)
const associateVm01 = change(
  'config-association',
  weuReason('vm-01'),
  null,
  associationResource(vm01, dceWeu),
  { dependsOn: [linkWeu.key] },
)
const moveVm02 = change(
  'config-association',
  'vm-02 and its metrics workspace amw-weu are in westeurope. dce-legacy is in northeurope.',
  associationResource(vm02, oldDce),
  associationResource(vm02, dceWeu),
  {
    dependsOn: [linkWeu.key],
    changed: { by: 'ops@contoso.example', type: 'User', at: '2026-01-02T13:05:44.1234567Z' },
  },
)
const setModes = change(
  'access-modes',
  'The file sets ingestion PrivateOnly (now: ingestion Open, query Open).',
  modes('Open', 'Open'),
  modes('PrivateOnly', 'Open'),
  {
    dependsOn: [
      linkWeu,
      linkNeu,
      linkProm,
      linkIngest,
      linkLaw,
      associateAksWeu,
      associateAksNeu,
      associateVm01,
      moveVm02,
    ].map((c) => c.key),
  },
)

/** The article's estate: a workspace of each kind, clusters in its region and another, machines with and without metrics. */
export const articleChanges: readonly Change[] = [
  createNeu,
  createIngest,
  linkWeu,
  linkNeu,
  linkProm,
  linkIngest,
  linkLaw,
  associateAksWeu,
  associateAksNeu,
  associateVm01,
  moveVm02,
  setModes,
]

const agentMissing = warning(
  'agent-missing',
  'vm-01 has no Azure Monitor agent: its private path carries nothing until it has one.',
  'Install the AzureMonitorLinuxAgent or AzureMonitorWindowsAgent extension on vm-01.',
  { resource: vm01, file, line: 21, column: 5 },
)
const waived = warning(
  'static-ip-private-endpoint',
  'The private endpoint pe-ampls of ampls-hub has static IP addresses; linking anything will fail until they are taken out.',
  'Give pe-ampls dynamic addresses.',
  {
    resource: resource('rg-net', 'Microsoft.Network/privateEndpoints', 'pe-ampls'),
    file,
    line: 31,
    column: 5,
    waived: { reason: 'replaced in the June window', expires: '2027-01-31' },
  },
)

const articlePlan: Plan = plan(articleChanges, {
  unchanged: 2,
  diagnostics: [agentMissing, waived],
  unmanaged: [
    {
      id: oldDce,
      kind: 'dataCollectionEndpoint',
      note: 'vm-02 gets its configuration from it now.',
    },
  ],
})

const host = (name: string, part: string) => `${name}.westeurope-1.${part}.monitor.azure.com`
const weuHosts = ['handler.control', 'ingest', 'metrics.ingest'].map((part) =>
  host('amw-weu-71ib', part),
)
const lawHosts = ['ods', 'oms'].map(
  (part) => `0aa1b2c3-0000-4000-8000-00000000abcd.${part}.opinsights.azure.com`,
)
const target = (
  id: string,
  configurationEndpoint: string,
  hosts: readonly string[],
  pending: readonly string[] = [],
): EgressTargetHosts => ({ id, configurationEndpoint, hosts, wildcards: [], pending })

export const articleEgress: EgressFqdns = {
  formatVersion: 1,
  topology: 'production',
  scope,
  private: true,
  regions: [
    {
      region: 'northeurope',
      hosts: lawHosts,
      targets: [target(aksNeu, dceNeu, lawHosts, [dceNeu])],
    },
    {
      region: 'westeurope',
      hosts: [...lawHosts, ...weuHosts].toSorted(),
      targets: [
        target(aksWeu, dceWeu, [...lawHosts, ...weuHosts].toSorted()),
        target(vm01, dceWeu, [...lawHosts, ...weuHosts].toSorted()),
        target(vm02, dceWeu, [...lawHosts, ...weuHosts].toSorted(), [vm02Ingest]),
        target(vm03, dceWeu, weuHosts.toSorted()),
      ],
    },
  ],
  endpoints: [
    { id: dceNeu },
    { id: vm02Ingest },
    {
      id: dceWeu,
      region: 'westeurope',
      configurationAccess: host('amw-weu-71ib', 'handler.control'),
    },
    { id: msprom, region: 'westeurope' },
  ],
  logWorkspaces: [{ id: law, region: 'westeurope', hosts: lawHosts }],
}

const article = report({
  plan: articlePlan,
  diagnostics: articlePlan.diagnostics,
  expectedSeconds: 150,
  egress: articleEgress,
  remoteWrite: [
    {
      name: 'onprem-k3s',
      workspace: monitorWorkspace('amw-weu'),
      url: `https://${host('amw-weu-71ib', 'metrics.ingest')}/dataCollectionRules/dcr-0123456789abcdef0123456789abcdef/streams/Microsoft-PrometheusMetrics/api/v1/write?api-version=2023-04-24`,
      endpoint: dceWeu,
      rule: rule('amw-weu', 'MA_amw-weu_westeurope_managed'),
    },
  ],
})

const smallChanges = [
  linkLaw,
  associateVm01,
  change(
    'config-association',
    'vm-03 and the workspace amw-weu are in westeurope. dcr-vmi is a rule, not an endpoint.',
    holdingRule(vm03, rule('dcr-vmi')),
    associationResource(vm03, dceWeu),
  ),
]

const dropped = [
  change(
    'config-association',
    'vm-04 is no longer in the file, and its association is ours.',
    associationResource(machine('vm-04'), dceNeu),
    null,
    {
      changed: {
        by: 'c0ffee00-1111-4222-8333-444455556666',
        type: 'Application',
        at: '2026-02-01T08:00:00Z',
      },
    },
  ),
  change(
    'regional-endpoint',
    'Nothing in the file calls for dce-production-northeurope any more.',
    linkResource(dceNeu),
    null,
  ),
  change(
    'config-endpoint',
    'Nothing in the file calls for dce-production-northeurope any more.',
    endpointResource(dceNeu, 'northeurope'),
    null,
  ),
]
const deletes = dropped.map((c, index) => ({
  ...c,
  dependsOn: dropped.slice(0, index).map((d) => d.key),
}))

const blackout = error(
  'blackout',
  'Ingestion PrivateOnly would leave vm-03 dark: its association points to dce-legacy, which is not linked to ampls-hub.',
  'Leave accessModes.ingestion Open in this change, or link dce-legacy first.',
  { resource: vm03, file, line: 9, column: 3 },
)
const unknown = error(
  'unknown-resource',
  'The machine rg-app/vm-09 does not exist.',
  'Correct the name, or take it out of the file.',
  { resource: machine('vm-09'), file, line: 24, column: 5 },
)

const azureSaid = {
  message:
    'Linking MSProm-westeurope-aks-neu to ampls-hub was refused: The client does not have authorization to perform action Microsoft.Insights/dataCollectionEndpoints/read.',
  remedy:
    'Give the identity of the apply job the role of docs/permissions.md on resource group rg-aks.',
  code: 'LinkedAuthorizationFailed',
  status: 403,
  correlationId: '9d1c7a52-3d3c-4a0e-9c1b-2f6f0f0f0f0f',
}
const times = [1400, 1250, 24_000, 21_500, 22_000, 26_000, 19_000, 900, 850, 700, 1100, 18_000]
const applied = articleChanges.map((c, index) =>
  outcome(c, index === 7 ? 'already' : 'done', index === 7 ? 0 : times[index]),
)
const partial = articleChanges.map((c, index) => {
  if (c === linkProm) return outcome(c, 'failed', 3200, azureSaid)
  if (c === setModes) {
    return outcome(c, 'skipped', 0, {
      message: 'It depends on the link of MSProm-westeurope-aks-neu, which failed.',
      remedy: 'Re-run the job.',
    })
  }
  return outcome(c, 'done', times[index])
})

/** A plan of `count` changes for each of endpoints, links and associations. */
export function manyChanges(count: number): Change[] {
  const each = Array.from({ length: count }, (_, index) => index)
  const regions = ['westeurope', 'northeurope', 'eastus2']
  const name = (index: number) => `web-${String(index).padStart(4, '0')}`
  const region = (index: number) => regions[index % regions.length] ?? ''
  const id = (index: number) => endpoint(`dce-${name(index)}-0a1b2c`)
  return [
    ...each.map((i) =>
      change(
        'machine-ingestion',
        `${name(i)} sends metrics to amw-weu in ${region(i)}, and needs an endpoint there to send through.`,
        null,
        endpointResource(id(i), region(i)),
      ),
    ),
    ...each.map((i) =>
      change(
        'machine-ingestion',
        `${name(i)} sends metrics to amw-weu through it.`,
        null,
        linkResource(id(i)),
      ),
    ),
    ...each.map((i) =>
      change(
        'config-association',
        `${name(i)} is in ${region(i)}, where dce-production-${region(i)} serves it.`,
        null,
        associationResource(machine(name(i)), endpoint(`dce-production-${region(i)}`)),
      ),
    ),
  ]
}

/** The host names after `manyChanges`: machines in three regions, one endpoint each. */
function manyEgress(count: number): EgressFqdns {
  const regions = ['eastus2', 'northeurope', 'westeurope']
  const order = ['westeurope', 'northeurope', 'eastus2']
  const shared = (region: string) => endpoint(`dce-production-${region}`)
  const of = (region: string) =>
    Array.from({ length: count }, (_, index) => index)
      .filter((index) => order[index % order.length] === region)
      .map((index) => machine(`web-${String(index).padStart(4, '0')}`))
  return {
    formatVersion: 1,
    topology: 'production',
    scope,
    private: true,
    regions: regions.map((region) => ({
      region,
      hosts: [],
      targets: of(region).map((id) => target(id, shared(region), [])),
    })),
    endpoints: regions.map((region) => ({ id: shared(region), region })),
    logWorkspaces: [],
  }
}

const spoke = resource('rg-net', 'Microsoft.Network/virtualNetworks', 'vnet-spoke2')
const hub = resource('rg-net', 'Microsoft.Network/virtualNetworks', 'vnet-hub')
const zoneOf = (name: string) => resource('rg-dns', 'Microsoft.Network/privateDnsZones', name)
const linkCommand =
  'az network private-dns link vnet create --resource-group rg-dns --zone-name privatelink.monitor.azure.com --name vnet-spoke2 --virtual-network vnet-spoke2 --registration-enabled false'
const networkProblems = [
  error(
    'dns-zone-not-linked',
    'Virtual network vnet-spoke2 is linked to no private DNS zone privatelink.monitor.azure.com: 2 targets there (vm-02 and vm-03) resolve these names publicly.',
    `Link it: ${linkCommand}`,
    { file, line: 4, column: 1, resource: spoke, command: linkCommand },
  ),
  error(
    'neighbour-unserved',
    '1 machine, scale set or cluster in virtual network vnet-hub resolves through the zones of this scope, carries an Azure Monitor agent, and is not in the file: vm-legacy (no linked endpoint in its region).',
    'Add it to the file, or accept it with a waiver.',
    { file, line: 4, column: 1, resource: hub },
  ),
]
/** One of two networks is linked, a neighbour is unserved, and something is not visible. */
const networkReport: NetworkReport = {
  privateEndpoints: [
    {
      id: resource('rg-net', 'Microsoft.Network/privateEndpoints', 'pe-ampls'),
      visible: true,
      addresses: ['10.0.0.4'],
      subnet: `${hub}/subnets/snet-pe`,
      freeAddresses: 12,
      zones: [zoneOf('privatelink.monitor.azure.com')],
      missingZones: ['privatelink.ods.opinsights.azure.com'],
    },
  ],
  virtualNetworks: [
    {
      id: hub,
      linkedZones: [zoneOf('privatelink.monitor.azure.com')],
      targets: [vm01.toLowerCase()],
      dns: 'azure',
      resolves: 'private',
      notLinked: [],
      empty: [],
      lacking: [],
    },
    {
      id: spoke,
      linkedZones: [],
      targets: [vm02.toLowerCase(), vm03.toLowerCase()],
      dns: 'azure',
      resolves: 'public',
      notLinked: ['privatelink.monitor.azure.com'],
      empty: [],
      lacking: [],
    },
  ],
  neighbours: [
    {
      id: machine('vm-legacy', 'rg-legacy'),
      virtualNetwork: hub,
      missing: ['association'],
      fallsBack: false,
    },
  ],
  unplaced: [aksNeu.toLowerCase()],
}

/** The same report from another run. */
function again(before: PlanReport, more: SomeReport): PlanReport {
  return { ...before, ...more } as PlanReport
}

export const situations: Readonly<Record<string, Case>> = {
  'article-planned': { report: article },
  'three-changes': {
    report: report({ plan: plan(smallChanges, { unchanged: 14 }), expectedSeconds: 20 }),
  },
  deletes: { report: report({ plan: plan(deletes, { unchanged: 9 }), expectedSeconds: 25 }) },
  'nothing-to-do': { report: report({ result: 'no-changes', plan: plan([], { unchanged: 42 }) }) },
  blocked: {
    report: report({
      result: 'failed',
      failure: {
        reason: 'blocked',
        message: 'The plan is blocked by 2 errors.',
        remedy: 'Mend them.',
      },
      plan: plan([linkLaw, setModes], {
        unchanged: 9,
        diagnostics: [blackout, unknown, agentMissing],
      }),
      diagnostics: [blackout, unknown, agentMissing],
      expectedSeconds: 40,
    }),
  },
  'network-problem': {
    report: report({
      result: 'failed',
      failure: { reason: 'blocked', message: 'Blocked by 2 errors.', remedy: 'Mend them.' },
      plan: plan([linkLaw, setModes], { unchanged: 9, diagnostics: networkProblems }),
      diagnostics: networkProblems,
      network: networkReport,
      expectedSeconds: 40,
    }),
  },
  'invalid-topology': {
    report: {
      file,
      command: 'plan',
      situation: 'invalid',
      result: 'failed',
      failure: {
        reason: 'invalid-topology',
        message: 'The topology file has 3 errors.',
        remedy: 'Correct them.',
      },
      diagnostics: [
        error('unknown-key', 'Unknown key "machine".', 'Did you mean "machines"?', {
          file,
          line: 12,
          column: 1,
        }),
        error(
          'invalid-value',
          'The name "Prod_1" is not one.',
          'Use lower-case letters, digits and hyphens, 2 to 20 of them, a letter first.',
          { file, line: 2, column: 7 },
        ),
        error(
          'missing-key',
          'privateLinkScope is missing.',
          'Add privateLinkScope: <resource group>/<name>.',
          { file, line: 1, column: 1 },
        ),
      ],
    },
  },
  'sign-in-failed': {
    report: report({
      result: 'failed',
      failure: {
        reason: 'auth-failed',
        message:
          'Entra refused the sign-in (AADSTS700213): no federated credential matches the subject repo:octo-org/platform:pull_request.',
        remedy: 'Add a federated credential with that subject to the app registration.',
      },
    }),
  },
  'fork-validated': { report: report({ result: 'validated' }) },
  applying: {
    report: again(article, {
      command: 'apply',
      situation: 'applying',
      outcomes: applied.slice(0, 4),
    }),
    context: {
      progress: { outcomes: applied.slice(0, 4), underWay: [linkProm.key], elapsedSeconds: 71 },
    },
  },
  applied: {
    report: again(article, {
      command: 'apply',
      situation: 'applied',
      result: 'applied',
      outcomes: applied,
    }),
  },
  'failed-half-way': {
    report: again(article, {
      command: 'apply',
      situation: 'partial',
      result: 'partial',
      failure: {
        reason: 'partial-apply',
        message: '10 of 12 changes were made.',
        remedy: 'See what failed, mend it and re-run the job.',
      },
      outcomes: partial,
    }),
  },
  'plan-changed': {
    report: report({
      plan: plan(smallChanges, { unchanged: 14 }),
      command: 'apply',
      situation: 'plan-changed',
      result: 'failed',
      failure: {
        reason: 'plan-changed',
        message: 'What is wanted now was not in the plan comment of pull request 17.',
        remedy: 'Open a pull request that shows the new plan, and merge it.',
      },
      review: {
        pullRequest: 17,
        commentUrl: 'https://github.com/octo-org/platform/pull/17#issuecomment-1',
        unreviewed: smallChanges.slice(2),
        gone: 2,
      },
    }),
  },
  'plan-not-found': {
    report: report({
      plan: plan(smallChanges),
      command: 'apply',
      situation: 'plan-not-found',
      result: 'failed',
      failure: {
        reason: 'plan-not-found',
        message: 'The merged pull request 17 has no plan comment by this action.',
        remedy:
          'Run the plan on the pull request before merging, or run this workflow by hand with command: apply.',
      },
    }),
  },
  'not-converged': {
    report: report({
      plan: plan(smallChanges),
      outcomes: smallChanges.map((c) => outcome(c, 'done', 900)),
      remaining: smallChanges.slice(1, 2),
      command: 'apply',
      situation: 'not-converged',
      result: 'partial',
      failure: {
        reason: 'not-converged',
        message:
          'All 3 changes were made, and 1 of them is gone again: something else writes the association of vm-01.',
        remedy: 'Find the policy or tool that writes it, and take vm-01 out of one of the two.',
      },
    }),
  },
  drift: {
    report: report({
      plan: plan([moveVm02, deletes[1] ?? linkLaw, linkLaw], { unchanged: 30 }),
      expectedSeconds: 20,
      command: 'drift',
      result: 'drift',
    }),
    context: {
      fileHistory: {
        commit: 'f00dfacef00dfacef00dfacef00dfacef00dface',
        at: '2026-01-01T10:00:00Z',
      },
    },
  },
  'drift-of-unknown-cause': {
    report: report({
      plan: plan([moveVm02], { unchanged: 30 }),
      expectedSeconds: 2,
      command: 'drift',
      result: 'drift',
    }),
  },
  clean: {
    report: report({ command: 'drift', result: 'clean', plan: plan([], { unchanged: 42 }) }),
  },
  'thousands-of-changes': {
    report: report({
      plan: plan(manyChanges(1000), { unchanged: 14 }),
      egress: manyEgress(1000),
      expectedSeconds: 20_000,
      diagnostics: Array.from({ length: 400 }, (_, i) =>
        warning(
          'agent-missing',
          `web-${String(i).padStart(4, '0')} has no Azure Monitor agent.`,
          'Install the agent.',
          { resource: machine(`web-${String(i).padStart(4, '0')}`), file, line: 21, column: 5 },
        ),
      ),
    }),
  },
}

/** The complete context of a case. */
export function contextOf(situation: Case): RenderContext {
  return { ...context, ...situation.context }
}
