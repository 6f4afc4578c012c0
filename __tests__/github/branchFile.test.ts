import { afterEach, expect, it } from '@jest/globals'
import { checkCurrency } from '../../src/github/branchFile.ts'
import { readRunContext } from '../../src/github/event.ts'
import { serveGitHub, type ServedGitHub } from './serve.ts'

let served: ServedGitHub
afterEach(() => served.close())

/** Checks a run with one text against a branch with another. */
async function currencyOf(text: string, held: string | undefined, file = 'x.yml') {
  served = await serveGitHub({
    files: { main: { 'README.md': '', ...(held === undefined ? {} : { [file]: held }) } },
  })
  const run = readRunContext('auto', true, {
    eventName: 'push',
    payload: { repository: { default_branch: 'main' } },
    sha: 'c'.repeat(40),
    ref: 'refs/heads/main',
    actor: 'octocat',
    repository: 'octo-org/octo-repo',
    serverUrl: 'https://github.com',
    runId: 1,
    runAttempt: 1,
    workflowRef: '',
  })
  return (await checkCurrency(served.client, run, { file, text })).state
}

it.each<[string, string, string | undefined, string]>([
  ['the same', 'a: 1\n', 'a: 1\n', 'current'],
  ['the same with other line ends', 'a: 1\r\n', 'a: 1\n', 'current'],
  ['the same with a byte order mark', '\uFEFFa: 1\n', '\uFEFFa: 1\n', 'current'],
  ['the same, with a byte order mark on one side only', 'a: 1\n', '\uFEFFa: 1\n', 'current'],
  ['the same in many scripts', 'a: größe 東京 🙂\n', 'a: größe 東京 🙂\n', 'current'],
  ['one more blank', 'a: 1\n', 'a: 1 \n', 'superseded'],
  ['a similar character', 'a: а\n', 'a: a\n', 'superseded'],
  ['a deleted file', 'a: 1\n', undefined, 'superseded'],
])('a branch that holds %s', async (_, text, held, state) => {
  expect(await currencyOf(text, held)).toBe(state)
})

it('a branch whose file has an odd name', async () => {
  expect(await currencyOf('a', 'a', '.github/a folder/größe#1?{x}.yml')).toBe('current')
})
