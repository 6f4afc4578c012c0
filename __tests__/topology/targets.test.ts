import { describe, expect, it } from '@jest/globals'
import { fileOf, lines, problemsOf, type Situation } from './problems.ts'

const situations: readonly Situation[] = [
  {
    name: 'a target named again, in other words',
    text: lines(
      'machines:',
      '  - rg-app/vm-01',
      '  - { resource: RG-APP/VM-01 }',
      '  - /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/vm-01',
    ),
    problems: [
      '7:5 duplicate-target: The target VM-01 is named again; the first is on line 6. » Keep one entry, with everything that the target sends.',
      '8:5 duplicate-target: The target vm-01 is named again; the first is on line 6. » Keep one entry, with everything that the target sends.',
    ],
  },
  {
    name: 'an entry repeated by an alias',
    text: lines('machines:', '  - &vm { resource: rg/vm }', '  - *vm'),
    problems: [
      '7:5 duplicate-target: The target vm is named again; the first is on line 6. » Keep one entry, with everything that the target sends.',
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
      '8:24 invalid-value: An entry has either "resource" or "select", and this one has both. » Make two entries of it.',
      '9:25 invalid-value: "exclude" goes with "select" only. » Take it out.',
    ],
  },
  {
    name: 'an entry with a wrong resource is not said to have none',
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
      '6:13 invalid-value: This select has no condition, so it would take every resource of the subscription. » Give at least one, such as resourceGroups or tags; for a whole subscription name it under "subscriptions".',
      '7:21 invalid-value: The tags of this select are empty. » Name the tags that a resource must have, or take the key out.',
      '8:30 invalid-value: machines[2].select.subscriptions is empty. » Take it out, or write it like this: subscriptions: [11111111-1111-1111-1111-111111111111]',
      '8:50 invalid-value: machines[2].select.resourceGroups is empty. » Take it out, or write it like this: resourceGroups: [rg-app, rg-web]',
      '8:65 invalid-value: machines[2].select.locations is empty. » Take it out, or write it like this: locations: [westeurope]',
      '8:76 invalid-value: machines[2].select.types is empty. » Take it out, or write it like this: types: [Microsoft.Compute/virtualMachines]',
      '10:5 invalid-value: clusters[0].select has no value. » Take it out, or write it like this: select: { tags: { monitoring: private } }',
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
      '6:23 invalid-value: machines[0].select.types[0] must be a type that this section can hold, not "Microsoft.Compute/virtualMachine". » Did you mean Microsoft.Compute/virtualMachines?',
      '6:57 invalid-value: machines[0].select.types[1] must be a type that this section can hold, not "Microsoft.ContainerService/managedClusters". » Known here: Microsoft.Compute/virtualMachines, Microsoft.Compute/virtualMachineScaleSets, Microsoft.HybridCompute/machines.',
      '6:101 invalid-value: machines[0].select.types[2] must be a type that this section can hold, not "vm". » Known here: Microsoft.Compute/virtualMachines, Microsoft.Compute/virtualMachineScaleSets, Microsoft.HybridCompute/machines.',
      '8:23 invalid-value: clusters[0].select.types[0] must be a type that this section can hold, not "Microsoft.HybridCompute/machines". » Known here: Microsoft.ContainerService/managedClusters, Microsoft.Kubernetes/connectedClusters.',
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
      '8:9 wrong-type: arc is excluded as a resource of type Microsoft.Compute/virtualMachines, which this select doesn\'t take. » Give the full id of the resource to exclude, or add its type to "types".',
      "9:9 wrong-type: machines can't hold aks, which is of type Microsoft.ContainerService/managedClusters. » Give a resource of type Microsoft.Compute/virtualMachines or Microsoft.Compute/virtualMachineScaleSets or Microsoft.HybridCompute/machines.",
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
      '6:46 invalid-value: machines[0].exclude is empty. » Take it out, or write it like this: exclude: [rg-app/vm-01]',
      '7:46 invalid-value: machines[1].exclude must be a list of references, not "rg/vm". » Write it like this: exclude: [rg-app/vm-01]',
    ],
  },
  {
    name: 'one tag in two cases',
    text: lines('machines:', '  - select: { tags: { Env: prod, env: test } }'),
    problems: [
      '6:34 duplicate-key: The tag "env" is given again; the first is on line 6, and names of tags are compared without case. » Keep one of them.',
    ],
  },
  {
    name: 'subscriptions and regions that are none',
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
