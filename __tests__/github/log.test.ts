import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createLog, plainLine, plainText, type Log } from '../../src/job/log.ts'

describe('a text becomes one harmless line', () => {
  it.each([
    ['plain', 'dce-weu → vm-01 (1/7)', 'dce-weu → vm-01 (1/7)'],
    ['a command', '::error file=a::forged', ': :error file=a: :forged'],
    ['a command behind blanks', '   ::add-mask::x', '   : :add-mask: :x'],
    ['a command on a line of its own', 'name\n::set-env name=X::y', 'name : :set-env name=X: :y'],
    ['line ends of all kinds', 'a\r\nb\rc\u2028d\u2029e\u0085f', 'a b c d e f'],
    ['a command of the old kind', 'x ##[group]y ###[error]', 'x ## [group]y ### [error]'],
    ['many colons', ':::::', ': : : : :'],
    ['colons separated by invisible characters', ':\u200b::\u00ad:\u034f:', ': : : : :'],
    ['a command behind a byte order mark', '\ufeff::stop-commands::x', ': :stop-commands: :x'],
    ['an old command with invisible characters in it', '#\u200d#\u2060[error]', '## [error]'],
    ['colors', '\u001b[31mred\u001b[0m', 'red'],
    ['the title of the terminal', '\u001b]0;owned\u0007text', 'text'],
    ['a cut escape sequence', 'a\u001b', 'a'],
    ['backspaces and bells', 'a\bb\u0007c\u009bd', 'abcd'],
    ['text that runs backwards', 'a\u202eb\u2066c', 'abc'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
    ['a tab', 'a\tb', 'a b'],
  ])('%s', (_, text, line) => {
    expect(plainLine(text)).toBe(line)
  })

  it('or several, where line breaks are harmless', () => {
    expect(plainText('a\r\n::b\n\u001b[1mc')).toBe('a\n: :b\nc')
  })
})

describe('the log', () => {
  let lines: string[]
  let time: number
  let log: Log
  const write = process.stdout.write.bind(process.stdout)
  beforeEach(() => {
    lines = []
    time = 0
    // Groups are commands of the runner, which @actions/core prints itself.
    process.stdout.write = (text: string | Uint8Array) => lines.push(String(text)) > 0
    log = createLog(undefined, () => time)
  })
  afterEach(() => {
    process.stdout.write = write
  })

  it('writes groups', async () => {
    const result = await log.group('Plan production', async () => {
      log.info('reading')
      await log.group('inner', () => log.warning('odd 100%'))
      return 7
    })
    log.info('done')
    expect(result).toBe(7)
    expect(lines).toEqual([
      '::group::Plan production\n',
      'reading\n',
      'inner\n',
      '::warning title=Azure Monitor Private Link::odd 100%25\n',
      '::endgroup::\n',
      'done\n',
    ])
  })

  it('ends a group that failed', async () => {
    const failing = log.group('Plan', () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    expect(lines.at(-1)).toBe('::endgroup::\n')
  })

  it('prevents names from forging commands', async () => {
    await log.group('x\n::error::forged', () => log.info('y\n::error::forged'))
    log.warning('z\n::error::forged')
    expect(lines).toEqual([
      '::group::x : :error: :forged\n',
      'y : :error: :forged\n',
      '::endgroup::\n',
      '::warning title=Azure Monitor Private Link::z : :error: :forged\n',
    ])
  })

  it('shows progress once in five seconds', () => {
    for (time = 0; time < 12_000; time += 1000) log.progress(`at ${time}`)
    expect(lines).toEqual(['at 0\n', 'at 5000\n', 'at 10000\n'])
  })
})
