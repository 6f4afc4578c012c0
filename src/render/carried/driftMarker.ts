import { attribute } from '../text/markdown.ts'

/** First line of the issue on the drift of a topology: what it is found by. Never shown. */
export function driftMarker(topology: string): string {
  return `<!-- azure-monitor-private-link:drift topology="${attribute(topology)}" -->`
}
