import { attribute } from '../text/markdown.ts'

/** First line of a topology's drift issue, by which later runs find it. Not visible. */
export function driftMarker(topology: string): string {
  return `<!-- azure-monitor-private-link:drift topology="${attribute(topology)}" -->`
}
