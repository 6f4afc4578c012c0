import type { Simulator } from '../../simulator/simulator.ts'
import { decodeShown } from '../../src/render/carried/shown.ts'

/** The successive plan comments of a simulated pull request. */

const marker = /^<!-- azure-monitor-private-link:comment topology="([^"]*)" -->$/

/** Every body that was written as a topology's plan comment, in order. */
export function textsOf({ github }: Simulator, topology = 'production'): readonly string[] {
  return (github?.requests ?? [])
    .filter(({ method, path, status }) => {
      const isWrite = method === 'POST' || method === 'PATCH'
      return isWrite && /\/comments(?:\/\d+)?$/.test(path) && (status ?? 500) < 300
    })
    .map(({ body }) => (JSON.parse(body) as { readonly body: string }).body)
    .filter((body) => marker.exec(firstLine(body))?.[1] === topology)
}

/** The situation of each of these bodies: `planned`, `applying`, … */
export function situationsOf(simulator: Simulator, topology?: string): readonly string[] {
  return textsOf(simulator, topology).map((body) => decodeShown(body)?.situation ?? 'nothing')
}

/** The current comments, without their markers, as `login: heading`. */
export function headings({ github }: Simulator): readonly string[] {
  return (github?.comments ?? []).map(
    ({ login, body }) =>
      `${login}: ${body.split('\n').find((line) => line.startsWith('## ')) ?? firstLine(body)}`,
  )
}

/** The line with the plan data, without the run that wrote it last. */
export function lastLine(body: string): string {
  const line = body.trimEnd().split('\n').at(-1) ?? ''
  return line.replace(/,"wrote":\[\d+,\d+\]/, '')
}

export function firstLine(body: string): string {
  return body.split('\n', 1)[0] ?? ''
}
