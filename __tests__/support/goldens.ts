import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { expect } from '@jest/globals'

/** True when this run rewrites the goldens (`UPDATE_GOLDENS=1`); read the diff before you accept it. */
export const isUpdating = process.env['UPDATE_GOLDENS'] === '1'

/** Compares a text with a golden file. */
export function expectGolden(file: string, text: string): void {
  if (isUpdating) writeFileSync(file, text)
  if (!existsSync(file)) {
    throw new Error(
      `There is no ${file}. Look at the text, then run with UPDATE_GOLDENS=1:\n${text}`,
    )
  }
  expect(text).toBe(readFileSync(file, 'utf8'))
}
