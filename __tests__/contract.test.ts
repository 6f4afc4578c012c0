import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { load } from 'js-yaml'
import { blockingCodes, networkCodes, warningCodes } from '../src/diagnostics.ts'
import { failureReasons } from '../src/errors.ts'
import { inputDefaults } from '../src/job/inputReader.ts'
import { rules } from '../src/rules/ruleIds.ts'
import { commandNames, results } from '../src/report.ts'
import { outputNames } from './support/results.ts'

const file = path.resolve('../shared/contract.md')
const isThere = existsSync(file)
if (!isThere) console.warn(`${file} is not here: what we offer is NOT held against the contract.`)

/** Inputs and outputs of part two, with their sections. */
const partTwo: Readonly<Record<string, number>> = {
  'check-network': 8,
  'verify-window-minutes': 9,
  'verify-wait-minutes': 9,
  'fail-on-silent': 9,
  'verify-json': 9,
  'dns-server': 10,
  'egress-json': 10,
  'network-json': 10,
  scope: 11,
  name: 11,
  'imported-file': 11,
  target: 12,
  'explain-json': 12,
}

/** Compares the lists of names in contract.md, which users build on, with the code. */
const withContract = isThere ? describe : describe.skip
withContract('the lists of ../shared/contract.md (SKIPPED where ../shared is not)', () => {
  const contract = isThere ? readFileSync(file, 'utf8') : ''
  const action = load(readFileSync('action.yml', 'utf8')) as {
    readonly inputs: Readonly<Record<string, { readonly default?: string }>>
    readonly outputs: Readonly<Record<string, unknown>>
  }

  /** The text of a section by its number. */
  const section = (number: number): string =>
    contract.split(/^## (?=\d+\. )/m).find((part) => part.startsWith(`${number}. `)) ?? ''
  /** Names in code quotes, also several in one pair of quotes. */
  const names = (text: string): string[] =>
    [...text.matchAll(/`([^`]+)`/g)].flatMap(([, quoted = '']) => quoted.split(' '))
  const between = (text: string, from: string, to: string): string => {
    const start = text.indexOf(from)
    const end = text.indexOf(to, start)
    if (start < 0 || end < 0) throw new Error(`contract.md no longer says "${from} … ${to}".`)
    return text.slice(start + from.length, end)
  }
  /** The first cells of the rows of the table with this heading. */
  const firstCells = (text: string, head: string): readonly string[][] =>
    (text.split(head)[1] ?? '')
      .split('\n')
      .slice(1)
      .filter((_, index, lines) => lines.slice(0, index + 1).every((line) => line.startsWith('|')))
      .slice(1)
      .map((line) =>
        line
          .split('|')
          .slice(1, 3)
          .map((cell) => cell.trim()),
      )

  test('rules', () => {
    const cells = firstCells(section(2), '| id | rule |')
    expect(cells.flatMap(([id = '']) => names(id))).toEqual([...rules])
  })

  test('blocking diagnostics', () => {
    const text = between(section(5), 'unless waived:', 'Warnings:')
    expect(codes(text).sort()).toEqual([...blockingCodes].sort())
  })

  test('warnings', () => {
    const text = between(section(5), 'Warnings:', 'Each says what')
    expect(codes(text).sort()).toEqual([...warningCodes].sort())
  })

  test('diagnostics of the network', () => {
    const cells = firstCells(section(8), '| code | severity | when |')
    expect(cells.flatMap(([code = '']) => names(code)).sort()).toEqual([...networkCodes].sort())
  })

  test('inputs and their defaults', () => {
    const rows = firstCells(section(3), '| input | default | |')
    const wanted = rows.flatMap(([name = '', value = '']) =>
      names(name).map((input) => [input, names(value).join(' ') || undefined] as const),
    )
    const offered = Object.entries(action.inputs).map(([name, input]) => [name, input.default])
    const first = offered.filter(([name = '']) => !(name in partTwo))
    expect(sorted(first)).toEqual(sorted(wanted))
    for (const [name = ''] of offered)
      if (name in partTwo) expect(section(partTwo[name] ?? 0)).toContain(`\`${name}`)
    const ours = Object.entries(inputDefaults).filter(([name]) => !(name in partTwo))
    expect(sorted(ours)).toEqual(sorted(wanted.filter(([name]) => name in inputDefaults)))
  })

  test('commands', () => {
    const row =
      section(3)
        .split('\n')
        .find((line) => line.startsWith('| `command` |')) ?? ''
    const promised = names(row.split('|')[3] ?? '').slice(0, 8)
    const offered: readonly string[] = ['auto', ...commandNames]
    expect(promised.filter((name) => offered.includes(name))).toEqual(offered)
  })

  test('outputs', () => {
    const text = between(section(3), 'Outputs:', 'With several files')
    // Words in parentheses are values of an output.
    const outputs = names(text.replaceAll(/\([^)]*\)/g, ''))
    const first = outputNames.filter((name) => !(name in partTwo))
    expect(outputs).toEqual(first)
    for (const name of outputNames)
      if (name in partTwo) expect(section(partTwo[name] ?? 0)).toContain(`\`${name}`)
    expect(Object.keys(action.outputs)).toEqual([...outputNames])
  })

  test('results', () => {
    const text = between(section(9), 'from best to worst:', '.\n')
    expect(names(text)).toEqual([...results])
  })

  test('failure reasons', () => {
    const text = between(section(3), '`failure-reason` (empty or one of', ')')
    expect([...names(text), 'telemetry-silent', 'network-unreachable']).toEqual([...failureReasons])
  })

  /** Names of diagnostics in a text, without the explanations in parentheses. */
  function codes(text: string): string[] {
    return names(text.replaceAll(/\([^)]*\)/g, ''))
  }

  function sorted<T extends readonly unknown[]>(entries: readonly T[]): readonly T[] {
    return [...entries].sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))
  }
})
