import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import {
  articleHeadings,
  chapters,
  headingsLeftOut,
  readDistTests,
  readmeFile,
  renderReadme,
} from './support/coverage.ts'
import { expectGolden } from './support/goldens.ts'
import { rules } from '../src/rules/ruleIds.ts'
import { readScenarios } from './support/scenario.ts'

const scenarios = readScenarios()
const required = chapters.flatMap((chapter) => chapter.requirements)

describe('coverage by scenarios', () => {
  test.each(required.map((one) => [one.id, one] as const))('%s', (id, requirement) => {
    if (requirement.test === undefined) {
      expect(scenarios.filter(({ spec }) => spec.covers.includes(id))).not.toEqual([])
    } else {
      // The name in single or double quotes, as Prettier chose.
      const name = requirement.test.replaceAll("'", String.raw`\'`)
      const text = readDistTests()
      expect(text.includes(`'${name}'`) || text.includes(`"${requirement.test}"`)).toBe(true)
    }
  })

  test('no scenario claims an unknown requirement', () => {
    const known = new Set(required.map(({ id }) => id))
    const claims = scenarios.flatMap(({ name, spec }) =>
      spec.covers.filter((id) => !known.has(id)).map((id) => `${name}: ${id}`),
    )
    expect(claims).toEqual([])
  })

  test('a diagnostic that a scenario claims is in its plan', () => {
    const missing = scenarios.flatMap(({ name, folder, spec }) => {
      const plan = readFileSync(path.join(folder, 'plan.md'), 'utf8')
      return spec.covers
        .filter((id) => id.startsWith('diagnostic '))
        .map((id) => id.replace('diagnostic ', ''))
        .filter((code) => !plan.includes(`**${code}**`))
        .map((code) => `${name}: ${code}`)
    })
    expect(missing).toEqual([])
  })

  test('a diagnostic that a scenario claims to be absent is not in its plan', () => {
    const there = scenarios.flatMap(({ name, folder, spec }) => {
      const plan = readFileSync(path.join(folder, 'plan.md'), 'utf8')
      return spec.covers
        .filter((id) => id.startsWith('quiet '))
        .map((id) => id.replace('quiet ', ''))
        .filter((code) => plan.includes(`**${code}**`))
        .map((code) => `${name}: ${code}`)
    })
    expect(there).toEqual([])
  })

  test.each(rules)('rule %s is in the plan of a scenario that claims it', (rule) => {
    const shown = scenarios.filter(({ folder, spec }) => {
      const isClaimed = spec.covers.includes(`rule ${rule}`)
      return isClaimed && readFileSync(path.join(folder, 'plan.md'), 'utf8').includes(`[${rule}]`)
    })
    expect(shown).not.toEqual([])
  })

  test('README.md of the scenarios is up to date', () => {
    expectGolden(readmeFile, renderReadme(scenarios))
  })
})

const article = path.resolve('../shared/article.md')

// The name of the test states the condition, so that a run without ../shared shows that it was skipped.
const withArticle = existsSync(article) ? test : test.skip
withArticle('every heading of ../shared/article.md is known (SKIPPED without ../shared)', () => {
  const headings = readFileSync(article, 'utf8')
    .split('\n')
    .flatMap((line) => /^##+ (.*)$/.exec(line)?.[1] ?? [])
    .filter((heading) => !/^\[(Azure portal|CLI|PowerShell)\]/.test(heading))
  const known = [...articleHeadings, ...Object.keys(headingsLeftOut)]
  expect([...new Set(headings)].sort()).toEqual([...known].sort())
})
