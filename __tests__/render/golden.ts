import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from '@jest/globals'

const folder = new URL('golden/', import.meta.url)

/** Compares the text with the golden file; UPDATE_GOLDENS=1 writes it instead. */
export function expectGolden(name: string, text: string): void {
  const path = fileURLToPath(new URL(name, folder))
  if (process.env['UPDATE_GOLDENS'] === '1') {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  if (!existsSync(path)) {
    throw new Error(`There is no ${path}. Look at the text, then run with UPDATE_GOLDENS=1.`)
  }
  expect(text).toBe(readFileSync(path, 'utf8'))
}
