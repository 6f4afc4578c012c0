import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'

/** A node of the syntax tree of GitHub's Markdown. */
interface Node {
  readonly type: string
  readonly value?: string
  readonly url?: string
  readonly identifier?: string
  readonly children?: readonly Node[]
}

/** The URLs and tags of our own markup; everything else came from outside. */
export interface Own {
  readonly addresses: RegExp
  readonly tags: RegExp
  /** Names of the link definitions in a comment's footer. */
  readonly references: readonly string[]
}

/** Node types that the product never writes: one of these was injected. */
const foreign = new Set([
  'image',
  'imageReference',
  'footnoteReference',
  'footnoteDefinition',
  'delete',
  'inlineCode',
])

/**
 * What GitHub's own filters look for in the text after decoding entities (github.com; not part of
 * GFM).
 */
const filters: Readonly<Record<string, RegExp>> = {
  mention: /(?:^|[^\w`])@[\w-]/,
  'mail address': /[\w.+-]@[\w-]+\./,
  issue: /#\d/,
  'GH issue': /\bGH-\d/i,
  address: /[a-z]:\/\/\w/i,
  host: /\bwww\.\w/i,
  emoji: /:[a-z0-9_+-]+:/i,
}

/** Finds what GitHub would make live in a Markdown text; empty if nothing. */
export function liveIn(markdown: string, own: Own): string[] {
  const tree = fromMarkdown(markdown, {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  }) as Node
  const found: string[] = []
  walk(tree, (node) => {
    if (foreign.has(node.type)) found.push(`a ${node.type}: ${JSON.stringify(node).slice(0, 200)}`)
    if (node.type === 'linkReference' && !own.references.includes(node.identifier ?? ''))
      found.push(`a reference to ${node.identifier ?? ''}`)
    if (
      node.type === 'blockquote' &&
      !/^\[!(?:CAUTION|WARNING)\]/.test(textOf(node.children?.[0] ?? node))
    )
      found.push('a quote')
    if ((node.type === 'link' || node.type === 'definition') && !own.addresses.test(node.url ?? ''))
      found.push(`a link to ${node.url ?? ''}`)
    if (node.type === 'html' && (node.value ?? '').replace(own.tags, '').includes('<'))
      found.push(`HTML: ${(node.value ?? '').slice(0, 200)}`)
    for (const [name, pattern] of Object.entries(filters)) {
      const match = pattern.exec(textOf(node))
      if (match) found.push(`a live ${name}: ${match[0]}`)
    }
  })
  return found
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node)
  for (const child of node.children ?? []) walk(child, visit)
}

/** The text of a paragraph, heading or cell, joined, without `<code>`. */
function textOf({ children = [] }: Node): string {
  let text = ''
  let inCode = false
  for (const { type, value = '' } of children) {
    if (type === 'html') inCode = value === '<code>' || (inCode && value !== '</code>')
    text += type === 'text' && !inCode ? value : ' '
  }
  return text
}
