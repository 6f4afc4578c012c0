import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { scenariosFolder } from '../support/scenario.ts'

/** Mermaid can draw every diagram in the goldens, within GitHub's limits. */

const root = path.join(import.meta.dirname, '../..')
const golden = path.join(root, '__tests__/render/golden')
const files = [
  ...readdirSync(scenariosFolder).map((name) => path.join(scenariosFolder, name, 'plan.md')),
  ...readdirSync(golden)
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(golden, name)),
].filter((file) => existsSync(file))

/** The folder with Mermaid and a browser driver: CONTRIBUTING.md, "Pictures". */
const tools = process.env['PICTURE_TOOLS'] ?? ''
const canParse = process.env['SLOW'] === '1' && existsSync(path.join(tools, 'node_modules/mermaid'))
if (!canParse && process.env['SLOW'] === '1') {
  console.warn('!!! SKIPPED: diagrams are parsed by Mermaid with SLOW=1 PICTURE_TOOLS=… only.')
}

describe('the diagrams', () => {
  it("are within GitHub's limits", () => {
    const diagrams = files.flatMap((file) => [
      ...readFileSync(file, 'utf8').matchAll(/^```mermaid\n([^]*?)\n```$/gm),
    ])
    expect(diagrams.length).toBeGreaterThan(50)
    for (const [, source = ''] of diagrams) {
      expect(source.length).toBeLessThan(50_000)
      expect(
        source.match(/^ {2}n\d+ (?:[-=.>|]|[^"\n])*? n\d+$/gm)?.length ?? 0,
      ).toBeLessThanOrEqual(500)
    }
  })

  const parsed = canParse ? it : it.skip
  parsed('are parsed by Mermaid', () => {
    const script = path.join(root, 'scripts/pictures.mjs')
    const { status, stderr } = spawnSync(process.execPath, [script, tools, '--parse', ...files], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '' },
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })
})
