/** The value of an input that is absent or empty; `action.yml` has the same defaults. */

import type { NewFile } from './newFile.ts'
import type { FoundFiles } from './workspaceFiles.ts'

export const inputDefaults = {
  command: 'auto',
  'topology-file': '.github/azure-monitor-private-link.yml',
  cloud: 'AzureCloud',
  comment: 'always',
  'require-reviewed-plan': 'true',
  'max-deletes': '10',
  'max-replacements': '20',
  'fail-on-drift': 'true',
  'wait-timeout-minutes': '30',
  'max-concurrency': '8',
  'check-network': 'true',
  'verify-window-minutes': '15',
  'verify-wait-minutes': '0',
  'fail-on-silent': 'true',
} as const
export type Defaulted = keyof typeof inputDefaults

/** The source of the inputs: `with:` of a workflow step, or the options of the command line. */
export interface InputSource {
  /** Empty when the input is not set. */
  get(name: string): string
  findFiles(patterns: readonly string[]): FoundFiles
  /** The path of a file that must not exist yet. */
  findNewFile(name: string): NewFile
  /** What to do about a wrong input, one sentence. */
  readonly remedy: string
}

/** A source that collects problems: reading continues after one, so that all are reported together. */
export interface Reader extends InputSource {
  refuse(name: string, problem: string): void
}

/** An empty input means its default: `${{ inputs.x }}` is empty when the caller sets nothing. */
export function read(name: Defaulted, from: Reader): string {
  return from.get(name) || inputDefaults[name]
}

export function readOneOf<const T extends string>(
  name: Defaulted,
  values: readonly [T, ...T[]],
  from: Reader,
): T {
  const value = read(name, from)
  const found = values.find((known) => known === value)
  if (found === undefined) from.refuse(name, `${show(value)} is not one of ${list(values)}`)
  return found ?? values[0]
}

/** Only `true` and `false`: `no` or `off` must never count as true. */
export function readBoolean(name: Defaulted, from: Reader): boolean {
  return readOneOf(name, ['true', 'false'], from) === 'true'
}

export function readNumber(name: Defaulted, least: number, most: number, from: Reader): number {
  const value = read(name, from)
  const number = /^\d+$/.test(value) ? Number(value) : NaN
  if (number >= least && number <= most) return number
  const range =
    most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`
  from.refuse(name, `${show(value)} is not a whole number ${range}`)
  return least
}

export function show(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 79)}…` : value)
}

export function list(values: readonly string[]): string {
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1) ?? ''}`
}

export function lines(value: string): readonly string[] {
  return value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
