import { describe, expect, it, test } from '@jest/globals'
import { InputError } from '../../src/errors.ts'
import { nameTarget, pickFound } from '../../src/explain/nameTarget.ts'
import { found } from '../oracle/world.ts'
import { aksId, idOf, machine, sub, target, topology, vmId } from '../plan/builders.ts'

const other = '22222222-2222-2222-2222-222222222222'
const elsewhere = vmId('vm-02').replace(sub, other)
const set = vmId('vmss-1').replace('virtualMachines', 'virtualMachineScaleSets')
const selected = vmId('vm-Selected')
const file = topology({
  remoteWrite: [{ name: 'onprem-k3s', metrics: 'm', at: { line: 1, column: 1 } }],
  targets: [
    machine('vm-01'),
    machine('vm-02'),
    machine('x', { id: idOf(elsewhere) }),
    machine('x', { id: idOf(set) }),
    machine('x', { id: idOf(vmId('twin')) }),
    machine('x', { id: idOf(aksId('twin')) }),
    ...Array.from({ length: 200 }, (_, index) => machine(`app-server-${1000 + index}`)),
  ],
})
const estate = {
  targets: new Map([[selected.toLowerCase(), found(target(selected, 'westeurope'))]]),
  selected: [[selected.toLowerCase()]],
}

function name(word: string): string {
  const named = nameTarget(word, file, estate)
  return named.state === 'found' ? named.id.text : `sought: ${named.sought.name}`
}

function refusal(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof InputError) return `${error.message} ${error.remedy}`
    throw error
  }
  return 'taken'
}

describe('a target is named', () => {
  test.each([
    ['by its id', vmId('vm-01'), vmId('vm-01')],
    ['by its id in any case, without a slash', vmId('VM-01').slice(1).toUpperCase(), undefined],
    ['by a short reference', 'rg-app/vm-01', vmId('vm-01')],
    ['by a short reference in any case', 'RG-APP/VM-01', vmId('vm-01')],
    ['by a unique name', 'vm-01', vmId('vm-01')],
    ['by a name with blanks around it', ' VM-01 ', vmId('vm-01')],
    ['by the name of a target that a select matches', 'vm-selected', selected],
    ['by the short form for a type that the file names by full id', 'rg-app/vmss-1', set],
  ])('%s', (_, word, wanted) => {
    if (wanted !== undefined) expect(name(word)).toBe(wanted)
    else expect(name(word).toLowerCase()).toBe(vmId('vm-01').toLowerCase())
  })

  it('by a short reference: the target in the file’s own subscription, if there are two', () => {
    expect(name('rg-app/vm-02')).toBe(vmId('vm-02'))
  })

  it('by an id that the file does not have', () => {
    expect(name(vmId('nobody'))).toBe(vmId('nobody'))
  })

  it('or is searched for in Azure', () => {
    expect(name('nobody')).toBe('sought: nobody')
    expect(nameTarget('rg-x/nobody', file, estate)).toEqual({
      state: 'elsewhere',
      sought: { word: 'rg-x/nobody', name: 'nobody', resourceGroup: 'rg-x' },
    })
  })
})

describe('an input that names no target, or several', () => {
  test.each([
    ['vm-02', [`"vm-02" is the name of 2 targets:`, vmId('vm-02'), elsewhere, 'Use the id']],
    ['twin', [vmId('twin'), aksId('twin')]],
    ['/subscriptions/x', ['is not a resource id']],
    [
      `/subscriptions/${sub}/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/sa`,
      ['neither a machine nor a cluster', 'Microsoft.Compute/virtualMachines'],
    ],
    [`${set}/virtualMachines/0`, ['neither a machine nor a cluster']],
    ['a/b/c', ['neither an id nor a short reference']],
    ['rg-app/', ['neither an id nor a short reference']],
    ['', ['it is missing']],
  ])('%j is refused, with the candidates or the valid forms', (word, wanted) => {
    const said = refusal(() => name(word))
    expect(said).toMatch(/^target: /)
    for (const part of wanted) expect(said).toContain(part)
  })

  test.each([
    ['vm-10', 'Did you mean vm-01'],
    ['aap-server-1199', 'Did you mean app-server-1199'],
    ['vm-selceted', `Did you mean vm-Selected (${selected})`],
    ['something else', 'Use a resource id'],
    ['onprem-k3s', 'a remote writer outside Azure'],
  ])(
    '%j, which does not exist in Azure either: the closest name in the file is suggested',
    (word, wanted) => {
      const sought = { word, name: word }
      expect(refusal(() => pickFound(sought, [], file, estate))).toContain(wanted)
    },
  )

  it('a short reference is compared with short references', () => {
    const sought = { word: 'rg-app/vm-10', name: 'vm-10', resourceGroup: 'rg-app' }
    expect(refusal(() => pickFound(sought, [], file, estate))).toContain(
      'Did you mean rg-app/vm-01',
    )
  })

  it('is refused if Azure has several with that name', () => {
    const sought = { word: 'vm-99', name: 'vm-99' }
    const two = [vmId('vm-99'), vmId('vm-99').replace(sub, other)]
    expect(refusal(() => pickFound(sought, two, file, estate))).toContain(two[1] ?? '')
    expect(pickFound(sought, two.slice(0, 1), file, estate).text).toBe(vmId('vm-99'))
  })
})
