import { describe, expect, test } from '@jest/globals'
import { outcomeLine, planLines } from '../../src/render/logLines.ts'
import { decodePlanData } from '../../src/render/carried/planData.ts'
import { render } from '../../src/render/render.ts'
import type { PlanReport, Situation } from '../../src/report.ts'
import { context, plan } from './builders.ts'
import { harmIn } from './checks.ts'
import { nasty } from './nasty.ts'
import { poisoned } from './poisoned.ts'

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
const stances = Object.entries(results).map(([situation, result]) => ({
  situation: situation as Situation,
  result,
}))

function withoutPlan({ file, command, diagnostics }: PlanReport): PlanReport {
  const failure = { reason: 'azure-error', message: 'm', remedy: 'r' } as const
  return { file, command, situation: 'invalid', result: 'failed', diagnostics, failure }
}

/** Invalid URLs: nothing may become a link, and nothing may break. */
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
    const unplanned = { ...invalid, situation: 'unplanned', diagnostics: [] } as PlanReport
    const harm = [invalid, unplanned].flatMap((value) => harmIn(render(value, context).comment))
    expect(harm).toEqual([])
  })

  test.each(Object.entries(nasty))('in the summary: %s', (_, s) => {
    expect(harmIn(render(poisoned(s), context).summary)).toEqual([])
  })

  test.each(Object.entries(nasty))('with invalid URLs: %s', (_, s) => {
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

  test.each(Object.entries(nasty))('during an apply: %s', (_, s) => {
    const value = poisoned(s, { situation: 'applying' })
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
