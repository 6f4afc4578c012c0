import { createHash } from 'node:crypto'
import { describe, expect, it, test } from '@jest/globals'
import fc from 'fast-check'
import {
  linkName,
  machineEndpointName,
  regionalEndpointName,
  regionalIngestionName,
} from '../../src/resources/names.ts'

const sha = (text: string, digits: number) =>
  createHash('sha256').update(text).digest('hex').slice(0, digits)
const vm = '/subscriptions/1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/VM_01'
const place = { topology: 'production', region: 'westeurope' }
const runs = { numRuns: 500, seed: 20261122 }

describe('Names of endpoints', () => {
  it('fill the default templates', () => {
    expect(regionalEndpointName('dce-{topology}-{region}', place)).toBe('dce-production-westeurope')
    expect(machineEndpointName('dce-{machine}-{hash}', { ...place, machineId: vm })).toBe(
      `dce-vm-01-${sha(vm.toLowerCase(), 6)}`,
    )
  })

  it('ignore the case of the machine', () => {
    const name = (machineId: string) =>
      machineEndpointName('{machine}-{hash}', { ...place, machineId })
    expect(name(vm.toUpperCase())).toBe(name(vm.toLowerCase()))
  })

  it('keep the case of the template, and replace every other character with "-"', () => {
    expect(regionalEndpointName('DCE {topology}.{region}\u{1f512}x', place)).toBe(
      'DCE-production-westeurope-x',
    )
  })

  it('lose "-" at both ends', () => {
    expect(regionalEndpointName('--_{region}!', place)).toBe('westeurope')
  })

  it('are undefined without a letter or digit', () => {
    expect(regionalEndpointName('-_-', place)).toBeUndefined()
    const machineId = vm.replace('VM_01', '___')
    expect(machineEndpointName('{machine}', { ...place, machineId })).toBeUndefined()
  })

  it('leave unknown placeholders as they are', () => {
    expect(regionalEndpointName('a{constructor}b{machine}c', place)).toBe(
      'a-constructor-b-machine-c',
    )
  })

  it('are kept up to 44 characters, and from 45 on are cut and end with a hash of the whole name', () => {
    const fits = 'a'.repeat(44)
    const long = 'a'.repeat(45)
    expect(regionalEndpointName(fits, place)).toBe(fits)
    expect(regionalEndpointName(long, place)).toBe(`${'a'.repeat(37)}-${sha(long, 6)}`)
  })

  it('lose a "-" at the cut', () => {
    const long = `${'a'.repeat(35)}--${'b'.repeat(10)}`
    expect(regionalEndpointName(long, place)).toBe(`${'a'.repeat(35)}-${sha(long, 6)}`)
  })

  it('of ingestion carry "-ingest" before they are cut', () => {
    expect(regionalIngestionName('dce-{topology}-{region}', place)).toBe(
      'dce-production-westeurope-ingest',
    )
    const long = 'a'.repeat(40)
    expect(regionalIngestionName(long, place)).toBe(`${'a'.repeat(37)}-${sha(`${long}-ingest`, 6)}`)
    expect(regionalIngestionName('---', place)).toBe('ingest')
  })

  test('are always valid in Azure, for any template and machine', () => {
    const template = fc
      .array(
        fc.oneof(
          fc.string({ unit: 'grapheme', maxLength: 12 }),
          fc.constantFrom('{topology}', '{region}', '{machine}', '{hash}', '-', 'dce'),
        ),
        { maxLength: 8 },
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(template, fc.string({ unit: 'grapheme', maxLength: 64 }), (text, machine) => {
        const values = { ...place, machineId: `/subscriptions/1/x/${machine}` }
        for (const name of [
          regionalEndpointName(text, values),
          regionalIngestionName(text, values),
          machineEndpointName(text, values),
        ]) {
          if (name === undefined) continue
          expect(name).toMatch(/^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/)
          expect(name.length).toBeLessThanOrEqual(44)
        }
      }),
      runs,
    )
  })

  test('differ between machines by {hash}, however long the machine names', () => {
    const machine = fc.stringMatching(/^[a-z0-9-]{1,60}$/)
    fc.assert(
      fc.property(fc.uniqueArray(machine, { minLength: 2, maxLength: 20 }), (machines) => {
        const names = machines.map((name) =>
          machineEndpointName('dce-{machine}-{hash}', {
            ...place,
            machineId: `/subscriptions/1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/${name}`,
          }),
        )
        expect(new Set(names).size).toBe(machines.length)
      }),
      runs,
    )
  })
})

describe('The name of a link', () => {
  it('consists of the topology, the linked resource and a hash of its id, whose case is ignored', () => {
    expect(linkName('production', vm)).toBe(`production-VM_01-${sha(vm.toLowerCase(), 8)}`)
    expect(linkName('production', vm.toUpperCase()).toLowerCase()).toBe(
      linkName('production', vm).toLowerCase(),
    )
  })
})
