import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe } from '@jest/globals'

/** External recordings and specifications of Azure. They are next to the project, not in it. */
export const sharedFolder = path.resolve(import.meta.dirname, '../../../shared')

/** True if the folder of `../shared` exists. */
export function hasShared(folder: 'traffic' | 'specs'): boolean {
  return existsSync(path.join(sharedFolder, folder))
}

/** `describe` if that folder exists; otherwise skipped, with a message. */
export function describeWith(folder: 'traffic' | 'specs'): typeof describe | typeof describe.skip {
  if (hasShared(folder)) return describe
  return describe.skip
}

/** One recorded request to Azure and its answer. */
export interface Interaction {
  readonly request: { readonly method: string; readonly uri: string; readonly body?: unknown }
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, unknown>>
    /** Parsed; null if empty, text if not JSON. */
    readonly body: unknown
  }
  /** `arm-lro` only: the topic of the chain, and the position in it. */
  readonly lro?: string
  readonly step?: number
}

/** A file of recordings; interactions are numbered from 1. */
export interface Recording {
  /** Path below `../shared/traffic`. */
  readonly file: string
  readonly interactions: readonly Interaction[]
}

/** Every recording, in order of file; empty if `../shared` is absent. */
export function readRecordings(): readonly Recording[] {
  const folder = path.join(sharedFolder, 'traffic')
  if (!hasShared('traffic')) return []
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((file) => {
      const { interactions } = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as {
        readonly interactions: readonly Interaction[]
      }
      return { file, interactions }
    })
}

/** The path and query of a recorded URL, with doubled slashes after the host unchanged. */
export function addressOf(interaction: Interaction): string {
  return interaction.request.uri.replace(/^https?:\/\/[^/]+/, '')
}

/** A recorded body as sent: some recordings have the text of a Python byte string. */
export function sentBody(interaction: Interaction): unknown {
  const { body } = interaction.request
  if (typeof body !== 'string') return body ?? undefined
  const text = body.replace(/^b'([\s\S]*)'$/, '$1')
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: sent as is.
    return text
  }
}

/** The resource type in a URL, in lower case: that of the last provider. */
export function typeOf(address: string): string {
  const clean = (address.split('?')[0] ?? '').toLowerCase().replace(/^\/+/, '/')
  const at = clean.lastIndexOf('/providers/')
  if (at < 0) return /\/resourcegroups(\/[^/]+)?$/.test(clean) ? 'resourcegroups' : 'subscriptions'
  const [namespace = '', ...rest] = clean.slice(at + '/providers/'.length).split('/')
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join('/')
}
