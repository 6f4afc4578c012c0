import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, test } from '@jest/globals'
import { Linter } from 'eslint'
import { rooms, stairs } from '../eslint.config.js'

/** Tests the layers of src/ ("rooms") and the lint rule that enforces their order. */
const isFile = (name: string) => name.endsWith('.ts')

/** How a file `depth` folders deep in one room imports another room. */
function importOf(from: string, to: string, depth: number): string {
  const up = isFile(from) ? './' : '../'.repeat(depth + 1)
  return `import '${up}${isFile(to) ? to : `${to}/x.ts`}'\n`
}

function isRefused(from: string, code: string, depth: number): boolean {
  const filename = isFile(from) ? `src/${from}` : `src/${from}/${'a/'.repeat(depth)}x.ts`
  const languageOptions = { ecmaVersion: 2022, sourceType: 'module' } as const
  const found = new Linter().verify(code, [{ files: ['**/*.ts'], languageOptions }, ...stairs], {
    filename,
  })
  return found.some(({ ruleId }) => ruleId === 'no-restricted-imports')
}

describe('imports only go upwards', () => {
  const pairs = rooms.flatMap((from, a) =>
    rooms.flatMap((to, b) => (a === b ? [] : [{ from: from.name, to: to.name, isUp: b < a }])),
  )

  test.each(pairs)('$from imports $to: allowed $isUp', ({ from, to, isUp }) => {
    for (const depth of isFile(from) ? [0] : [0, 1, 2]) {
      expect(isRefused(from, importOf(from, to, depth), depth)).toBe(!isUp)
    }
  })

  it('a room may import itself, at any depth', () => {
    for (const { name } of rooms.filter((room) => !isFile(room.name))) {
      expect(isRefused(name, `import './y.ts'\n`, 0)).toBe(false)
      expect(isRefused(name, `import '../y.ts'\n`, 1)).toBe(false)
      // A folder inside one room may have the name of another room.
      expect(isRefused(name, `import '../terminal/y.ts'\n`, 1)).toBe(false)
    }
  })
})

test.each([
  ['@azure/identity', ['azure']],
  ['@actions/core', ['job', 'github', 'publish', 'main.ts']],
  ['js-yaml', ['topology']],
  ['node:fs/promises', rooms.filter((room) => !room.pure).map((room) => room.name)],
])('%s is imported where it has its home', (name, homes) => {
  const allowed = rooms.filter((room) => !isRefused(room.name, `import '${name}'\n`, 0))
  expect(allowed.map((room) => room.name)).toEqual(
    rooms.map((r) => r.name).filter((r) => homes.includes(r)),
  )
})

test('the list of rooms matches src/ and CONTRIBUTING.md', () => {
  const listed = rooms.map(({ name }) => name)
  expect(readdirSync('src').filter((name) => !listed.includes(name))).toEqual([])
  const rows = [...readFileSync('CONTRIBUTING.md', 'utf8').matchAll(/^\| `src\/([^`]+)`.*$/gm)]
  expect(rows.map(([, name]) => name)).toEqual(listed)
  for (const [row, name = ''] of rows) {
    if (isFile(name) || !existsSync(`src/${name}`)) continue
    const inside = readdirSync(`src/${name}`, { withFileTypes: true }).filter((e) =>
      e.isDirectory(),
    )
    for (const folder of inside) expect(row).toContain(`\`${folder.name}/\``)
  }
})
