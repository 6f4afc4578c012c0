import { maxBodyBytes } from '../azure/http/boundedClient.ts'

/** The answer exceeds the size limit. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge'
  constructor(most: number) {
    super(`the answer is larger than ${most / 1024 / 1024} MiB`)
  }
}

/**
 * A `fetch` that reads each answer completely and aborts one that is too large. Counts decompressed bytes, so a
 * small answer that expands beyond the limit is aborted too (contract section 7).
 *
 * @param read called with the size of each answer in bytes
 * @throws AnswerTooLarge
 */
export function boundedFetch(
  fetch: typeof globalThis.fetch,
  read: (bytes: number) => void,
  most = maxBodyBytes,
): typeof globalThis.fetch {
  return async (input, init) => {
    const answer = await fetch(input, init)
    if (answer.body === null) return answer
    const chunks: Uint8Array[] = []
    let size = 0
    const reader: ReadableStreamDefaultReader<Uint8Array> = answer.body.getReader()
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length
      if (size > most) {
        // Not awaited: an endless sender may never react.
        reader.cancel().catch(() => undefined)
        throw new AnswerTooLarge(most)
      }
      chunks.push(part.value)
    }
    read(size)
    const { status, statusText, headers } = answer
    const isEmpty = status === 204 || status === 205 || status === 304
    const whole = new Response(isEmpty ? null : Buffer.concat(chunks), {
      status,
      statusText,
      headers,
    })
    return Object.defineProperty(whole, 'url', { value: answer.url })
  }
}
