import { attribute } from '../text/markdown.ts'

/**
 * First line of the comment that a topology has on a pull request: what it is found by. Never shown.
 * `topology` is its name, or the path of a file whose name can't be read.
 */
export function commentMarker(topology: string): string {
  return `<!-- azure-monitor-private-link:comment topology="${attribute(topology)}" -->`
}
