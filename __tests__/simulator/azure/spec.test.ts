import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'

const here = new URL('.', import.meta.url)

test('every numbered paragraph of the specification has a test of that number', () => {
  const page = readFileSync(new URL('../../../simulator/README.md', here), 'utf8')
  const paragraphs = [...page.matchAll(/^- \*\*([A-Z]\d+)\*\*/gm)].map((match) => match[1])
  const tests = readdirSync(here)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(new URL(file, here), 'utf8'))
    .flatMap((text) => [...text.matchAll(/\(\s*['"`]([A-Z]\d+) /g)].map((match) => match[1]))
  expect([...new Set(tests)].sort()).toEqual([...new Set(paragraphs)].sort())
  expect(new Set(paragraphs).size).toBe(paragraphs.length)
})
