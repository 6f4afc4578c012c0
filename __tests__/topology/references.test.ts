import { describe, expect, it } from '@jest/globals'
import { fileOf, lines, problemsOf, type Situation } from './problems.ts'

const situations: readonly Situation[] = [
  {
    name: 'full ids of types that the section does not allow',
    file: lines(
      'version: 1',
      'name: production',
      'subscription: 11111111-1111-1111-1111-111111111111',
      'privateLinkScope: /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Monitor/accounts/amw',
      'azureMonitorWorkspaces: { a: /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law }',
      'machines:',
      '  - /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/microsoft.containerservice/managedclusters/aks',
      '  - /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Compute/virtualMachineScaleSets/ss/virtualMachines/0',
      'clusters:',
      '  - /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st',
    ),
    problems: [
      "4:19 wrong-type: privateLinkScope can't hold amw, which is of type Microsoft.Monitor/accounts. » Use a resource of type Microsoft.Insights/privateLinkScopes.",
      "5:30 wrong-type: azureMonitorWorkspaces can't hold law, which is of type Microsoft.OperationalInsights/workspaces. » Use a resource of type Microsoft.Monitor/accounts.",
      "7:5 wrong-type: machines can't hold aks, which is of type Microsoft.ContainerService/managedClusters. » Use a resource of type Microsoft.Compute/virtualMachines or Microsoft.Compute/virtualMachineScaleSets or Microsoft.HybridCompute/machines.",
      "8:5 wrong-type: machines can't hold 0, which is of type microsoft.compute/virtualmachinescalesets/virtualmachines. » Use a resource of type Microsoft.Compute/virtualMachines or Microsoft.Compute/virtualMachineScaleSets or Microsoft.HybridCompute/machines.",
      "10:5 wrong-type: clusters can't hold st, which is of type microsoft.storage/storageaccounts. » Use a resource of type Microsoft.ContainerService/managedClusters or Microsoft.Kubernetes/connectedClusters.",
    ],
  },
  {
    name: 'texts that are not references',
    text: lines(
      'machines:',
      '  - vm-01',
      '  - rg/vm/01',
      '  - /rg/vm',
      '  - subscriptions/11111111-1111-1111-1111-111111111111',
      '  - /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg',
      '  - /subscriptions/production/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm',
      '  - https://portal.azure.com/rg/vm',
    ),
    problems: [
      '6:5 invalid-value: "vm-01" is not a reference: the resource group is missing. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
      '7:5 invalid-value: "rg/vm/01" is not a reference: it is neither <resource group>/<name> nor a full id. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
      '8:5 invalid-value: "/rg/vm" is not a reference: it is neither <resource group>/<name> nor a full id. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
      '9:5 invalid-value: "subscriptions/11111111-1111-1111-1111-111111111111" is not a reference: the resource id is incomplete. » A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
      '10:5 invalid-value: "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg" is not a reference: the resource id is incomplete. » A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
      '11:5 invalid-value: "/subscriptions/production/resourceGroups/rg/providers/Microsoft.Compute/virtualM…" is not a reference: "production" is not the id of a subscription. » Write the id of the subscription, not its name.',
      '12:5 invalid-value: "https://portal.azure.com/rg/vm" is not a reference: "https:" is not a valid part. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
    ],
  },
  {
    name: 'references that could change a URL',
    text: 'machines:\n  - rg/vm?api-version=1\n  - rg/vm#1\n  - rg%2f/vm\n  - ../vm\n  - rg/.\n  - rg//vm\n  - //rg/vm\n  - \'rg/ vm\'\n  - rg\\a/vm\n  - "rg/vm\\n"\n  - /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/../x/providers/Microsoft.Compute/virtualMachines/vm\n  - rg/@everyone\n',
    problems: [
      '6:5 invalid-value: "rg/vm?api-version=1" is not a reference: "vm?api-version=1" is not a valid part. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
      '7:5 invalid-value: "rg/vm#1" is not a reference: "vm#1" is not a valid part. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
      '8:5 invalid-value: "rg%2f/vm" is not a reference: "rg%2f" is not a valid part. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
      '9:5 invalid-value: "../vm" is not a reference: ".." is not a valid part. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
      '10:5 invalid-value: "rg/." is not a reference: "." is not a valid part. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
      '11:5 invalid-value: "rg//vm" is not a reference: one part is empty. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
      '12:5 invalid-value: "//rg/vm" is not a reference: one part is empty. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
      '13:5 invalid-value: "rg/ vm" is not a reference: " vm" is not a valid part. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
      '14:5 invalid-value: "rg\\\\a/vm" is not a reference: "rg\\\\a" is not a valid part. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
      '15:5 invalid-value: "rg/vm\\n" is not a reference: "vm\\n" is not a valid part. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
      '16:5 invalid-value: "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/../x/provi…" is not a reference: ".." is not a valid part. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
      '17:5 invalid-value: "rg/@everyone" is not a reference: "@everyone" is not a valid part. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
    ],
  },
  {
    name: 'an invisible character',
    text: 'machines: [rg/vm\u200b]\n',
    problems: [
      '5:12 invalid-value: "rg/vm\\u{200b}" is not a reference: "vm\\u{200b}" is not a valid part. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
    ],
  },
  {
    name: 'references are checked even if the subscription is invalid',
    file: lines(
      'version: 1',
      'name: production',
      'subscription: x',
      'privateLinkScope: ampls',
      'machines: [rg/vm, rg/vm]',
    ),
    problems: [
      '3:15 invalid-value: subscription must be the id of a subscription, not "x". » Write it like this: subscription: 11111111-1111-1111-1111-111111111111',
      '4:19 invalid-value: "ampls" is not a reference: the resource group is missing. » Write <resource group>/<name>. A full id is /subscriptions/<id>/resourceGroups/<group>/providers/<provider>/<type>/<name>.',
      '5:19 duplicate-target: The target vm is listed twice; the first entry is on line 5. » Merge both into one entry.',
    ],
  },
  {
    name: 'invalid resource groups',
    text: lines(
      'dataCollectionEndpoints:',
      '  resourceGroup: /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Compute',
      'machines:',
      '  - select: { resourceGroups: [rg/x, /subscriptions/1/resourceGroups/rg] }',
    ),
    problems: [
      '6:18 invalid-value: "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/…" is neither the name of a resource group nor its full id. » Write rg-monitor, or /subscriptions/<id>/resourceGroups/rg-monitor.',
      '8:32 invalid-value: machines[0].select.resourceGroups[0] must be the name of a resource group, not "rg/x". » Write it like this: - rg-app',
      '8:38 invalid-value: machines[0].select.resourceGroups[1] must be the name of a resource group, not "/subscriptions/1/resourceGroups/rg". » Write it like this: - rg-app',
    ],
  },
  {
    name: 'a resource group in a subscription given by name',
    text: 'dataCollectionEndpoints: { resourceGroup: /subscriptions/production/resourceGroups/rg }\n',
    problems: [
      '5:43 invalid-value: "/subscriptions/production/resourceGroups/rg" is neither the name of a resource group nor its full id. » Write rg-monitor, or /subscriptions/<id>/resourceGroups/rg-monitor.',
    ],
  },
]

describe('Problems of a topology file: references', () => {
  it.each(situations)('$name', (situation) => {
    expect(problemsOf(fileOf(situation))).toEqual(situation.problems)
  })
})
