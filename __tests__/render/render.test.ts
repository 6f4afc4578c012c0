import type { Change } from '../../src/plan/plan.ts'
import { describe, expect, test } from '@jest/globals'
import { decodePlanData } from '../../src/render/carried/planData.ts'
import { render } from '../../src/render/render.ts'
import type { PlanReport } from '../../src/report.ts'
import {
  change,
  context,
  endpoint,
  endpointResource,
  error,
  file,
  plan,
  report,
} from './builders.ts'
import { harmIn } from './checks.ts'
import { expectGolden } from './golden.ts'
import { contextOf, manyChanges, situations } from './situations.ts'

describe('the complete comment', () => {
  test.each(Object.entries(situations))('%s', (name, situation) => {
    const { comment } = render(situation.report, contextOf(situation))
    expectGolden(`${name}.md`, `${comment}\n`)
    expect(harmIn(comment)).toEqual([])
  })
})

describe('the other texts of the article estate', () => {
  const article = situations['article-planned']
  const { summary, planJson, egressJson } = article
    ? render(article.report, contextOf(article))
    : { summary: '', planJson: '', egressJson: '' }

  test('the summary, with host names, firewall rules and remote write', () => {
    expectGolden('article-planned.summary.md', summary)
    expect(harmIn(summary)).toEqual([])
  })

  test('the plan as JSON', () => {
    expectGolden('article-planned.json', planJson)
  })

  test('the host names as JSON', () => {
    expect(JSON.parse(egressJson ?? '')).toEqual(article?.report.egress)
  })
})

describe('the first and the last line', () => {
  test('a file without a readable name is marked by its path', () => {
    const { comment } = render(
      {
        ...{ file, command: 'plan', situation: 'unplanned', result: 'failed', diagnostics: [] },
        failure: { reason: 'azure-error', message: 'm', remedy: 'r' },
      },
      context,
    )
    expect(comment.split('\n')[0]).toBe(
      '<!-- azure-monitor-private-link:comment topology=".github/azure-monitor-private-link.yml" -->',
    )
    expect(decodePlanData(comment)).toBeUndefined()
  })

  test.each([
    ['article-planned', false],
    ['three-changes', false],
    ['nothing-to-do', false],
    ['failed-half-way', false],
    ['blocked', true],
    ['plan-changed', true],
    ['plan-not-found', true],
    ['drift', true],
  ])('%s: blocked is %s', (name, blocked) => {
    const situation = situations[name]
    if (situation === undefined) throw new Error(`no situation ${name}`)
    const { comment } = render(situation.report, contextOf(situation))
    expect(decodePlanData(comment)).toMatchObject({
      blocked,
      fingerprint: situation.report.plan?.fingerprint,
    })
  })

  test('an apply keeps the plan data of the reviewed comment', () => {
    const reviewed = {
      formatVersion: 1,
      topology: 'production',
      fingerprint: `sha256:${'a'.repeat(64)}`,
      blocked: false,
      salt: 'ab'.repeat(16),
      digests: ['cd'.repeat(16)],
      run: { id: 7, attempt: 2 },
    } as const
    for (const { report: value } of Object.values(situations)) {
      const { comment } = render(value, { ...context, reviewed })
      expect(decodePlanData(comment)).toEqual({ ...reviewed, wrote: context.run })
    }
  })
})

describe('size', () => {
  test.each([0, 1, 40, 41, 500, 1000, 1334, 4000])(
    '3 × %d changes stay under 60,000 characters',
    (count) => {
      const changes = manyChanges(count)
      const { comment, summary } = render(report({ plan: plan(changes) }), context)
      expect(comment.length).toBeLessThan(60_000)
      expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_000_000)
      expect(harmIn(comment)).toEqual([])
      const digests = decodePlanData(comment)?.digests
      expect(digests?.length).toBe(changes.length <= 4000 ? changes.length : undefined)
    },
  )

  test('the summary of 1,500 changes leaves nothing out', () => {
    const { summary } = render(report({ plan: plan(manyChanges(500)) }), context)
    expect(summary).not.toContain('more: see')
    expect(summary.match(/\[machine-ingestion\]$/gm)).toHaveLength(1000)
  })

  test('4,000 changes of every kind and action with the longest names and texts', () => {
    const long = '<|*_`[#@:$~'.repeat(400)
    const value = report({
      file: long,
      result: 'partial',
      failure: { reason: 'partial-apply', message: long, remedy: long },
      plan: plan(
        manyChanges(1000).flatMap((c, i) => [
          { ...c, reason: long },
          ...(i < 1000
            ? [
                {
                  ...c,
                  key: `d${i}`,
                  action: 'delete',
                  after: null,
                  before: c.after,
                  reason: long,
                } as Change,
              ]
            : []),
        ]),
      ),
      diagnostics: Array.from({ length: 100 }, () =>
        error('unknown-resource', long, long, { file: long, line: 1, resource: long }),
      ),
    })
    for (const result of ['changes', 'failed', 'partial', 'drift'] as const) {
      const { situation } = report({ result, ...(value.plan && { plan: value.plan }) })
      const { comment } = render({ ...value, result, situation } as PlanReport, context)
      expect(comment.length).toBeLessThan(60_000)
      expect(decodePlanData(comment)?.digests).toHaveLength(4000)
      expect(harmIn(comment)).toEqual([])
    }
  })

  test('a change with a huge reason neither exceeds the limit nor is lost', () => {
    const changes = Array.from({ length: 60 }, (_, i) =>
      change(
        'config-endpoint',
        '<'.repeat(9000),
        null,
        endpointResource(endpoint(`dce-${i}`), 'westeurope'),
      ),
    )
    const { comment } = render(report({ plan: plan(changes) }), context)
    expect(comment.length).toBeLessThan(60_000)
    expect(comment).toContain('dce-0')
    expect(harmIn(comment)).toEqual([])
  })
})
