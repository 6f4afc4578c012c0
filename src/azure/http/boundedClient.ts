import { RestError, type HttpClient, type PipelineResponse } from '@azure/core-rest-pipeline'

/** The limit for an answer, in bytes (contract section 7). */
export const maxBodyBytes = 64 * 1024 * 1024

/** Error code for an answer that is too large. */
export const tooLargeCode = 'ANSWER_TOO_LARGE'

/** A client that stops reading an answer beyond a size limit. */
export function boundedClient(client: HttpClient, most = maxBodyBytes): HttpClient {
  return {
    async sendRequest(request) {
      if (request.streamResponseStatusCodes !== undefined) return await client.sendRequest(request)
      // Infinity matches every status, so the body comes as a stream and is read here.
      request.streamResponseStatusCodes = new Set([Infinity])
      try {
        const response = await client.sendRequest(request)
        return await readBody(response, most)
      } finally {
        delete request.streamResponseStatusCodes
      }
    },
  }
}

async function readBody(response: PipelineResponse, most: number): Promise<PipelineResponse> {
  const { readableStreamBody: stream, ...others } = response
  if (stream === undefined) return response
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    size += bytes.length
    if (size > most) {
      // Leaving the loop destroys the stream, and with it the connection.
      throw new RestError(`The answer is larger than ${most / 1024 / 1024} MiB.`, {
        code: tooLargeCode,
        statusCode: response.status,
        request: response.request,
      })
    }
    chunks.push(bytes)
  }
  return { ...others, bodyAsText: Buffer.concat(chunks).toString('utf8') }
}
