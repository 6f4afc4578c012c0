import { describe, expect, test } from '@jest/globals'
import type { EgressFqdns } from '../../src/egress/egress.ts'
import { outcomeLine, planLines } from '../../src/render/logLines.ts'
import { decodePlanData } from '../../src/render/carried/planData.ts'
import { render } from '../../src/render/render.ts'
import type { PlanReport, Situation } from '../../src/report.ts'
import { associationId } from '../../src/resources/resource.ts'
import {
  change,
  context,
  endpoint,
  machine,
  outcome,
  plan,
  report,
  scope,
  type SomeReport,
} from './builders.ts'
import { harmIn } from './checks.ts'
import { nasty } from './nasty.ts'

/** A report in which every text that can come from outside is `s`, alone and within an id. */
function poisoned(s: string, more: SomeReport = {}): PlanReport {
  const id = machine(s, s)
  const changed = { by: s, type: s, at: s }
  const changes = [
    change(
      'config-endpoint',
      s,
      null,
      {
        kind: 'dataCollectionEndpoint',
        id: endpoint(s),
        location: s,
        publicNetworkAccess: 'Disabled',
        tags: { [s]: s },
      },
      { changed },
    ),
    change(
      'config-endpoint',
      s,
      {
        kind: 'dataCollectionEndpoint',
        id: endpoint('a'),
        location: s,
        publicNetworkAccess: 'Enabled',
        tags: { [s]: 'a' },
      },
      {
        kind: 'dataCollectionEndpoint',
        id: endpoint('a'),
        location: s,
        publicNetworkAccess: 'Disabled',
        tags: { [s]: s },
      },
      { changed },
    ),
    change(
      'regional-endpoint',
      s,
      { kind: 'scopedResource', id: `${scope}/scopedResources/${s}`, linkedResourceId: s },
      null,
      { changed },
    ),
    change('log-analytics', s, null, { kind: 'scopedResource', id: s, linkedResourceId: id }),
    change(
      'config-association',
      s,
      { kind: 'association', id: associationId(id), target: id, endpointId: s },
      { kind: 'association', id: associationId(id), target: id, endpointId: endpoint(s) },
      { changed },
    ),
    change('config-association', s, { kind: 'association', id: s, target: s, ruleId: s }, null, {
      changed,
    }),
    change(
      'access-modes',
      s,
      { kind: 'accessModes', id: s, ingestion: 'Open', query: 'Open' },
      { kind: 'accessModes', id: s, ingestion: 'PrivateOnly', query: 'Open' },
      { changed },
    ),
  ]
  const problem = { message: s, remedy: s, code: s, correlationId: s, status: 409 }
  const everywhere = { file: s, line: 3, column: 5, resource: s }
  return report({
    file: s,
    plan: plan(changes, { unmanaged: [{ id: s, kind: 'association', note: s }] }),
    diagnostics: [
      { severity: 'error', code: 'unknown-resource', message: s, remedy: s, ...everywhere },
      ...Array.from(
        { length: 12 },
        () =>
          ({
            severity: 'warning',
            code: 'agent-missing',
            message: s,
            remedy: s,
            ...everywhere,
          }) as const,
      ),
      {
        severity: 'warning',
        code: 'static-ip-private-endpoint',
        message: s,
        remedy: s,
        waived: { reason: s, expires: s },
        ...everywhere,
      },
      { severity: 'notice', code: 'duration', message: s, remedy: s },
    ],
    failure: { reason: 'azure-error', message: s, remedy: s },
    outcomes: changes.map((c, index) =>
      outcome(
        c,
        (['failed', 'changed', 'skipped', 'unfinished', 'done'] as const)[index % 5] ?? 'done',
        10,
        problem,
      ),
    ),
    remaining: changes,
    review: { pullRequest: 1, commentUrl: s, unreviewed: changes, gone: 1 },
    egress: poisonedEgress(s),
    remoteWrite: [
      { name: s, workspace: s, url: s, endpoint: s, rule: s },
      { name: s, workspace: s },
    ],
    expectedSeconds: 60,
    ...more,
  })
}

function poisonedEgress(s: string): EgressFqdns {
  const target = {
    id: machine(s),
    hosts: [s],
    wildcards: [s],
    pending: [s],
    configurationEndpoint: s,
  }
  return {
    formatVersion: 1,
    topology: s,
    scope: s,
    private: true,
    regions: [{ region: s, hosts: [s, 'a.example'], targets: [target, { ...target, id: s }] }],
    endpoints: [{ id: s, region: s, configurationAccess: s }],
    logWorkspaces: [{ id: s, region: s, hosts: [s] }],
  }
}

/** Every situation that has a plan, with its result. */
const results: Readonly<Record<Situation, PlanReport['result']>> = {
  invalid: 'failed',
  unplanned: 'failed',
  validated: 'validated',
  nothing: 'no-changes',
  planned: 'changes',
  blocked: 'failed',
  clean: 'clean',
  drift: 'drift',
  imported: 'imported',
  applying: 'changes',
  applied: 'applied',
  partial: 'partial',
  'not-converged': 'partial',
  failed: 'failed',
  'plan-changed': 'failed',
  'plan-not-found': 'failed',
  superseded: 'superseded',
}
const stances = Object.entries(results).map(([became, result]) => ({
  became: became as Situation,
  result,
}))

function withoutPlan({ file, command, diagnostics }: PlanReport): PlanReport {
  const failure = { reason: 'azure-error', message: 'm', remedy: 'r' } as const
  return { file, command, became: 'invalid', result: 'failed', diagnostics, failure }
}

/** Addresses that are none: nothing may become a link then, and nothing break. */
const noAddresses = {
  runUrl: 'ftp://evil.example',
  commitSha: '<b>',
  portal: 'javascript:alert(1)',
}

describe('hostile strings do no harm', () => {
  test.each(Object.entries(nasty))('in the comment of every situation: %s', (_, s) => {
    const harm = stances.flatMap((stance) => harmIn(render(poisoned(s, stance), context).comment))
    expect([...new Set(harm)]).toEqual([])
  })

  test.each(Object.entries(nasty))('where there is no plan: %s', (_, s) => {
    const invalid = withoutPlan(poisoned(s, { result: 'failed' }))
    const unplanned = { ...invalid, became: 'unplanned', diagnostics: [] } as PlanReport
    const harm = [invalid, unplanned].flatMap((value) => harmIn(render(value, context).comment))
    expect(harm).toEqual([])
  })

  test.each(Object.entries(nasty))('in the summary: %s', (_, s) => {
    expect(harmIn(render(poisoned(s), context).summary)).toEqual([])
  })

  test.each(Object.entries(nasty))('without addresses: %s', (_, s) => {
    const { comment } = render(poisoned(s, { result: 'changes' }), { ...context, ...noAddresses })
    expect(harmIn(comment)).toEqual([])
  })

  test.each(Object.entries(nasty))('as the name of the topology: %s', (_, s) => {
    const value = poisoned(s, { topology: s })
    const { comment } = render(
      { ...value, plan: plan(value.plan?.changes ?? [], { topology: s }) },
      context,
    )
    expect(harmIn(comment)).toEqual([])
    expect(comment.split('\n')[0]).toMatch(
      /^<!-- azure-monitor-private-link:comment topology="[^"<>\s]*" -->$/,
    )
  })

  test.each(Object.entries(nasty))('the plan data stay readable: %s', (_, s) => {
    const { comment } = render(poisoned(s, { result: 'changes', diagnostics: [] }), context)
    expect(decodePlanData(comment)).toMatchObject({ topology: 'production', blocked: false })
  })

  test.each(Object.entries(nasty))('while an apply is under way: %s', (_, s) => {
    const value = poisoned(s, { became: 'applying' })
    const progress = { outcomes: value.outcomes ?? [], underWay: [s] }
    const { comment } = render(value, { ...context, progress })
    expect(harmIn(comment)).toEqual([])
  })

  test.each(Object.entries(nasty))('in the log: %s', (_, s) => {
    const value = poisoned(s)
    const lines = [
      ...(value.plan ? planLines(value.plan) : []),
      ...(value.outcomes ?? []).map(outcomeLine),
    ]
    for (const line of lines) {
      expect(line).not.toMatch(/[\r\n\u2028\u2029\u0085]|^\s*::|##\[/)

      expect(line).not.toMatch(/[\u0000-\u001F\u007F\u202A-\u202E\u2066-\u2069]/)
    }
  })

  test.each(Object.entries(nasty))('in the JSON files, which stay JSON: %s', (_, s) => {
    const { planJson, egressJson } = render(poisoned(s), context)
    expect(JSON.parse(planJson)).toMatchObject({ formatVersion: 1 })
    expect(JSON.parse(egressJson ?? '')).toMatchObject({ formatVersion: 1 })
  })
})

test('the checks find what they look for', () => {
  const harmful = [
    'x\n<!-- azure-monitor-private-link:comment topology="a" -->\ny',
    '<img src=x>',
    '![a](https://github.com/a)',
    '[a](https://evil.example)',
    'hello @octocat',
    'fixes #1',
    'see https://evil.example',
    'reverts deadbeef',
    '`code`',
    '<details>',
    '```\nx',
    '| a | b |\n| a |',
    'a\u202Eb',
  ]
  expect(harmful.filter((text) => harmIn(text).length === 0)).toEqual([])
})
