import { withoutTokens } from './redact.ts'

/** The content of an Azure error answer, in any of its shapes. */
export interface ErrorBody {
  readonly code: string | undefined
  /** Azure's message on one line; may be empty. */
  readonly message: string
  /** Inner errors, outermost first. */
  readonly details: readonly ErrorDetail[]
  /** `additionalInfo[].info` of the error, unchanged. */
  readonly info: readonly Readonly<Record<string, unknown>>[]
}

export interface ErrorDetail {
  readonly code: string | undefined
  readonly message: string
}

type Fields = Readonly<Record<string, unknown>>

const longest = 700

/**
 * Parses an error body: `{error:{…}}`, `{code,message}`, `{Code,Message}`,
 * `{ErrorResponse:{error}}`, HTML, plain text or nothing (recorded in ../shared/traffic, quirks 12
 * and 26). Never throws.
 */
export function readErrorBody(text: string): ErrorBody {
  const trimmed = head(text)
    .replace(/^\uFEFF/, '')
    .trim()
  const parsed = parseJson(trimmed)
  if (isFields(parsed)) return readFields(envelope(parsed))
  const message = typeof parsed === 'string' ? parsed : trimmed
  return { code: undefined, message: plainText(message), details: [], info: [] }
}

/** The object with code and message, possibly nested. */
function envelope(body: Fields, depth = 0): Fields {
  for (const name of ['error', 'errorresponse']) {
    const inner = field(body, name)
    if (isFields(inner) && depth < 3) return envelope(inner, depth + 1)
    if (typeof inner === 'string') {
      // OAuth's shape, used by sign-in and some gateways: {"error":"code","error_description":"…"}
      return { code: inner, message: field(body, 'error_description') ?? field(body, 'message') }
    }
  }
  return body
}

function readFields(error: Fields): ErrorBody {
  const details = list(field(error, 'details')).map((detail) => ({
    code: text(field(detail, 'code')),
    message: plainText(text(field(detail, 'message')) ?? ''),
  }))
  const info = list(field(error, 'additionalInfo'))
    .map((entry) => field(entry, 'info'))
    .filter(isFields)
  const own = plainText(text(field(error, 'message')) ?? text(field(error, 'detail')) ?? '')
  const message =
    own ||
    details.find((d) => d.message !== '')?.message ||
    plainText(info.map((i) => text(field(i, 'message')) ?? '').find((m) => m !== '') ?? '')
  return {
    code: text(field(error, 'code')),
    message,
    details: details.filter((d) => d.code !== undefined || d.message !== ''),
    info,
  }
}

/** One line without markup, cut to a readable length. */
function plainText(raw: string): string {
  const isMarkup = /^\s*(?:<!doctype|<html|<\?xml|<h\d|<body|<center)/i.test(raw)
  // Redacted before it is cut, because part of a token would not be recognized.
  const line = withoutTokens(isMarkup ? textOfMarkup(raw) : raw)
    .replace(/\s+/g, ' ')
    .trim()
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}

/** How much of an answer is parsed, in characters (contract section 7); no message is longer. */
const maxHead = 64 * 1024

/** The beginning of an answer, for pattern matching: some error answers have megabytes. */
export function head(text: string): string {
  return text.length > maxHead ? text.slice(0, maxHead) : text
}

/** The title and the beginning of the body, without styles, scripts and tags. */
function textOfMarkup(raw: string): string {
  const title = between(raw, /<title\b/i, '</title')
  const body = withoutTags(raw).replaceAll('&nbsp;', ' ').replace(/\s+/g, ' ').trim()
  if (title === '') return body.slice(0, 200)
  return body === '' || body.startsWith(title) ? title : `${title}: ${body.slice(0, 200)}`
}

/** The text between the tag that `begin` matches and `end`. */
function between(raw: string, begin: RegExp, end: string): string {
  const tag = raw.search(begin)
  const start = tag === -1 ? -1 : raw.indexOf('>', tag)
  if (start === -1) return ''
  const stop = raw.toLowerCase().indexOf(end, start)
  return stop === -1 ? '' : raw.slice(start + 1, stop).trim()
}

/**
 * Removes tags, comments, styles, scripts and head in a single pass, also if some are not closed.
 */
function withoutTags(raw: string): string {
  const lower = raw.toLowerCase()
  const kept: string[] = []
  let at = 0
  while (at < raw.length) {
    const tag = raw.indexOf('<', at)
    kept.push(raw.slice(at, tag === -1 ? undefined : tag))
    if (tag === -1) break
    const end = endOfTag(lower, tag)
    // An unclosed element hides everything after it, as in a browser.
    if (end === -1) break
    at = end
  }
  return kept.join(' ')
}

/** The position after the element that starts here; -1 if it never ends. */
function endOfTag(lower: string, tag: number): number {
  if (lower.startsWith('<!--', tag)) return after(lower, '-->', tag + 4)
  const hidden = ['style', 'script', 'head'].find((name) => isTag(lower, tag, name))
  return hidden === undefined
    ? after(lower, '>', tag)
    : after(lower, '>', after(lower, `</${hidden}`, tag))
}

function isTag(lower: string, tag: number, name: string): boolean {
  return lower.startsWith(name, tag + 1) && !/[a-z0-9]/.test(lower.charAt(tag + 1 + name.length))
}

function after(lower: string, end: string, from: number): number {
  if (from === -1) return -1
  const found = lower.indexOf(end, from)
  return found === -1 ? -1 : found + end.length
}

function parseJson(raw: string): unknown {
  if (!/^["[{]/.test(raw)) return undefined
  try {
    return JSON.parse(raw)
  } catch {
    // Not JSON: the caller shows the text itself.
    return undefined
  }
}

/** A field by name, ignoring case: App Service capitalises them. */
function field(fields: Fields, name: string): unknown {
  if (name in fields) return fields[name]
  const key = Object.keys(fields).find((k) => k.toLowerCase() === name.toLowerCase())
  return key === undefined ? undefined : fields[key]
}

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : []
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
