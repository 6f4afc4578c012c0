import { describe, expect, it } from '@jest/globals'
import { fileOf, lines, problemsOf, type Situation } from './problems.ts'

const situations: readonly Situation[] = [
  {
    name: 'a target listed twice, in different spellings',
    text: lines(
      'machines:',
      '  - rg-app/vm-01',
      '  - { resource: RG-APP/VM-01 }',
      '  - /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/vm-01',
    ),
    problems: [
      '7:5 duplicate-target: The target VM-01 is listed twice; the first entry is on line 6. » Merge both into one entry.',
      '8:5 duplicate-target: The target vm-01 is listed twice; the first entry is on line 6. » Merge both into one entry.',
    ],
  },
  {
    name: 'an entry repeated by an alias',
    text: lines('machines:', '  - &vm { resource: rg/vm }', '  - *vm'),
    problems: [
      '7:5 duplicate-target: The target vm is listed twice; the first entry is on line 6. » Merge both into one entry.',
    ],
  },
  {
    name: 'entries that are neither one target nor a select, or both',
    text: lines(
      'machines:',
      '  - {}',
      '  - { exclude: [rg/vm] }',
      '  - { resource: rg/vm, select: { locations: [westeurope] } }',
      '  - { resource: rg/vm2, exclude: [rg/vm] }',
    ),
    problems: [
      '6:5 missing-key: This entry names no target. » Add "resource" with a reference, or "select" with conditions.',
      '7:5 missing-key: This entry names no target. » Add "resource" with a reference, or "select" with conditions.',
      '8:24 invalid-value: This entry has both "resource" and "select"; only one is allowed. » Split it into two entries.',
      '9:25 invalid-value: "exclude" is only allowed with "select". » Remove it.',
    ],
  },
  {
    name: 'an entry with an invalid resource is not reported as having none',
    text: 'machines: [{ resource: 5 }]\n',
    problems: [
      '5:24 invalid-value: machines[0].resource must be a full resource id or <resource group>/<name>, not the number 5. » Write it like this: resource: rg-app/vm-01',
    ],
  },
  {
    name: 'selects without conditions',
    text: lines(
      'machines:',
      '  - select: {}',
      '  - select: { tags: {} }',
      '  - select: { subscriptions: [], resourceGroups: [], locations: [], types: [] }',
      'clusters:',
      '  - select:',
    ),
    problems: [
      '6:13 invalid-value: This select has no condition, so it would match every resource of the subscription. » Add at least one condition, such as resourceGroups or tags. To select a whole subscription, list it under "subscriptions".',
      '7:21 invalid-value: The tags of this select are empty. » List the tags that a resource must have, or remove the key.',
      '8:30 invalid-value: machines[2].select.subscriptions is empty. » Remove it, or write it like this: subscriptions: [11111111-1111-1111-1111-111111111111]',
      '8:50 invalid-value: machines[2].select.resourceGroups is empty. » Remove it, or write it like this: resourceGroups: [rg-app, rg-web]',
      '8:65 invalid-value: machines[2].select.locations is empty. » Remove it, or write it like this: locations: [westeurope]',
      '8:76 invalid-value: machines[2].select.types is empty. » Remove it, or write it like this: types: [Microsoft.Compute/virtualMachines]',
      '10:5 invalid-value: clusters[0].select has no value. » Remove it, or write it like this: select: { tags: { monitoring: private } }',
    ],
  },
  {
    name: 'types that the section cannot select',
    text: lines(
      'machines:',
      '  - select: { types: [Microsoft.Compute/virtualMachine, Microsoft.ContainerService/managedClusters, vm] }',
      'clusters:',
      '  - select: { types: [Microsoft.HybridCompute/machines] }',
    ),
    problems: [
      '6:23 invalid-value: machines[0].select.types[0] must be a type that this section allows, not "Microsoft.Compute/virtualMachine". » Did you mean Microsoft.Compute/virtualMachines?',
      '6:57 invalid-value: machines[0].select.types[1] must be a type that this section allows, not "Microsoft.ContainerService/managedClusters". » Allowed here: Microsoft.Compute/virtualMachines, Microsoft.Compute/virtualMachineScaleSets, Microsoft.HybridCompute/machines.',
      '6:101 invalid-value: machines[0].select.types[2] must be a type that this section allows, not "vm". » Allowed here: Microsoft.Compute/virtualMachines, Microsoft.Compute/virtualMachineScaleSets, Microsoft.HybridCompute/machines.',
      '8:23 invalid-value: clusters[0].select.types[0] must be a type that this section allows, not "Microsoft.HybridCompute/machines". » Allowed here: Microsoft.ContainerService/managedClusters, Microsoft.Kubernetes/connectedClusters.',
    ],
  },
  {
    name: 'exclusions that the select could not match anyway',
    text: lines(
      'machines:',
      '  - select: { types: [Microsoft.HybridCompute/machines] }',
      '    exclude:',
      '      - rg/arc',
      '      - /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks',
    ),
    problems: [
      '8:9 wrong-type: This select excludes arc of type Microsoft.Compute/virtualMachines, but doesn\'t match that type. » Write the full id of the resource to exclude, or add its type to "types".',
      "9:9 wrong-type: machines can't hold aks, which is of type Microsoft.ContainerService/managedClusters. » Use a resource of type Microsoft.Compute/virtualMachines or Microsoft.Compute/virtualMachineScaleSets or Microsoft.HybridCompute/machines.",
    ],
  },
  {
    name: 'an exclude list that is empty or no list',
    text: lines(
      'machines:',
      '  - { select: { locations: [weu] }, exclude: [] }',
      '  - { select: { locations: [weu] }, exclude: rg/vm }',
    ),
    problems: [
      '6:46 invalid-value: machines[0].exclude is empty. » Remove it, or write it like this: exclude: [rg-app/vm-01]',
      '7:46 invalid-value: machines[1].exclude must be a list of references, not "rg/vm". » Write it like this: exclude: [rg-app/vm-01]',
    ],
  },
  {
    name: 'one tag in two spellings',
    text: lines('machines:', '  - select: { tags: { Env: prod, env: test } }'),
    problems: [
      '6:34 duplicate-key: The tag "env" is listed twice; the first entry is on line 6. Azure ignores case in tag names. » Keep one of them.',
    ],
  },
  {
    name: 'invalid subscriptions and regions',
    text: lines('machines:', '  - select: { subscriptions: [prod], locations: [west-europe, 5] }'),
    problems: [
      '6:31 invalid-value: machines[0].select.subscriptions[0] must be the id of a subscription, not "prod". » Write it like this: - 11111111-1111-1111-1111-111111111111',
      '6:50 invalid-value: machines[0].select.locations[0] must be the name of an Azure region, not "west-europe". » Write it like this: - westeurope',
      '6:63 invalid-value: machines[0].select.locations[1] must be the name of an Azure region, not the number 5. » Write it like this: - westeurope',
    ],
  },
]

describe('Problems of a topology file: targets and selects', () => {
  it.each(situations)('$name', (situation) => {
    expect(problemsOf(fileOf(situation))).toEqual(situation.problems)
  })
})
