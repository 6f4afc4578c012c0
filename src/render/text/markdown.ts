/**
 * Text from files, Azure and errors as safe Markdown. Nothing that passes here can become markup, a
 * link, a mention, a reference, a marker or a second line; only `details`, `table`, `bullet` and
 * `link` make markup, and only from text that was made safe.
 *
 * Entities rather than backslashes: they hold in Markdown, in the HTML of a `<summary>` and in
 * table cells alike, and CommonMark never reads structure out of them.
 */
export function text(value: string, limit = 1000): string {
  return fitted(visible(value) || '(nothing)', limit, escapeText)
}

/** A literal: `<code>` with nothing inside it that Markdown or HTML could read. */
export function code(value: string, limit = 2000): string {
  return `<code>${fitted(visible(value) || ' ', limit, escapeCode)}</code>`
}

/** Bold text. */
export function bold(value: string, limit = 300): string {
  return `**${text(value, limit)}**`
}

/** A link to an https address; its label alone when the address is anything else. */
export function link(label: string, url: string, limit = 300): string {
  return linked(text(label, limit), url)
}

/** The same with a label that is Markdown already. */
export function linked(label: string, url: string): string {
  const target = safeUrl(url)
  return target === undefined ? label : `[${label}](${target})`
}

/** A path for an address, each segment encoded. */
export function encodePath(path: string): string {
  return wellFormed(path).split('/').map(encodeURIComponent).join('/')
}

/** A folded part. Both arguments are Markdown already; the summary is one line of inline HTML. */
export function details(summary: string, body: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`
}

/** A table of cells that are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A fenced block of text that is known to hold no fence. */
export function fence(language: string, body: string): string {
  return `\`\`\`${language}\n${body}\n\`\`\``
}

/**
 * A label for Mermaid, to be put between double quotes. Mermaid decodes `#35;`; all that isn't a
 * letter, a digit or harmless is written so. A marker of a Markdown list at the start, which Mermaid
 * refuses to draw, is written so too.
 */
export function mermaidLabel(value: string, limit = 60): string {
  const clipped = clip(visible(value) || '(nothing)', limit)
    // Two of them begin mathematics, also as entities.
    .replace(/\$(?=\$)/g, '$ ')
  return clipped
    .replace(/[^\p{L}\p{N}\p{M} ./,()→…-]/gu, entity)
    .replace(/^-|^\d+\.(?= )/, (start) => start.replace(/[-.]/, entity))

  function entity(char: string): string {
    return `#${char.codePointAt(0) ?? 32};`
  }
}

/** One line of a log: no control characters, nothing that the runner takes for a command. */
export function plain(value: string, limit = 2000): string {
  return clip(visible(value), limit).replace(/##\[/g, '## [').replace(/^::/, ': :')
}

/** A value for the attribute of a hidden comment: what isn't plain is percent-encoded. */
export function attribute(value: string): string {
  return wellFormed(clip(value, 300))
    .replace(/[^A-Za-z0-9._/-]/gu, encodeURIComponent)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/-(?=-)|-$/g, '%2D')
}

/** Twice the longest that a resource id makes; what is longer would take the room of the text. */
const longestUrl = 1500

/** The address, encoded so that it ends nowhere early; `undefined` when it isn't https or too long. */
function safeUrl(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const parsed = new URL(url)
  if (parsed.protocol !== 'https:' || parsed.username || parsed.password) return undefined
  const href = parsed.href.replace(/[^A-Za-z0-9\-._~:/?#@!$&+,;=%]/gu, (char) =>
    encodeURIComponent(char).replace(/[()'*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`),
  )
  return href.length <= longestUrl ? href : undefined
}

/** Printable ASCII without needless spaces: nearly every name and reason, and then nothing is to be done. */
const ordinary = /^[!-~]+(?: [!-~]+)*$/

/** One line; what can't be seen, or turns the reading direction, is spelled out as `[U+202E]`. */
function visible(value: string): string {
  if (ordinary.test(value)) return value
  // No text is shown longer than this, and spelling out what can't be seen takes time.
  return wellFormed(clip(value, 8000))
    .replace(/[\s\u0085]+/g, ' ')
    .trim()
    .replace(/[\p{Cc}\p{Cf}\p{Co}\u034F\u115F\u1160\u2800\u3164\uFFA0\uFE00-\uFE0F]/gu, (char) => {
      const digits = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
      return `[U+${digits}]`
    })
    .replace(/(\p{M}{3})\p{M}+/gu, '$1')
}

/** Without halves of characters, which can't be encoded. */
function wellFormed(value: string): string {
  return value.replace(/\p{Cs}/gu, '\uFFFD')
}

/** At most `limit` characters, never half a character. */
function clip(value: string, limit: number): string {
  return value.length <= limit
    ? value
    : `${value.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** Escapes, and clips until the escaped text is within the limit: escaping can make it much longer. */
function fitted(value: string, limit: number, escape: (text: string) => string): string {
  let kept = clip(value, limit)
  for (;;) {
    const escaped = escape(kept)
    if (escaped.length <= limit) return escaped
    kept = clip(kept, Math.min(kept.length - 1, Math.floor((kept.length * limit) / escaped.length)))
  }
}

/** Words, numbers and points, with no run of digits that could be a commit: most names and reasons. */
const harmless = /^(?!.*(?:www|GH-|[0-9a-f]{7}))[a-z][a-z0-9 ,;()/.-]*$/i

/**
 * Escapes structure, and breaks with a zero-width space what GitHub turns into mentions, references,
 * commits, links and emoji: it looks for those in the finished text, where entities are no help.
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

/** For `<code>`, where GitHub leaves references alone, and addresses not. */
function escapeCode(value: string): string {
  return escapeMarkup(breakLinks(value)).replaceAll('\u200B', '&#8203;')
}

function breakLinks(value: string): string {
  return value
    .replace(/@/g, '@\u200B')
    .replace(/:(?=\/\/)/g, ':\u200B')
    .replace(/(mailto:|xmpp:|www)(?=\S)/gi, '$1\u200B')
}

/** Every character that Markdown or HTML gives a meaning to, as an entity. */
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
