import { Readable } from 'node:stream'
import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
} from '@azure/core-rest-pipeline'
import { describe, expect, it } from '@jest/globals'
import { boundedClient } from '../../src/azure/http/boundedClient.ts'
import { readErrorBody } from '../../src/azure/http/errorBody.ts'
import { listEndpointAssociations, readEndpoint } from '../../src/azure/look/endpoint.ts'
import { query } from '../../src/azure/look/resourceGraph.ts'
import { listLinks, readScope } from '../../src/azure/look/scope.ts'
import { maxPages, pageWatch } from '../../src/azure/pages.ts'
import { fakeArm, publicCloud } from './connection/support.ts'

/** Successful but empty answers, endless lists, huge bodies (contract section 7). */

const group = '/subscriptions/1/resourceGroups/rg/providers'
const endpoint = `${group}/Microsoft.Insights/dataCollectionEndpoints/dce`
const scope = { text: `${group}/microsoft.insights/privateLinkScopes/ampls`, name: 'ampls' }

describe('a success without the resource is an error', () => {
  const bodies: readonly (readonly [string, number, unknown])[] = [
    ['{}', 200, {}],
    ['null', 200, null],
    ['a list', 200, []],
    ['nothing', 204, undefined],
    ['an empty id', 200, { id: '' }],
    ['a value that is not a list', 200, { value: {}, data: 'x' }],
  ]
  it.each(bodies)('%s', async (_, status, body) => {
    const { arm } = fakeArm(() => ({ status, body }))
    const reads = [
      () => readEndpoint(arm, endpoint),
      () => readScope(arm, scope.text, scope.name),
      () => listLinks(arm, scope),
      () => listEndpointAssociations(arm, endpoint),
      () => query(arm, 'resources', { what: 'find targets' }),
    ]
    for (const read of reads) {
      const error = await read().then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect(error).toMatchObject({ name: 'AzureError', reason: 'azure-error' })
      expect((error as Error).message).toContain('successful answer')
    }
  })
})

describe('an endless list ends', () => {
  it('on a repeated token', async () => {
    const { arm, sent } = fakeArm(() => ({ status: 200, body: { data: [1], $skipToken: 'same' } }))
    const asked = query(arm, 'resources', { what: 'find targets' })
    await expect(asked).rejects.toMatchObject({ code: 'EndlessList', reason: 'azure-error' })
    expect(sent).toHaveLength(2)
  })

  it('on a repeated URL, also the first', async () => {
    const path = `${publicCloud.resourceManager}${scope.text}/scopedResources?api-version=x`
    const { arm, sent } = fakeArm(() => ({ status: 200, body: { value: [], nextLink: path } }))
    await expect(listLinks(arm, scope)).rejects.toMatchObject({ code: 'EndlessList' })
    expect(sent.length).toBeLessThanOrEqual(3)
  })

  it('after ten thousand different pages', () => {
    const watch = pageWatch('find targets')
    expect(() => {
      for (let page = 0; page <= maxPages; page++) watch(String(page))
    }).toThrow('more than 10,000 pages')
  })
})

describe('an error page of megabytes', () => {
  const unclosed = ['<script', '<!--', '<', '<style>', '<head><title', '&#', '"{']
  it.each(unclosed)('of %s is handled like any other', (piece) => {
    const page = `<html><title>Bad Gateway</title>${piece.repeat(2_000_000 / piece.length)}`
    const { message } = readErrorBody(page)
    expect(message).toMatch(/^Bad Gateway/)
    expect(message.length).toBeLessThan(700)
  })

  it('keeps the title and the text', () => {
    const page =
      '<!DOCTYPE html><html><head><style>a{}</style><title>403 Forbidden</title></head><body><h1>No</h1><!-- x > y --><script>if (a<b) c()</script><p>Not you</p></body></html>'
    expect(readErrorBody(page).message).toBe('403 Forbidden: No Not you')
  })
})

describe('the bounded client', () => {
  const answering = (chunks: readonly Buffer[]): HttpClient => ({
    sendRequest: (request) => {
      expect(request.streamResponseStatusCodes).toEqual(new Set([Infinity]))
      return Promise.resolve({
        request,
        status: 200,
        headers: createHttpHeaders(),
        readableStreamBody: Readable.from(chunks),
      })
    },
  })
  const request = () => createPipelineRequest({ url: 'https://management.azure.com/' })

  it('passes on what fits, with intact characters', async () => {
    const bytes = Buffer.from('{"é":1}')
    const client = boundedClient(answering([bytes.subarray(0, 3), bytes.subarray(3)]), 100)
    const sent = request()
    expect(await client.sendRequest(sent)).toMatchObject({ status: 200, bodyAsText: '{"é":1}' })
    expect(sent.streamResponseStatusCodes).toBeUndefined()
  })

  it('stops reading beyond the limit', async () => {
    let given = 0
    const endless = function* () {
      for (;;) {
        given += 1
        yield Buffer.alloc(10)
      }
    }
    const client = boundedClient(
      {
        sendRequest: (sent) =>
          Promise.resolve({
            request: sent,
            status: 200,
            headers: createHttpHeaders(),
            readableStreamBody: Readable.from(endless()),
          }),
      },
      1000,
    )
    await expect(client.sendRequest(request())).rejects.toThrow('larger than')
    expect(given).toBeLessThan(1000)
  })
})
