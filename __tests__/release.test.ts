import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, test } from '@jest/globals'
import { load } from 'js-yaml'
import { version as agentVersion } from '../src/azure/http/userAgent.ts'

const root = path.join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

interface Package {
  readonly version: string
  readonly repository: { readonly url: string }
  readonly bugs: { readonly url: string }
  readonly homepage: string
  readonly engines: { readonly node: string }
}
const { version, repository, bugs, homepage, engines } = JSON.parse(read('package.json')) as Package
const major = `v${version.split('.')[0] ?? ''}`
const owner = 'octo-org/azure-monitor-private-link'

describe('the version is the same everywhere', () => {
  it('in package.json, lock file, user agent and changelog', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      readonly version: string
      readonly packages: Readonly<Record<string, { readonly version?: string }>>
    }
    expect([lock.version, lock.packages['']?.version, agentVersion]).toEqual([
      version,
      version,
      version,
    ])
    const versions = [...read('CHANGELOG.md').matchAll(/^## \[(\d[^\]]*)\]/gm)].map(
      (match) => match[1],
    )
    expect(versions[0]).toBe(version)
  })

  it('and its major version is in every URL of the schema and the rules, and in every uses: line', () => {
    const files = execFileSync('git', ['ls-files', '*.md', '*.yml', '*.ts', '*.json', '*.sh'], {
      cwd: root,
      encoding: 'utf8',
    })
      .split('\n')
      .filter((file) => file !== '' && !/^(?:dist|CHANGELOG|__tests__\/release)/.test(file))
    const refs = files.flatMap((file) => {
      const text = read(file)
      const found = text.matchAll(
        /octo-org\/azure-monitor-private-link(?:@|\/blob\/|\/)(v\d[\w.]*)/g,
      )
      return [...found].map((match) => match[1] ?? '')
    })
    expect(refs.length).toBeGreaterThan(10)
    expect([...new Set(refs)]).toEqual([major])
    expect((JSON.parse(read('schema/topology.schema.json')) as { $id: string }).$id).toContain(
      `/${major}/schema/`,
    )
  })

  it('with the repository, and the Node version that it requires', () => {
    expect(repository.url).toBe(`git+https://github.com/${owner}.git`)
    expect(bugs.url).toBe(`https://github.com/${owner}/issues`)
    expect(homepage).toBe(`https://github.com/${owner}#readme`)
    const oldest = /[\d.]+/.exec(engines.node)?.[0] ?? ''
    expect(read('.github/workflows/ci.yml')).toContain(`'${oldest}'`)
    expect(read('CONTRIBUTING.md')).toContain(`Node ${oldest} or newer`)
  })

  it('and every package supports the Node versions that it names', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      readonly packages: Readonly<Record<string, { readonly engines?: { readonly node?: string } }>>
    }
    const oldest = numbersOf(engines.node)
    const refusing = Object.entries(lock.packages).flatMap(([name, { engines: asked }]) =>
      name === '' || takes(asked?.node ?? '*', oldest) ? [] : [`${name}: ${asked?.node ?? ''}`],
    )
    expect(refusing).toEqual([])
  })
})

const numbersOf = (range: string) =>
  [0, 1, 2].map((index) => Number(range.match(/\d+/g)?.[index] ?? 0))

/** Whether a range of `engines` includes a version; supports the part of npm's syntax that packages use there. */
function takes(range: string, wanted: readonly number[]): boolean {
  const compare = (to: readonly number[]) =>
    wanted.map((n, index) => n - (to[index] ?? 0)).find((difference) => difference !== 0) ?? 0
  return range.split('||').some((all) =>
    all
      .replace(/([<>=^~])\s+/g, '$1')
      .trim()
      .split(/\s+/)
      .every((part) => {
        const numbers = numbersOf(part)
        if (part === '*' || part === '') return true
        if (part.startsWith('>=')) return compare(numbers) >= 0
        if (part.startsWith('<'))
          return compare(numbers) < 0 || (part[1] === '=' && compare(numbers) === 0)
        const isCaret = part.startsWith('^')
        return numbers[0] === wanted[0] && (!isCaret || compare(numbers) >= 0)
      }),
  )
}

test('action.yml fits the Marketplace', () => {
  const action = load(read('action.yml')) as {
    readonly name: string
    readonly description: string
    readonly branding: { readonly icon: string; readonly color: string }
    readonly runs: { readonly using: string }
  }
  expect(action.name).toBe('Azure Monitor Private Link')
  expect(action.description.length).toBeLessThan(125)
  expect(action.branding).toEqual({ icon: 'shield', color: 'purple' })
  expect(action.runs.using).toBe('node24')
})

describe('the repository that is published', () => {
  it('has an issue template that asks for the correlation id and the plan file', () => {
    const form = load(read('.github/ISSUE_TEMPLATE/bug.yml')) as {
      readonly body: readonly { readonly id?: string }[]
    }
    expect(form.body.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['version', 'correlation', 'plan', 'topology']),
    )
  })

  it('keeps packages and actions up to date, and names the reviewers of the shipped code', () => {
    const { updates } = load(read('.github/dependabot.yml')) as {
      readonly updates: readonly { readonly 'package-ecosystem': string }[]
    }
    expect(updates.map((one) => one['package-ecosystem'])).toEqual(['npm', 'github-actions'])
    expect(read('.github/CODEOWNERS')).toMatch(/^\/dist\/ +@/m)
    expect(read('SECURITY.md')).toContain(`https://github.com/${owner}/security/advisories/new`)
  })
})

/** Runs the command steps of release.yml here, with git, a bare repository, and a stub of gh. */
describe('a release, tried on a local repository', () => {
  interface Step {
    readonly name?: string
    readonly run?: string
  }
  const { jobs } = load(read('.github/workflows/release.yml')) as {
    readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>
  }
  const steps = ['check', 'release'].flatMap((job) =>
    (jobs[job]?.steps ?? []).flatMap(({ run }) =>
      run === undefined || run.startsWith('.ci/run') ? [] : [run],
    ),
  )
  let folder = ''
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: path.join(folder, 'work'), encoding: 'utf8' }).trim()

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'ampl-release-'))
    const work = path.join(folder, 'work')
    execFileSync('git', ['init', '-q', '--bare', path.join(folder, 'remote.git')])
    execFileSync('git', ['init', '-q', '-b', 'main', work])
    for (const name of ['user.name', 'user.email']) git('config', name, 'a@octo-org.example')
    git('remote', 'add', 'origin', path.join(folder, 'remote.git'))
    mkdirSync(path.join(work, 'scripts'))
    copyFileSync(path.join(root, 'scripts/release.sh'), path.join(work, 'scripts/release.sh'))
    mkdirSync(path.join(folder, 'bin'))
    // Records its calls; a release exists once it was created.
    writeFileSync(
      path.join(folder, 'bin/gh'),
      `#!/bin/sh\necho "$*" >> ${folder}/gh.log\n[ "$2" != view ] || grep -q "release create $3 " ${folder}/gh.log\n`,
    )
    chmodSync(path.join(folder, 'bin/gh'), 0o755)
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const commit = (wanted: string, changelog = `## [${wanted}]\n\n- News of ${wanted}.\n`) => {
    const work = path.join(folder, 'work')
    writeFileSync(path.join(work, 'package.json'), JSON.stringify({ version: wanted }))
    writeFileSync(path.join(work, 'CHANGELOG.md'), `# Changelog\n\n## [Unreleased]\n\n${changelog}`)
    git('add', '-A')
    git('commit', '-q', '--allow-empty', '-m', `Version ${wanted}`)
    git('push', '-q', 'origin', 'main')
    return git('rev-parse', 'HEAD')
  }
  const release = (wanted: string, ref = 'refs/heads/main') => {
    const output = path.join(folder, 'output')
    writeFileSync(output, '')
    for (const step of steps) {
      const ran = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', step], {
        cwd: path.join(folder, 'work'),
        encoding: 'utf8',
        env: {
          ...process.env,
          PATH: `${folder}/bin:${process.env['PATH'] ?? ''}`,
          GITHUB_OUTPUT: output,
          GITHUB_REF: ref,
          GITHUB_REPOSITORY: owner,
          GITHUB_SHA: git('rev-parse', 'HEAD'),
          VERSION: wanted,
        },
      })
      if (ran.status !== 0) return ran.stdout
    }
    return readFileSync(output, 'utf8').trim()
  }
  const tags = () =>
    Object.fromEntries(
      git('ls-remote', '--tags', 'origin')
        .split('\n')
        .map((line) => line.split('\trefs/tags/').toReversed()),
    ) as Record<string, string>

  it('creates the tag and the release, with notes that name the commit, and moves the major tag', () => {
    const first = commit('1.0.0')
    expect(release('1.0.0')).toBe('version=1.0.0')
    expect(tags()).toEqual({ 'v1.0.0': first, v1: first })
    const notes = readFileSync(path.join(folder, 'work/notes.md'), 'utf8')
    expect(notes).toContain('- News of 1.0.0.')
    expect(notes).toContain(`uses: ${owner}@${first} # v1.0.0`)
    expect(notes).toContain('gh attestation verify dist/index.js')
    const second = commit('1.1.0', '## [1.1.0]\n\n- More.\n\n## [1.0.0]\n\n- News of 1.0.0.\n')
    expect(release('1.1.0')).toBe('version=1.1.0')
    expect(tags()).toEqual({ 'v1.0.0': first, 'v1.1.0': second, v1: second })
    const asked = readFileSync(path.join(folder, 'gh.log'), 'utf8')
    // The moving tag has no release, because an immutable release would pin it.
    expect(asked).not.toMatch(/release (?:create|edit) v1 /)
    expect(asked.match(/release create .*--draft/g)).toHaveLength(2)
    expect(asked.match(/release edit v1\.[01]\.0 --draft=false/g)).toHaveLength(2)
  })

  it('can be run again, and continues where it stopped', () => {
    commit('1.0.0')
    release('1.0.0')
    const before = tags()
    expect(release('1.0.0')).toBe('version=1.0.0')
    expect(tags()).toEqual(before)
    const asked = readFileSync(path.join(folder, 'gh.log'), 'utf8')
    expect(asked.match(/release create/g)).toHaveLength(1)
  })

  it.each([
    [
      'a version that is already released',
      '1.0.0',
      '## [1.0.0]\n\n- Other.\n',
      'is already released',
    ],
    ['a version without a section', '1.0.1', '## [1.0.0]\n\n- News.\n', 'has no section [1.0.1]'],
    [
      'an empty section',
      '1.0.1',
      '## [1.0.1]\n\n## [1.0.0]\n\n- News.\n',
      'has no section [1.0.1]',
    ],
    ['a version that is none', '1.0', '## [1.0]\n\n- News.\n', 'is not X.Y.Z'],
  ])('refuses %s', (_, wanted, changelog, said) => {
    const first = commit('1.0.0')
    release('1.0.0')
    commit(wanted, changelog)
    expect(release(wanted)).toContain(said)
    expect(tags()).toEqual({ 'v1.0.0': first, v1: first })
  })

  it('refuses another branch than main', () => {
    commit('1.0.0')
    expect(release('1.0.0', 'refs/heads/next')).toContain('Run this on main.')
  })
})
