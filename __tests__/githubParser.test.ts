import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it, test } from '@jest/globals'
import { workflows, workflowsForUsers } from './support/shown.ts'

const root = path.join(import.meta.dirname, '..')
const action = readFileSync(path.join(root, 'action.yml'), 'utf8')
const shown = workflowsForUsers.find(({ name }) => name.endsWith('plan-and-apply.yml'))?.text ?? ''

/** A correct file with one word changed. */
const broken = [
  {
    what: 'a runtime that does not exist',
    text: action.replace('using: node24', 'using: node99'),
    says: /Unexpected value 'node99'/,
  },
  {
    what: 'an unknown key of action.yml',
    text: action.replace('main: dist', 'mainn: dist'),
    says: /Unexpected value 'mainn'/,
  },
  {
    what: 'an expression that is none',
    text: shown.replace('vars.AZURE_TENANT_ID', 'vars.('),
    says: /Unexpected symbol: '\('/,
  },
  {
    what: 'an unknown context',
    text: shown.replace('vars.AZURE_TENANT_ID', 'varz.AZURE_TENANT_ID'),
    says: /Unrecognized named-value: 'varz'/,
  },
  {
    what: 'an unknown key of a job',
    text: shown.replace('runs-on:', 'run-on:'),
    says: /Unexpected value 'run-on'/,
  },
  {
    what: 'an input that our action has not',
    text: shown.replace('tenant-id:', 'tenant:'),
    says: /Invalid action input 'tenant'/,
  },
] as const

const pathOf = (name: string) => `.github/workflows/${name.replace(/\W+/g, '-')}.yml`
const brokenPath = ({ what, text }: { readonly what: string; readonly text: string }) =>
  text.startsWith('# https://docs.github.com/actions/reference/workflows-and-actions/metadata')
    ? `${what.replace(/\W+/g, '-')}/action.yml`
    : pathOf(what)

describe("GitHub's own parser", () => {
  let complaints: Readonly<Record<string, readonly string[]>>

  beforeAll(() => {
    complaints = parseAll({
      'action.yml': action,
      ...Object.fromEntries(workflows.map(({ name, text }) => [pathOf(name), text])),
      ...Object.fromEntries(broken.map((one) => [brokenPath(one), one.text])),
    })
  })

  it('accepts action.yml', () => {
    expect(complaints['action.yml']).toEqual([])
  })

  test.each(workflows)('accepts $name', ({ name }) => {
    expect(complaints[pathOf(name)]).toEqual([])
  })

  test.each(broken)('finds $what', (one) => {
    expect([action, shown]).not.toContain(one.text)
    expect(complaints[brokenPath(one)]).toEqual(
      expect.arrayContaining([expect.stringMatching(one.says)]),
    )
  })
})

function parseAll(
  files: Readonly<Record<string, string>>,
): Readonly<Record<string, readonly string[]>> {
  const program = path.join(import.meta.dirname, 'support/githubParser.ts')
  const output = execFileSync(process.execPath, ['--import', 'tsx', program], {
    cwd: root,
    input: JSON.stringify(files),
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  return JSON.parse(output) as Record<string, readonly string[]>
}
