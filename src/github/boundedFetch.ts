import { mostBodyBytes } from '../azure/http/boundedClient.ts'

/** An answer that is larger than any that can be meant. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge'
  constructor(most: number) {
    super(`the answer is larger than ${most / 1024 / 1024} MiB`)
  }
}

/**
 * A `fetch` that reads the whole of each answer, and stops at one that is too large: as it comes out of its packing, so a
 * small one that unpacks to a large one stops there too (contract section 7).
 *
 * @param read told how many bytes each answer had
 * @throws AnswerTooLarge
 */
export function boundedFetch(
  fetch: typeof globalThis.fetch,
  read: (bytes: number) => void,
  most = mostBodyBytes,
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
        // Not waited for: whoever sends without an end doesn't hear it.
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
