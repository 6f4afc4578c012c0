/** The terminal output of the demo: the runner's log and GitHub's comment in readable form. */

const isTerminal = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === ''
const columns = Math.min(process.stdout.columns || 110, 110)

/** A text in bold if colors are on. */
export function bold(text: string): string {
  return isTerminal ? `\u001b[1m${text}\u001b[22m` : text
}

function dim(text: string): string {
  return isTerminal ? `\u001b[2m${text}\u001b[22m` : text
}

/** Prints lines. */
export function say(...lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''))
}

/** Prints the heading of a section. */
export function heading(text: string): void {
  say('', bold(`━━ ${text} ${'━'.repeat(Math.max(2, columns - text.length - 4))}`), '')
}

/**
 * A line of a job's log as GitHub shows it: runner commands are interpreted, not printed. `undefined` for lines
 * that are hidden here: those of the plan, which the comment shows.
 */
export function logLine(line: string): string | undefined {
  if (/^::(?:debug|add-mask|endgroup)\b/.test(line) || line.trim() === '') return undefined
  if (/^\s+\d+\. |^ {6}|^Fingerprint:/.test(line)) return undefined
  const group = /^::group::(.*)$/.exec(line)
  if (group) return bold(`▾ ${group[1] ?? ''}`)
  const command = /^::(error|warning|notice)([^:]*)::(.*)$/.exec(line)
  if (!command) return `  ${line}`
  const [, kind = '', properties = '', message = ''] = command
  const at = /\bline=(\d+)/.exec(properties)?.[1]
  const title = /\btitle=([^,]*)/.exec(properties)?.[1] ?? ''
  const words = unescape(message).split('\n')
  const where = at === undefined ? '' : ` (line ${at})`
  return wrap(
    `${kind}${where}: ${unescape(title).split(': ').at(-1) ?? ''}: ${words.join(' ')}`,
    2,
    4,
  )
}

/** https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
function unescape(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%')
}

/** A comment as GitHub displays it, as far as a terminal can: links without URL, details folded. */
export function comment(markdown: string): string {
  const text = markdown
    .replace(/<!--[\s\S]*?-->\n?/g, '')
    .replace(
      /```mermaid\n[\s\S]*?```/g,
      '(GitHub draws a diagram here: the estate before and after.)',
    )
    .replace(/<details>\s*<summary>([^<]*)<\/summary>[\s\S]*?<\/details>/g, '▸ $1 (folded)')
    .replace(/^\[[^\]]+\]: \S+(?: ".*")?\n?/gm, '')
    .replace(/!?\[((?:[^[\]]|\\.)*)\]\([^)]*\)/g, '$1')
    .replace(/^\*(?!\*)(.*[^*])\*$/gm, '$1')
    .replace(/<\/?(?:code|kbd|sub|b|i)>|<br\/?>/g, '')
    .replaceAll('&#8203;', '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\n{3,}/g, '\n\n')
  return text.trim().split('\n').map(shownLine).join('\n')
}

function shownLine(line: string): string {
  const title = /^#+ (.*)$/.exec(line)
  if (title) return `  ${bold(title[1] ?? '')}`
  if (line === '---') return dim(`  ${'─'.repeat(columns - 4)}`)
  const bullet = /^(\s*(?:[-*]|\d+\.) )/.exec(line)?.[1] ?? ''
  const wrapped = wrap(line, 2, 2 + bullet.length)
  return wrapped.replace(/\*\*(.+?)\*\*/gs, (_, inner: string) => bold(inner))
}

/** Wraps a line, with one indent for the first line and one for the others. */
function wrap(line: string, first: number, others: number): string {
  const lines: string[] = []
  let current = ' '.repeat(first) + (/^\s*/.exec(line)?.[0] ?? '')
  let isEmpty = true
  for (const word of line.split(' ').filter((part) => part !== '')) {
    if (!isEmpty && current.length + 1 + word.replaceAll('**', '').length > columns) {
      lines.push(current)
      current = ' '.repeat(others)
      isEmpty = true
    }
    current += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...lines, current].join('\n').replace(/[ \t]+$/gm, '')
}

/** A text table: the first column left-aligned, the others right-aligned. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) =>
    Math.max(...rows.map((row) => (row[i] ?? '').length)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  '),
    )
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n')
}
