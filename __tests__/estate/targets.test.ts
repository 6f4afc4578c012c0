import { describe, expect, test } from '@jest/globals'
import { resolveTargets } from '../../src/estate/resolveTargets.ts'
import type { SelectEntry } from '../../src/topology/topology.ts'
import {
  dcrId,
  idOf,
  machine,
  place,
  rule,
  sub,
  target,
  type There,
  topology,
  vmId,
  world,
} from '../plan/builders.ts'
import { observe } from '../oracle/world.ts'

const vmss = vmId('set').replace('virtualMachines', 'virtualMachineScaleSets')

function select(more: Partial<SelectEntry> = {}): SelectEntry {
  return {
    kind: 'machine',
    subscriptions: [sub],
    types: ['microsoft.compute/virtualmachines'],
    exclude: [],
    logs: [],
    at: place,
    ...more,
  }
}

function resolve(file: Parameters<typeof topology>[0], there: There) {
  const { targets, diagnostics, questions, named } = resolveTargets(
    topology(file),
    observe(world(there)),
  )
  return {
    targets: targets.map((one) => `${one.target.name} ${one.metrics ?? '-'} ${one.logs.join('+')}`),
    problems: diagnostics.map((one) => `${one.severity} ${one.code}`),
    questions: questions.map((one) => one.what),
    named: [...named].length,
    rules: targets.flatMap((one) => one.rules.map((rule) => rule.name)),
  }
}

const keys = (...names: string[]) => names.map((name) => vmId(name).toLowerCase())
const there = { targets: ['a', 'b'].map((name) => target(vmId(name), 'westeurope')) }

describe('Targets', () => {
  test('that are both named and selected are one target, with the settings of the explicit entry', () => {
    const result = resolve(
      { targets: [machine('b', { logs: ['named'] })], selects: [select({ logs: ['selected'] })] },
      { ...there, selected: [keys('a', 'b')] },
    )
    expect(result).toMatchObject({ targets: ['a - selected', 'b - named'], problems: [] })
  })

  test.each([
    ['the same settings', { logs: ['y', 'x'] }, []],
    ['other logs', { logs: ['x'] }, ['error duplicate-target']],
    ['other metrics', { logs: ['x', 'y'], metrics: 'm' }, ['error duplicate-target']],
  ])('to which two selects give %s', (_, second, problems) => {
    const result = resolve(
      { selects: [select({ logs: ['x', 'y'] }), select(second)] },
      { ...there, selected: [keys('a'), keys('a')] },
    )
    expect(result.problems).toEqual(problems)
  })

  test('that have not been read yet become questions', () => {
    expect(resolve({ targets: [machine('new')] }, {})).toMatchObject({
      targets: [],
      questions: ['target'],
      named: 1,
    })
  })

  test.each([
    ['named', { targets: [machine('set', { id: idOf(vmss) })] }, {}, 'error flexible-scale-set'],
    [
      'selected',
      { selects: [select()] },
      { selected: [[vmss.toLowerCase()]] },
      'warning flexible-scale-set',
    ],
  ])('that are flexible scale sets and %s', (_, file, more, problem) => {
    const set = target(vmss, 'westeurope', { orchestrationMode: 'FLEXIBLE' })
    expect(resolve(file, { targets: [set], ...more })).toMatchObject({
      targets: [],
      problems: [problem],
    })
  })

  test('have their existing rules, sorted by id', () => {
    const result = resolve(
      { targets: [machine('a')] },
      {
        ...there,
        rules: [rule('z'), rule('b'), { id: dcrId('gone'), state: 'missing' }],
        ruleAssociations: { [vmId('a')]: [dcrId('z'), dcrId('gone'), dcrId('b')] },
      },
    )
    expect(result).toMatchObject({ rules: ['b', 'z'], problems: [] })
  })
})
