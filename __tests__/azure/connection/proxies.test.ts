import { describe, expect, it, test } from '@jest/globals'
import { setAsideBadProxies } from '../../../src/job/proxies.ts'

const refused: readonly [string, Record<string, string>, string][] = [
  [
    'a host and a port',
    { HTTPS_PROXY: '10.0.0.4:3128' },
    'HTTPS_PROXY cannot be used: "10.0.0.4:3128" has no scheme',
  ],
  [
    'a name and a port',
    { https_proxy: 'proxy.corp:3128' },
    'https_proxy cannot be used: "proxy.corp:3128" has no scheme',
  ],
  ['a name alone', { ALL_PROXY: 'proxy' }, 'ALL_PROXY cannot be used: "proxy" has no scheme'],
  [
    'another kind',
    { all_proxy: 'socks5://10.0.0.4:1080' },
    'all_proxy cannot be used: its scheme is socks5',
  ],
  [
    'a port that is none',
    { HTTP_PROXY: 'http://proxy.corp:99999' },
    'HTTP_PROXY cannot be used: "http://proxy.corp:99999" is not a URL',
  ],
  [
    'a password with a bare %',
    { HTTPS_PROXY: 'http://u:50%zz@proxy.corp' },
    'HTTPS_PROXY cannot be used: its user or password holds a % that is not part of a percent-encoding',
  ],
]

describe('a proxy that nothing can go through is named, with what to write', () => {
  test.each(refused)('%s', (_, given, message) => {
    const env = { ...given }
    const error = setAsideBadProxies(env)
    expect(error?.message).toContain(message)
    expect(error?.remedy).toMatch(/^Write it as \w+=http:\/\/host:port or/)
    expect(error?.reason).toBe('invalid-input')
    // Neither GitHub's toolkit nor Azure's SDK may stumble over it.
    expect(Object.values(env)).toEqual([''])
  })

  it('without its user and password', () => {
    for (const value of [
      'bob:s3cr3t@proxy.corp:3128',
      'http://bob:s3cr3t@',
      'http://bob:s3cr3t%@x',
    ])
      expect(setAsideBadProxies({ HTTPS_PROXY: value })?.message).not.toMatch(/bob|s3cr3t/)
  })
})

test.each([
  {},
  { HTTPS_PROXY: '' },
  { HTTPS_PROXY: 'http://proxy.corp:3128' },
  { https_proxy: 'https://u%40x:p%25@proxy.corp:3128/' },
  { HTTPS_PROXY: 'http://[fd00::4]:3128' },
  { HTTPS_PROXY: 'HTTP://proxy' },
  // Not used where there is one for https.
  { HTTPS_PROXY: 'http://proxy:1', ALL_PROXY: 'socks5://proxy', HTTP_PROXY: 'proxy' },
  { NO_PROXY: '10.0.0.4:3128' },
])('%j is left as it is', (given) => {
  const env = { ...given }
  expect(setAsideBadProxies(env)).toBeUndefined()
  expect(env).toEqual(given)
})
