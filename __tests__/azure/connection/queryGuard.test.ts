import { describe, expect, it } from '@jest/globals'
import { refuseForeignQuery } from '../../../src/azure/query/queryGuard.ts'
import { fakeArm, publicCloud } from './support.ts'

const guid = '00000000-0000-4000-8000-0000000000aa'
const { queries } = publicCloud
const verdict = (service: 'logs' | 'metrics', method: string, url: string): string => {
  try {
    refuseForeignQuery(service, method, url, queries)
    return 'sent'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('a query', () => {
  it.each([
    ['logs', 'POST', `https://api.loganalytics.io/v1/workspaces/${guid}/query`],
    ['metrics', 'POST', 'https://amw-a1b2.westeurope.prometheus.monitor.azure.com/api/v1/query'],
  ] as const)('is sent: %s %s %s', (service, method, url) => {
    expect(verdict(service, method, url)).toBe('sent')
  })

  it.each([
    [
      'logs',
      'POST',
      `https://api.loganalytics.io.evil.example/v1/workspaces/${guid}/query`,
      'ForeignOrigin',
    ],
    ['logs', 'POST', `http://api.loganalytics.io/v1/workspaces/${guid}/query`, 'ForeignOrigin'],
    ['logs', 'POST', `https://management.azure.com/v1/workspaces/${guid}/query`, 'ForeignOrigin'],
    [
      'logs',
      'POST',
      `https://api.loganalytics.io:444/v1/workspaces/${guid}/query`,
      'ForeignOrigin',
    ],
    [
      'logs',
      'POST',
      `https://u:p@api.loganalytics.io/v1/workspaces/${guid}/query`,
      'ForeignOrigin',
    ],
    ['logs', 'GET', `https://api.loganalytics.io/v1/workspaces/${guid}/query`, 'WriteRefused'],
    ['logs', 'DELETE', `https://api.loganalytics.io/v1/workspaces/${guid}/query`, 'WriteRefused'],
    ['logs', 'POST', `https://api.loganalytics.io/v1/workspaces/${guid}/purge`, 'WriteRefused'],
    ['logs', 'POST', 'https://api.loganalytics.io/v1/$batch', 'WriteRefused'],
    [
      'logs',
      'POST',
      `https://api.loganalytics.io/v1/workspaces/../workspaces/x/query`,
      'WriteRefused',
    ],
    [
      'metrics',
      'POST',
      'https://prometheus.monitor.azure.com.evil.example/api/v1/query',
      'ForeignOrigin',
    ],
    ['metrics', 'POST', 'https://evilprometheus.monitor.azure.com/api/v1/query', 'ForeignOrigin'],
    ['metrics', 'POST', 'https://management.azure.com/api/v1/query', 'ForeignOrigin'],
    ['metrics', 'POST', 'no address', 'ForeignOrigin'],
    ['metrics', 'POST', 'https://a.prometheus.monitor.azure.com/api/v1/write', 'WriteRefused'],
    ['metrics', 'PUT', 'https://a.prometheus.monitor.azure.com/api/v1/query', 'WriteRefused'],
  ] as const)('is refused: %s %s %s', (service, method, url, code) => {
    expect(verdict(service, method, url)).toBe(code)
  })

  it('is sent with its own token, and no token is requested for a foreign host', async () => {
    const { arm, sent } = fakeArm(() => ({ status: 200, body: {} }))
    const ask = (url: string) =>
      arm.ask({
        service: 'metrics',
        url,
        contentType: 'application/x-www-form-urlencoded',
        body: '',
        what: 'ask',
      })
    await expect(ask('https://evil.example/api/v1/query')).rejects.toMatchObject({
      code: 'ForeignOrigin',
    })
    expect(sent).toEqual([])
    await ask('https://a.prometheus.monitor.azure.com/api/v1/query')
    expect(sent).toHaveLength(1)
  })

  it('is not redirected to another host', async () => {
    const { arm, sent } = fakeArm(() => ({
      status: 307,
      headers: { location: 'https://evil.example/api/v1/query' },
    }))
    await expect(
      arm.ask({
        service: 'metrics',
        url: 'https://a.prometheus.monitor.azure.com/api/v1/query',
        contentType: 'application/x-www-form-urlencoded',
        body: '',
        what: 'ask',
      }),
    ).rejects.toMatchObject({ code: 'ForeignOrigin' })
    expect(sent).toHaveLength(1)
  })
})
