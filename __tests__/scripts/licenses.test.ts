import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { bundledPackages, licensesOf } from '../../scripts/licenses.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'licenses-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Creates a package below `folder` and returns its path. */
function pack(name: string, about: object, files: Readonly<Record<string, string>> = {}): string {
  const at = path.join(folder, 'node_modules', name)
  mkdirSync(at, { recursive: true })
  writeFileSync(path.join(at, 'package.json'), JSON.stringify({ name, version: '1.2.3', ...about }))
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(at, file), text)
  return at
}

/** Parses a text of licences: `name@version` → the text after its heading. */
function sections(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^-{80}\n/m).slice(1)
  const found = new Map<string, string>()
  for (let at = 0; at < parts.length; at += 2)
    found.set(parts[at]?.split('\n')[0] ?? '', `${parts[at] ?? ''}\n${parts[at + 1] ?? ''}`)
  return found
}

describe('the licences of dist/', () => {
  /**
   * The packages that `src/` uses, according to another bundler, without the package `open`, which dist/ omits too.
   * Runs as a separate process, because esbuild refuses to start in jest's realm.
   */
  function pulledIn(): readonly string[] {
    const metafile = path.join(folder, 'meta.json')
    const options = ['--bundle', '--platform=node', '--format=esm', '--external:open']
    execFileSync(
      path.join('node_modules', '.bin', 'esbuild'),
      ['src/index.ts', ...options, `--metafile=${metafile}`, `--outfile=${folder}/out.js`],
      { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' },
    )
    const { outputs } = JSON.parse(readFileSync(metafile, 'utf8')) as {
      outputs: Record<string, { inputs: Record<string, unknown> }>
    }
    const files = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs))
    const folders = files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0])
    return [...new Set(folders.filter((each) => each !== undefined))].sort()
  }

  test('contain every bundled package with the text of its licence', () => {
    const listed = sections(readFileSync('dist/licenses.txt', 'utf8'))
    const packages = pulledIn()
    expect(packages.length).toBeGreaterThan(40)
    const wanted = packages.map((at) => {
      const about = JSON.parse(readFileSync(path.join(at, 'package.json'), 'utf8')) as {
        name: string
        version: string
      }
      return `${about.name}@${about.version}`
    })
    expect([...listed.keys()]).toEqual([...new Set(wanted)].sort())
    for (const [name, text] of listed)
      expect({
        name,
        hasLicence: /permission|redistribut|licen[cs]e is|apache license/i.test(text),
      }).toEqual({ name, hasLicence: true })
  })

  test('contain no path of the machine that built them', () => {
    const text = readFileSync('dist/licenses.txt', 'utf8')
    expect(text).not.toContain(process.cwd())
  })
})

describe('a package', () => {
  test('is listed with each licence and notice file of its folder', () => {
    const at = pack(
      'a',
      { license: 'MIT', homepage: 'https://a.example' },
      { LICENSE: '\uFEFFMay be used.\r\nFreely.\r\n', 'NOTICE.txt': 'By A.', 'licenses.js': 'no' },
    )
    const text = licensesOf([at])
    expect(text).toContain('a@1.2.3\nLicense: MIT\nhttps://a.example\n')
    expect(text).toContain('\n\nMay be used.\nFreely.\n\nBy A.\n')
    expect(text).not.toContain('no\n')
  })

  test('without such a file is listed with the licence of its package.json', () => {
    const at = pack('b', { license: 'ISC', author: { name: 'Bea' } })
    expect(licensesOf([at])).toContain(
      'b@1.2.3\nLicense: ISC\n' +
        '-'.repeat(80) +
        '\n\n(The package has no licence text. Its author: Bea.)',
    )
  })

  test('with the old form `licenses: [{ type }]` is listed too', () => {
    const at = pack('c', { licenses: [{ type: 'MIT' }, { type: 'Apache-2.0' }] })
    expect(licensesOf([at])).toContain('c@1.2.3\nLicense: MIT OR Apache-2.0\n')
  })

  test('without any licence stops the build', () => {
    const at = pack('d', {})
    expect(() => licensesOf([at])).toThrow('d@1.2.3 is bundled and states no licence')
  })

  test('is listed once for each version', () => {
    const outer = pack('e', { license: 'MIT' })
    const inner = pack('f/node_modules/e', { license: 'MIT', name: 'e', version: '0.9.0' })
    const again = pack('g/node_modules/e', { license: 'MIT', name: 'e' })
    expect([...sections(licensesOf([outer, inner, again])).keys()]).toEqual(['e@0.9.0', 'e@1.2.3'])
  })

  test('is found in the list of modules, even nested, but not in a chunk that is left out', () => {
    const of = (name: string) => `/x/node_modules/${name}/index.js`
    const stats = {
      chunks: [
        { id: 1, files: ['index.js'] },
        { id: 2, files: ['2.index.js'] },
      ],
      modules: [
        {
          nameForCondition: '/x/lib/index.js',
          chunks: [1],
          modules: [{ nameForCondition: of('a') }],
        },
        { nameForCondition: of('@b/c'), chunks: [1, 2] },
        { nameForCondition: of('d/node_modules/e'), chunks: [1] },
        {
          nameForCondition: of('open'),
          chunks: [2],
          modules: [{ nameForCondition: of('is-wsl') }],
        },
        { nameForCondition: null, chunks: [1] },
      ],
    }
    expect(bundledPackages(stats, ['2.index.js'])).toEqual([
      '/x/node_modules/@b/c',
      '/x/node_modules/a',
      '/x/node_modules/d/node_modules/e',
    ])
  })
})
