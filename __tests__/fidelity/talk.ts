import { readFileSync } from 'node:fs'
import { Agent, request as send } from 'node:https'
import type { IncomingHttpHeaders } from 'node:http'
import type { Simulator } from '../../simulator/simulator.ts'

/** An answer of a simulator. */
export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Parsed; text if not JSON, `undefined` if empty. */
  readonly body: unknown
}

/** Sends requests to a simulator as a signed-in client, over TLS. */
export interface Talk {
  readonly question: (method: string, path: string, body?: unknown) => Promise<Reply>
  readonly close: () => void
}

/** Opens a connection to a simulator. Text bodies are sent unchanged, others as JSON. */
export function talkTo(simulator: Simulator): Talk {
  const agent = new Agent({ keepAlive: true, ca: readFileSync(simulator.caFile) })
  const token = simulator.token()
  return {
    close: () => agent.destroy(),
    question: (method, path, body) =>
      new Promise((resolve, reject) => {
        const text =
          typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
        const headers = {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(text)),
        }
        const sent = send(simulator.url + path, { method, agent, headers }, (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => {
            const answer = Buffer.concat(chunks).toString('utf8')
            const { statusCode = 0, headers: received } = response
            resolve({ status: statusCode, headers: received, body: parse(answer) })
          })
        })
        sent.on('error', reject)
        sent.end(text)
      }),
  }
}

function parse(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    // An HTML page: its text is the answer.
    return text
  }
}
