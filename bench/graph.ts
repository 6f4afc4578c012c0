/** A line of the graph. */
export interface Series {
  readonly name: string
  /** Targets and requests, in order of targets. */
  readonly points: readonly (readonly [targets: number, requests: number])[]
  readonly color: string
  readonly dash?: string
}

const width = 780
const height = 420
const area = { left: 72, right: 560, top: 48, bottom: 360 }

/** Draws requests against targets, both on logarithmic axes, as an SVG that is legible on light and dark pages. */
export function drawGraph(series: readonly Series[]): string {
  const all = series.flatMap(({ points }) => points)
  const [left, right] = powersAround(all.map(([targets]) => targets))
  const [bottom, top] = powersAround(all.map(([, requests]) => requests))
  const x = (targets: number): number =>
    area.left + ((Math.log10(targets) - left) / (right - left)) * (area.right - area.left)
  const y = (requests: number): number =>
    area.bottom - ((Math.log10(requests) - bottom) / (top - bottom)) * (area.bottom - area.top)
  const lines = series.map(({ name, points, color, dash }) => {
    const [last = [1, 1] as const] = points.slice(-1)
    const path = points.map(([t, r]) => `${round(x(t))},${round(y(r))}`).join(' ')
    return [
      `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2.5"${dash === undefined ? '' : ` stroke-dasharray="${dash}"`}/>`,
      ...points.map(
        ([t, r]) => `<circle cx="${round(x(t))}" cy="${round(y(r))}" r="4" fill="${color}"/>`,
      ),
      text(x(last[0]) + 12, y(last[1]) + 5, `${name}: ${last[1].toLocaleString('en')}`, {
        fill: color,
        weight: 'bold',
      }),
    ].join('\n')
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="13" role="img" aria-label="Requests of a plan by number of targets">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(area.left, 26, 'Requests of a plan with nothing to change, by number of targets', {
      weight: 'bold',
    }),
    ...powers(bottom, top).map((power) => {
      const at = round(y(10 ** power))
      const label = (10 ** power).toLocaleString('en')
      return `<line x1="${area.left}" x2="${area.right}" y1="${at}" y2="${at}" stroke="#d0d7de"/>${text(area.left - 8, at + 4, label, { anchor: 'end' })}`
    }),
    ...powers(left, right).map((power) => {
      const at = round(x(10 ** power))
      const label = (10 ** power).toLocaleString('en')
      return `<line x1="${at}" x2="${at}" y1="${area.top}" y2="${area.bottom}" stroke="#d0d7de"/>${text(at, area.bottom + 20, label, { anchor: 'middle' })}`
    }),
    text((area.left + area.right) / 2, area.bottom + 44, 'targets (machines and clusters)', {
      anchor: 'middle',
    }),
    ...lines,
    '</svg>',
    '',
  ].join('\n')
}

function powersAround(values: readonly number[]): readonly [number, number] {
  return [
    Math.floor(Math.log10(Math.min(...values))),
    Math.ceil(Math.log10(Math.max(...values)) - 0.01),
  ]
}

function powers(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

function text(
  x: number,
  y: number,
  words: string,
  options: { readonly anchor?: string; readonly fill?: string; readonly weight?: string } = {},
): string {
  const { anchor = 'start', fill = '#1f2328', weight = 'normal' } = options
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${fill}" font-weight="${weight}">${words}</text>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
