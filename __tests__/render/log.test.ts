import { expect, test } from '@jest/globals'
import { outcomeLine, planLines } from '../../src/render/logLines.ts'
import { outcome, plan } from './builders.ts'
import { articleChanges } from './situations.ts'

test('a plan in the log', () => {
  expect(planLines(plan(articleChanges.slice(0, 4), { unchanged: 2 }))).toEqual([
    'Plan for production: 4 to create, 0 to update, 0 to replace, 0 to delete, 2 objects unchanged.',
    '   1. create endpoint dce-production-northeurope: northeurope, public access Disabled',
    '      aks-neu is in northeurope, where this file has no workspace. [config-endpoint]',
    '   2. create endpoint dce-vm-02-5c1e9a: westeurope, public access Disabled',
    '      vm-02 sends metrics to amw-weu in westeurope. [machine-ingestion]',
    '   3. create link to amw-weu',
    '      The automatic endpoint of workspace metrics-weu serves configuration and remote write. [workspace-endpoint]',
    '   4. create link to dce-production-northeurope',
    '      aks-neu gets its configuration from it. [regional-endpoint]',
    expect.stringMatching(/^Fingerprint: sha256:[0-9a-f]{64}$/),
  ])
})

const [move, modes] = articleChanges.slice(-2)
if (move === undefined || modes === undefined) throw new Error('the article moves a machine')

test.each([
  [
    'done',
    outcome(move, 'done', 1100),
    '✅ done in 1.1 s: replace association of vm-02: dce-legacy → amw-weu',
  ],
  [
    'already',
    outcome(move, 'already'),
    '☑️ already in place: replace association of vm-02: dce-legacy → amw-weu',
  ],
  [
    'failed',
    outcome(modes, 'failed', 61_000, {
      message: 'Azure refused\n::error::x.',
      remedy: 'Ask.',
      code: 'Forbidden',
      status: 403,
    }),
    '❌ failed in 1 min 1 s: update access modes of ampls-hub: ingestion Open, query Open → ingestion PrivateOnly, query Open – Azure refused ::error::x. (Forbidden, 403) Ask.',
  ],
])('an outcome in the log: %s', (_, value, line) => {
  expect(outcomeLine(value)).toBe(line)
})
