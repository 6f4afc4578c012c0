import { readFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { version } from '../../../src/azure/http/userAgent.ts'

it('the user agent has the version of package.json', () => {
  const file = new URL('../../../package.json', import.meta.url)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version })
})
