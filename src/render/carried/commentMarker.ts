import { attribute } from '../text/markdown.ts'

/**
 * First line of a topology's comment on a pull request, by which later runs find it. Not visible.
 * `topology` is its name, or the file's path if the name can't be read.
 */
export function commentMarker(topology: string): string {
  return `<!-- azure-monitor-private-link:comment topology="${attribute(topology)}" -->`
}
