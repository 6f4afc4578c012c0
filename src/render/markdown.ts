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
  return `<code>${fitted(visible(value) || ' ', limit, escapeMarkup)}</code>`
}

/** Bold text. */
export function bold(value: string, limit = 300): string {
  return `**${text(value, limit)}**`
}

/** A link to an https address; its label alone when the address is anything else. */
export function link(label: string, url: string, limit = 300): string {
  const target = safeUrl(url)
  return target === undefined ? text(label, limit) : `[${text(label, limit)}](${target})`
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
  const clipped = clip(visible(value) || ' ', limit)
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
  return clip(value, 300)
    .replace(/\p{Cs}/gu, '\uFFFD')
    .replace(/[^A-Za-z0-9._/-]/gu, encodeURIComponent)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/-(?=-)|-$/g, '%2D')
}

/** The address, encoded so that it ends nowhere early; `undefined` when it isn't https. */
function safeUrl(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const parsed = new URL(url)
  if (parsed.protocol !== 'https:' || parsed.username || parsed.password) return undefined
  return parsed.href.replace(/[^A-Za-z0-9\-._~:/?#@!$&+,;=%]/gu, (char) =>
    encodeURIComponent(char).replace(/[()'*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`),
  )
}

/** Printable ASCII without needless spaces: nearly every name and reason, and then nothing is to be done. */
const ordinary = /^[!-~]+(?: [!-~]+)*$/

/** One line; what can't be seen, or turns the reading direction, is spelled out as `[U+202E]`. */
function visible(value: string): string {
  if (ordinary.test(value)) return value
  return value
    .replace(/\p{Cs}/gu, '\uFFFD')
    .replace(/[\s\u0085]+/g, ' ')
    .trim()
    .replace(/[\p{Cc}\p{Cf}\p{Co}\u034F\u115F\u1160\u2800\u3164\uFFA0\uFE00-\uFE0F]/gu, (char) => {
      const digits = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
      return `[U+${digits}]`
    })
    .replace(/(\p{M}{3})\p{M}+/gu, '$1')
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

const zeroWidth = '&#8203;'

/** Words, numbers and points, with no run of digits that could be a commit: most names and reasons. */
const harmless = /^(?!.*(?:www|GH-|[0-9a-f]{7}))[a-z][a-z0-9 ,;()/.-]*$/i

/** Escapes structure, then breaks what GitHub turns into mentions, references, links and emoji. */
function escapeText(value: string): string {
  if (harmless.test(value)) return value
  return escapeMarkup(
    value
      .replace(/@/g, '@\u200B')
      .replace(/#(?=\d)/g, '#\u200B')
      .replace(/\b(GH-)(?=\d)/gi, '$1\u200B')
      .replace(/\b([a-z][a-z0-9+.-]*:)(?=\/\/)/gi, '$1\u200B')
      .replace(/\b(mailto:|xmpp:|www)(?=\S)/gi, '$1\u200B')
      .replace(/:(?=[a-z0-9_+-]+:)/gi, ':\u200B')
      .replace(/(?<![\w/.-])([0-9a-f])(?=[0-9a-f]{6,39}(?!\w))/gi, '$1\u200B'),
  ).replaceAll('\u200B', zeroWidth)
}

/** Every character that Markdown or HTML gives a meaning to, as an entity. */
function escapeMarkup(value: string): string {
  return value
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*[\]|~$]|#|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, numeric)
    .replace(/^[-+=:]|^\d(?=\d*[.)])/, numeric)
}

function numeric(char: string): string {
  return `&#${char.charCodeAt(0)};`
}
