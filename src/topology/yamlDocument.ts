import { type Event, parseEvents, YAMLException } from 'js-yaml'
import { buildTree } from './tree.ts'
import type { Node } from './node.ts'
import type { Report } from './problem.ts'
import type { Position } from './topology.ts'

/** Larger files are refused (contract section 1). */
export const maxBytes = 1024 * 1024

/** Deeper than any topology; protects the stack from hostile nesting. */
const maxDepth = 32

const start: Position = { line: 1, column: 1 }

/**
 * Parses the single YAML 1.2 document of a topology file into values with positions.
 *
 * @returns the tree; problems that leave the rest readable, such as a duplicate key, are reported.
 *   `undefined` if the file can't be read, which is reported
 */
export function readDocument(text: string, report: Report): Node | undefined {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text
  const place = positionsOf(source)
  if (!isAcceptable(source, place, report)) return undefined
  const events = eventsOf(source, place, report)
  if (!events) return undefined
  const documents = events.filter((event) => 'directives' in event).length
  if (documents === 0 || isEmpty(events)) {
    report({
      code: 'syntax',
      at: start,
      message: 'The topology file is empty.',
      remedy:
        'Start with "version: 1", "name:", "subscription:" and "privateLinkScope:", as examples/minimal.yml does.',
    })
    return undefined
  }
  if (documents > 1) {
    report({
      code: 'syntax',
      at: place(secondDocument(source, events)),
      message: 'The file contains more than one YAML document.',
      remedy: 'Keep one document per file: move the text after "---" to another topology file.',
    })
    return undefined
  }
  return buildTree({ source, events, place }, report)
}

/** Checks size and encoding before parsing. */
function isAcceptable(source: string, place: (offset: number) => Position, report: Report) {
  const bytes = Buffer.byteLength(source, 'utf8')
  if (bytes > maxBytes) {
    report({
      code: 'file-too-large',
      at: start,
      message: `The topology file has ${bytes} bytes; the limit is ${maxBytes} (1 MiB).`,
      remedy: 'Use "select" for targets, or split the estate into one file per private link scope.',
    })
    return false
  }
  const replaced = source.indexOf('\uFFFD')
  if (replaced !== -1) {
    report({
      code: 'file-unreadable',
      at: place(replaced),
      message: "The file is not valid UTF-8: this character can't be read.",
      remedy: 'Save the file as UTF-8.',
    })
    return false
  }
  return true
}

function eventsOf(source: string, place: (offset: number) => Position, report: Report) {
  try {
    return parseEvents(source, { maxDepth })
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const position = error.mark?.position ?? 0
    const quote = openQuote(source)
    if (quote !== undefined) {
      report({
        code: 'syntax',
        at: place(quote),
        message: 'The quote that opens here is not closed on its line.',
        remedy: `Close it with ${source.charAt(quote)}, or remove it. Inside a quoted text, write it as ${source.charAt(quote) === '"' ? '\\"' : "''"}.`,
      })
      return undefined
    }
    report({
      code: 'syntax',
      at: place(position),
      message: `The file is not valid YAML: ${error.reason}.`,
      remedy: remedyFor(error.reason, position >= source.trimEnd().length),
    })
    return undefined
  }
}

/** A quoted text that is closed on its line. */
const closedQuote = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/

/**
 * Offset of a quote that opens a value and isn't closed on its line. Called only if the file can't
 * be parsed. No value of a topology is longer than a line.
 */
function openQuote(source: string): number | undefined {
  for (const line of source.matchAll(/^.*$/gm)) {
    let behind = 0
    for (const opening of line[0].matchAll(/(?:^ *|[[{,] *|[:-] +)(?=["'])/g)) {
      const quote = opening.index + opening[0].length
      if (quote < behind) continue
      if (/(?:^|\s)#/.test(line[0].slice(behind, quote))) break
      const closed = closedQuote.exec(line[0].slice(quote))
      if (closed === null) return line.index + quote
      behind = quote + closed[0].length
    }
  }
  return undefined
}

function remedyFor(reason: string, isAtEnd: boolean): string {
  if (reason.includes('tab')) return 'Indent with spaces; YAML allows no tabs there.'
  if (reason.includes('maxDepth')) return 'Nest less deeply; a topology needs six levels.'
  if (reason.includes('printable') || reason.includes('null byte')) {
    return 'Remove the invisible character, and save the file as UTF-8 text.'
  }
  if (isAtEnd) return 'Close the quote or the bracket that is still open.'
  if (reason.includes('deficient')) {
    return 'Close the quote or the bracket that is open on a line above.'
  }
  if (reason.includes('flow collection')) {
    return 'Put commas between values, and quotes around a value that contains { or }.'
  }
  if (reason.includes('indentation')) {
    return 'Align the line with its neighbors, and put quotes around a value that contains ": ".'
  }
  return 'Fix the line; an editor with YAML support highlights the error.'
}

/** True if the document is only an empty scalar, as between `---` and `...`. */
function isEmpty(events: readonly Event[]): boolean {
  const content = events[1]
  return events.length === 3 && content !== undefined && 'valueStart' in content
    ? content.valueStart === -1
    : false
}

/** Offset of the second document: the first marker after the content of the first document. */
function secondDocument(source: string, events: readonly Event[]): number {
  const second = events.findIndex((event, index) => index > 0 && 'directives' in event)
  const last = events.slice(0, second).reduce((end, event) => Math.max(end, endOf(event)), 0)
  const marker = /^(?:---|\.\.\.)/m.exec(source.slice(last))
  return marker ? last + marker.index : last
}

function endOf(event: Event): number {
  return 'valueEnd' in event ? event.valueEnd : 'start' in event ? event.start : 0
}

/** Returns a function from offset to line and column. Lines end with LF, CR LF or CR, as in YAML. */
function positionsOf(source: string): (offset: number) => Position {
  const starts = [0]
  for (const end of source.matchAll(/\r\n|\n|\r/g)) starts.push(end.index + end[0].length)
  return (offset) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }
}
