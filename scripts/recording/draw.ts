import { columnsOf } from '../../src/render/terminal/look.ts'

/** One command and its output, with escape sequences for colors. */
export interface Session {
  readonly command: string
  readonly output: string
  /** How many lines of the output are kept. */
  readonly lines: number
}

const cell = { width: 8.4, height: 19 }
const edge = 18
const background = '#0d1117'
const plainColor = '#e6edf3'
/** GitHub's dark colors, by the codes of `src/render/terminal/look.ts`. */
const colors: Readonly<Record<string, string>> = {
  31: '#ff7b72',
  32: '#3fb950',
  33: '#d29922',
  36: '#79c0ff',
}

/** Draws a terminal with these sessions as an SVG that needs only a font. */
export function drawTerminal(sessions: readonly Session[], columns: number): string {
  const lines = sessions.flatMap(({ command, output, lines: most }, index) => {
    const printed = output.trimEnd().split('\n')
    const more = printed.length - most
    return [
      ...(index === 0 ? [] : ['']),
      `\u001b[32m$\u001b[39m \u001b[1m${command}\u001b[22m`,
      ...printed.slice(0, most),
      ...(more > 0 ? [`\u001b[2m… ${more} more lines\u001b[22m`] : []),
    ]
  })
  const width = Math.ceil(columns * cell.width + 2 * edge)
  const height = lines.length * cell.height + 2 * edge
  const rows = lines.map((line, index) => drawLine(line, edge + (index + 0.75) * cell.height))
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="A terminal">
<rect width="100%" height="100%" rx="8" fill="${background}"/>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" fill="${plainColor}">
${rows.filter((row) => row !== '').join('\n')}
</g>
</svg>
`
}

/** Positions each run of one style at its own column, so that a wide character shifts nothing after it. */
function drawLine(line: string, y: number): string {
  let column = 0
  let style = new Map<string, string>()
  let drawn = ''
  for (const part of line.split(/(\u001b\[\d+m)/)) {
    const code = /^\u001b\[(\d+)m$/.exec(part)?.[1]
    if (code !== undefined) style = styled(style, code)
    else if (part !== '') {
      const attributes = [...style].map(([name, value]) => ` ${name}="${value}"`).join('')
      const x = (edge + column * cell.width).toFixed(1)
      const text = `<text x="${x}" y="${y.toFixed(1)}"${attributes}>${escape(part)}</text>`
      drawn += part.trim() === '' ? '' : text
      column += columnsOf(part)
    }
  }
  return drawn
}

function styled(before: ReadonlyMap<string, string>, code: string): Map<string, string> {
  const style = new Map(before)
  const color = colors[code]
  if (color !== undefined) style.set('fill', color)
  else if (code === '39') style.delete('fill')
  else if (code === '1') style.set('font-weight', 'bold')
  else if (code === '2') style.set('opacity', '0.6')
  else if (code === '22') {
    style.delete('font-weight')
    style.delete('opacity')
  }
  return style
}

function escape(text: string): string {
  // Non-breaking spaces: not every SVG viewer supports `white-space`.
  const kept = text.replaceAll(' ', '\u00a0')
  return kept.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
