/**
 * Escapes text from files, Azure and errors for Markdown. The result cannot become markup, a link,
 * a mention, a reference, a marker or a second line. The other functions of this file that produce
 * markup take text that was escaped here.
 *
 * Uses entities rather than backslashes: they work in Markdown, in the HTML of a `<summary>` and in
 * table cells, and CommonMark never treats them as structure.
 */
export function text(value: string, limit = 1000): string {
  return fitted(visible(value) || '(nothing)', limit, escapeText)
}

/** A `<code>` element whose content neither Markdown nor HTML interprets. */
export function code(value: string, limit = 2000): string {
  return `<code>${fitted(visible(value) || ' ', limit, escapeCode)}</code>`
}

/** Bold text. */
export function bold(value: string, limit = 300): string {
  return `**${text(value, limit)}**`
}

/** A link to an https URL; only the label for any other URL. */
export function link(label: string, url: string, limit = 300): string {
  return linked(text(label, limit), url)
}

/** Like `link`, with a label that is Markdown already. */
export function linked(label: string, url: string): string {
  const target = safeUrl(url)
  return target === undefined ? label : `[${label}](${target})`
}

/** Encodes each segment of a path for a URL. */
export function encodePath(path: string): string {
  return wellFormed(path).split('/').map(encodeURIComponent).join('/')
}

/**
 * A collapsed section. Both arguments are Markdown already; the summary is one line of inline HTML.
 */
export function details(summary: string, body: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`
}

/** A table of cells that are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A fenced block. The body must not contain a fence. */
export function fence(language: string, body: string): string {
  return `\`\`\`${language}\n${body}\n\`\`\``
}

/**
 * A label for Mermaid, to be put between double quotes. Everything but letters, digits and harmless
 * punctuation becomes an entity like `#35;`, which Mermaid decodes. So does a Markdown list marker
 * at the start, which Mermaid refuses to draw.
 */
export function mermaidLabel(value: string, limit = 60): string {
  const clipped = clip(visible(value) || '(nothing)', limit)
    // Two dollar signs start math mode, even as entities.
    .replace(/\$(?=\$)/g, '$ ')
  return clipped
    .replace(/[^\p{L}\p{N}\p{M} ./,()→…-]/gu, entity)
    .replace(/^-|^\d+\.(?= )/, (start) => start.replace(/[-.]/, entity))

  function entity(char: string): string {
    return `#${char.codePointAt(0) ?? 32};`
  }
}

/** One log line: no control characters, nothing that the runner interprets as a command. */
export function plain(value: string, limit = 2000): string {
  return clip(visible(value), limit).replace(/##\[/g, '## [').replace(/^::/, ': :')
}

/**
 * A value for the attribute of a hidden comment; other than plain characters are percent-encoded.
 */
export function attribute(value: string): string {
  return wellFormed(clip(value, 300))
    .replace(/[^A-Za-z0-9._/-]/gu, encodeURIComponent)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/-(?=-)|-$/g, '%2D')
}

/** Twice the length of the longest resource id. Longer URLs would crowd out the text. */
const longestUrl = 1500

/** The URL, encoded so that it cannot end early; `undefined` if it isn't https or is too long. */
function safeUrl(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const parsed = new URL(url)
  if (parsed.protocol !== 'https:' || parsed.username || parsed.password) return undefined
  const href = parsed.href.replace(/[^A-Za-z0-9\-._~:/?#@!$&+,;=%]/gu, (char) =>
    encodeURIComponent(char).replace(/[()'*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`),
  )
  return href.length <= longestUrl ? href : undefined
}

/** Printable ASCII with single spaces. Nearly every name and reason is, and needs no change. */
const ordinary = /^[!-~]+(?: [!-~]+)*$/

/**
 * One line. Characters that are invisible or change the text direction are spelled out, like
 * `[U+202E]`.
 */
function visible(value: string): string {
  if (ordinary.test(value)) return value
  // No text is shown longer than this, and the replacements below take time.
  return wellFormed(clip(value, 8000))
    .replace(/[\s\u0085]+/g, ' ')
    .trim()
    .replace(/[\p{Cc}\p{Cf}\p{Co}\u034F\u115F\u1160\u2800\u3164\uFFA0\uFE00-\uFE0F]/gu, (char) => {
      const digits = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
      return `[U+${digits}]`
    })
    .replace(/(\p{M}{3})\p{M}+/gu, '$1')
}

/** Replaces unpaired surrogates, which can't be encoded. */
function wellFormed(value: string): string {
  return value.replace(/\p{Cs}/gu, '\uFFFD')
}

/** Cuts to `limit` UTF-16 units, never inside a surrogate pair. */
function clip(value: string, limit: number): string {
  return value.length <= limit
    ? value
    : `${value.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** Escapes and clips until the escaped text fits: escaping can make it much longer. */
function fitted(value: string, limit: number, escape: (text: string) => string): string {
  let kept = clip(value, limit)
  for (;;) {
    const escaped = escape(kept)
    if (escaped.length <= limit) return escaped
    kept = clip(kept, Math.min(kept.length - 1, Math.floor((kept.length * limit) / escaped.length)))
  }
}

/**
 * Words, numbers and punctuation that need no escaping, without a hex run that could be a commit:
 * most names and reasons.
 */
const harmless = /^(?!.*(?:www|GH-|[0-9a-f]{7}))[a-z][a-z0-9 ,;()/.-]*$/i

/**
 * Escapes structure, and inserts zero-width spaces into what GitHub would turn into mentions,
 * references, commits, links and emoji. GitHub looks for those in the rendered text, where entities
 * don't help.
 */
function escapeText(value: string): string {
  if (harmless.test(value)) return value
  const broken = breakLinks(value)
    .replace(/#(?=\d)/g, '#\u200B')
    .replace(/\b(GH-)(?=\d)/gi, '$1\u200B')
    .replace(/:(?=[a-z0-9_+-]+(?::|$))/gi, ':\u200B')
    .replace(
      /(?<![\w/.-])(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?!\w))([0-9a-f])(?=[0-9a-f]{6,39}(?!\w))/gi,
      '$1\u200B',
    )
  return escapeMarkup(broken).replaceAll('\u200B', '&#8203;')
}

/** For `<code>`, where GitHub ignores references but still links URLs. */
function escapeCode(value: string): string {
  return escapeMarkup(breakLinks(value)).replaceAll('\u200B', '&#8203;')
}

function breakLinks(value: string): string {
  return value
    .replace(/@/g, '@\u200B')
    .replace(/:(?=\/\/)/g, ':\u200B')
    .replace(/(mailto:|xmpp:|www)(?=\S)/gi, '$1\u200B')
}

/** Replaces every character with a meaning in Markdown or HTML by an entity. */
function escapeMarkup(value: string): string {
  return value
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*[\]|~$#]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, numeric)
    .replace(/^[-+=:]|^\d(?=\d*[.)])/, numeric)
}

function numeric(char: string): string {
  return `&#${char.charCodeAt(0)};`
}
