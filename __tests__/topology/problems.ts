import { parseTopology } from '../../src/topology/parseTopology.ts'

/** The four mandatory lines of a topology; the text of a situation starts on line 5. */
export const head = [
  'version: 1',
  'name: production',
  'subscription: 11111111-1111-1111-1111-111111111111',
  'privateLinkScope: rg-monitor/ampls-hub',
  '',
].join('\n')

/** Parses a text as on 22 November 2026. */
export function parse(text: string) {
  return parseTopology(text, { file: 'topology.yml', today: '2026-11-22' })
}

/** Every problem of a text, each as `line:column code: message » remedy`. */
export function problemsOf(text: string): string[] {
  return parse(text).diagnostics.map(
    ({ line = 0, column = 0, code, message, remedy }) =>
      `${line}:${column} ${code}: ${message} » ${remedy}`,
  )
}

/** A situation: the text after the head (`text`) or the whole file (`file`), and the expected problems. */
export interface Situation {
  readonly name: string
  readonly text?: string
  readonly file?: string
  readonly problems: readonly string[]
}

/** The whole text of a situation's file. */
export function fileOf({ text = '', file }: Situation): string {
  return file ?? head + text
}

/** Lines as the text of a file. */
export function lines(...texts: readonly string[]): string {
  return `${texts.join('\n')}\n`
}
