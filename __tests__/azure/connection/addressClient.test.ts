import { createPipelineRequest, type PipelineRequest } from '@azure/core-rest-pipeline'
import { expect, test } from '@jest/globals'
import { addressClient } from '../../../src/azure/http/addressClient.ts'

/** The host that the HTTP client connects to. */
async function hostsOf(url: string, request: Partial<PipelineRequest> = {}) {
  const seen: unknown[] = []
  const client = addressClient({
    sendRequest(sent) {
      seen.push({ ...sent.requestOverrides })
      return Promise.resolve({ request: sent, status: 200, headers: sent.headers })
    },
  })
  const sent = createPipelineRequest({ url, ...request })
  await client.sendRequest(sent)
  return { seen, after: sent.requestOverrides }
}

test.each([
  ['https://[::1]:8443/x', { hostname: '::1' }],
  ['https://[FD00::0:4]/x', { hostname: 'fd00::4' }],
  ['https://[::ffff:10.0.0.4]/x', { hostname: '::ffff:a00:4' }],
  ['https://10.0.0.4:8443/x', {}],
  ['https://management.azure.com/x', {}],
])('%s is connected to %j', async (url, overrides) => {
  expect(await hostsOf(url)).toEqual({ seen: [overrides], after: undefined })
})

test('earlier overrides are kept, and restored afterwards', async () => {
  const requestOverrides = { family: 6 }
  const { seen, after } = await hostsOf('https://[::1]/x', { requestOverrides })
  expect(seen).toEqual([{ family: 6, hostname: '::1' }])
  expect(after).toEqual({ family: 6 })
})
